/// Servers that misbehave on request, for the tests of plugin/net.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <openssl/ssl.h>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "inbox/certificates.hpp"
#include "net/connect.hpp"
#include "net/trust.hpp"
#include "outcome/failure.hpp"

namespace test {

using namespace std::chrono_literals;

/// The machine's monotonic clock as a host would give it.
const wfc_clock& steady_clock_table();

/// The patience of one call: `limit` for everything, cancelled after `cancel_after`.
mailsend::net::Patience patience(std::chrono::milliseconds limit = 10s,
                                 std::optional<std::chrono::milliseconds> cancel_after = std::nullopt);

/// Milliseconds that `action` takes.
template <class Action>
double elapsed_ms(Action action) {
    const auto start = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// The failure that `action` ends with; fails the test when there is none.
mailsend::Facts facts_of(const std::function<void()>& action);

/// A port on loopback. `serve` gets the first connection (blocking, five seconds at most for each call) on a
/// thread of its own.
class Peer {
  public:
    using Serve = std::function<void(int connection)>;
    explicit Peer(Serve serve, const std::string& address = "127.0.0.1");
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    mailsend::net::Endpoint endpoint() const { return {"127.0.0.1", port_, {}}; }
    std::unique_ptr<mailsend::net::Stream> connect() const;

    /// Waits until the serving function has returned. The destructor also ends its reading.
    void finish();

  private:
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    int connection_ = -1;
    std::thread thread_;
};

/// A port on which nothing ever answers: its queue is full. `port` 0 chooses a free one.
class BlackHole {
  public:
    explicit BlackHole(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
    ~BlackHole();
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;
    std::uint16_t port() const noexcept { return port_; }

  private:
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::vector<int> queued_;
};

/// A port of loopback on which nobody listens.
std::uint16_t closed_port(const std::string& address = "127.0.0.1");

/// Ends a connection with RST.
void reset(int connection);

/// Sends all of it, gives up at the first error.
void say(int connection, const std::string& bytes);

/// Waits until the peer closes or resets, reading everything.
std::string drain(int connection);

/// The accepting side of TLS in a Peer.
class TlsAccept {
  public:
    TlsAccept(int connection, const inbox::Certificate& certificate, int minimum = TLS1_2_VERSION,
              int maximum = TLS1_3_VERSION);
    ~TlsAccept();
    TlsAccept(const TlsAccept&) = delete;
    TlsAccept& operator=(const TlsAccept&) = delete;

    SSL* get() const noexcept { return ssl_; }
    /// Sends one more certificate with the leaf.
    void add_to_chain(const std::string& certificate_pem);
    /// Clients must show a certificate of this authority.
    void ask_for_certificate(const std::string& authority_pem);
    bool accept();
    std::string read();
    void write(const std::string& bytes);

  private:
    SSL_CTX* context_;
    SSL* ssl_;
};

/// A TLS server that says "220 hello" after the handshake and reads until the end.
Peer::Serve greet_under_tls(inbox::Certificate certificate, int minimum = TLS1_2_VERSION,
                            int maximum = TLS1_3_VERSION, std::chrono::milliseconds stall = 0ms);

}  // namespace test
