/// One client's connection, in clear or under TLS: bytes come through a large buffer, and replies leave
/// together when there is nothing more to read.
#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

namespace bench::sink {

class Channel {
  public:
    /// Owns the connected socket.
    explicit Channel(int fd);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// What was read and not consumed; valid until the next call.
    std::string_view buffered() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }
    void consume(std::size_t count) noexcept { begin_ += count; }
    /// Sends the replies that wait, then waits for more bytes; false when the client is gone or the buffer is
    /// full.
    bool fill();
    /// The next line without its end, valid until the next call; false when the client is gone.
    bool line(std::string_view& out);
    void reply(std::string_view text) { replies_.append(text); }
    bool flush();
    /// The server's handshake; false when it failed.
    bool start_tls(SSL_CTX* context);
    bool encrypted() const noexcept { return ssl_ != nullptr; }
    bool resumed() const noexcept { return ssl_ != nullptr && SSL_session_reused(ssl_.get()) == 1; }

  private:
    static constexpr std::size_t capacity = 256 * 1024;
    struct Free {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };

    int fd_;
    std::unique_ptr<SSL, Free> ssl_;
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    std::string replies_;
};

}  // namespace bench::sink
