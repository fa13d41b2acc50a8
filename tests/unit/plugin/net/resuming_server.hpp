/// A TLS server for many connections, one after the other, that share what session tickets need.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <thread>

#include "peer.hpp"

namespace test {

class ResumingServer {
  public:
    /// Says "220 hello" after each handshake, answers whatever it hears with "250 ok" until the end, and
    /// hangs up. With an `answer`: waits for a request, answers and hangs up.
    explicit ResumingServer(const inbox::Certificate& certificate, int version = TLS1_3_VERSION,
                            std::string answer = {});
    ~ResumingServer();
    ResumingServer(const ResumingServer&) = delete;
    ResumingServer& operator=(const ResumingServer&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    std::unique_ptr<mailsend::net::Stream> connect() const;
    /// What one connection to it agreed on, its greeting read and the connection closed.
    mailsend::net::TlsFacts visit(const mailsend::net::Trust& trust,
                                  const std::string& host = "mail.example.test") const;

    /// Knows its old tickets no longer.
    void forget_tickets();
    /// What it does with a ClientHello that it does not like.
    enum class Break { hang_up, reset, alert, silence };
    /// Breaks off on the ClientHello of the next `count` connections.
    void break_off(int count, Break how) {
        break_ = how;
        breaks_ = count;
    }
    void hang_up(int count) { break_off(count, Break::hang_up); }
    int connections() const { return connections_; }
    /// Handshakes of the server's that went on with a session.
    int resumed() const { return resumed_; }

  private:
    void serve(int connection);
    void break_off_now(int connection) const;

    SSL_CTX* context_;
    std::string answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> breaks_ = 0;
    std::atomic<Break> break_ = Break::hang_up;
    std::atomic<int> connections_ = 0;
    std::atomic<int> resumed_ = 0;
    std::thread thread_;
};

}  // namespace test
