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
    /// Says "220 hello" after each handshake, reads until the end and hangs up. With an `answer`: waits for
    /// a request, answers and hangs up.
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
    /// Hangs up on the ClientHello of the next `count` connections.
    void hang_up(int count) { hang_up_ = count; }
    /// Handshakes of the server's that went on with a session.
    int resumed() const { return resumed_; }

  private:
    void serve(int connection);

    SSL_CTX* context_;
    std::string answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> hang_up_ = 0;
    std::atomic<int> resumed_ = 0;
    std::thread thread_;
};

}  // namespace test
