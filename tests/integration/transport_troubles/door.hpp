/// Servers on loopback that play one part for every client: the wrong one.
///
/// Guarantees: clients are served one after the other, each for ten seconds at most; everything has ended
/// when the object ends; a client that is gone is no signal.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <openssl/ssl.h>
#include <string>
#include <thread>
#include <vector>

#include "inbox/certificates.hpp"
#include "support/loopback_listener.hpp"

namespace test {

/// What a client gets to see. Blocking; the connection is closed when it returns.
using Part = std::function<void(int connection)>;

class Door {
  public:
    /// `port` 0 takes a free one.
    explicit Door(Part part, std::uint16_t port = 0);
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    std::uint16_t port() const noexcept { return listener_.port(); }

  private:
    void serve();

    LoopbackListener listener_;
    Part part_;
    std::mutex mutex_;
    int connection_ = -1;
    bool over_ = false;
    std::thread thread_;
};

/// A port of 127.0.0.1 that swallows whoever knocks: its queue is full. `port` 0 takes a free one.
class FullQueue {
  public:
    explicit FullQueue(std::uint16_t port = 0);
    ~FullQueue();
    FullQueue(const FullQueue&) = delete;
    FullQueue& operator=(const FullQueue&) = delete;
    std::uint16_t port() const noexcept { return listener_.port(); }

  private:
    LoopbackListener listener_;
    std::vector<int> queued_;
};

/// Sends all of it, or what the client takes.
void say(int connection, const std::string& bytes);

/// What came in one read; empty at the end.
std::string hear(int connection);

/// Reads until the client goes.
void listen_to_the_end(int connection);

/// RST instead of FIN.
void reset(int connection);

/// How a server under TLS is set up.
struct TlsTerms {
    inbox::Certificate certificate{};
    std::vector<std::string> chain{};  ///< PEM certificates that are sent with it
    std::string client_authority{};    ///< PEM; not empty: clients need a certificate
    int minimum = TLS1_2_VERSION;
    int maximum = TLS1_3_VERSION;
    std::function<void(SSL_CTX*)> also{};  ///< the last word, before any certificate is set
};

/// A handshake as a server, then a greeting under TLS.
Part under_tls(TlsTerms terms);

/// A dialogue in clear up to the reply to STARTTLS, then `part`.
Part behind_starttls(Part part);

}  // namespace test
