/// One connection, plain or under TLS, with bytes and lines.
///
/// Guarantees: what is read is bounded by the caller's limit; every wait ends at its patience or when `Stop`
/// is asked; a peer that is gone is a result, never a signal. Knows nothing of SMTP. One thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "stop.hpp"
#include "tls.hpp"

struct ssl_st;

namespace inbox {

using std::chrono::milliseconds;

/// What became of a read.
enum class Got {
    bytes,     ///< there is more to look at
    end,       ///< the peer closed
    reset,     ///< the peer reset the connection, or TLS broke
    timeout,   ///< nothing came in time
    stopped,   ///< Stop was asked
    too_long,  ///< a line passed its limit; it was skipped to its end
    bare_lf    ///< a line ended in LF without CR; it was read
};

class Wire {
  public:
    /// Owns the connected socket `fd` from now on.
    Wire(int fd, const Stop& stop);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    /// Waits until at least one more byte is buffered.
    Got fill(milliseconds patience);
    /// Bytes read and not consumed; valid until the next call.
    std::string_view buffered() const noexcept { return std::string_view(buffer_).substr(begin_); }
    void consume(std::size_t count) noexcept { begin_ += count; }

    /// Reads a line into `line`, without its CR LF.
    Got read_line(std::string& line, std::size_t limit, milliseconds patience);

    /// Sends everything; false when the peer is gone, patience ended or Stop was asked.
    bool send(std::string_view bytes, milliseconds patience = std::chrono::minutes(1));
    /// Waits; false when Stop was asked or, with `until_closed`, when the peer closed meanwhile (input is
    /// thrown away).
    bool pause(milliseconds time, bool until_closed = false);

    /// Handshake as a server; false when it failed, then `tls_error()` says why.
    bool start_tls(const ServerTls& tls, milliseconds patience);
    bool encrypted() const noexcept { return ssl_ != nullptr; }
    std::string tls_version() const;
    std::string tls_cipher() const;
    /// Name that the client asked for (SNI), or empty.
    std::string tls_name() const;
    const std::string& tls_error() const noexcept { return tls_error_; }

    /// Ends as a polite peer does: close_notify under TLS, then FIN.
    void close();
    /// FIN and nothing else, at once; under TLS without close_notify.
    void cut();
    /// RST: the peer's next read or write fails.
    void reset() noexcept;
    bool open() const noexcept { return fd_ >= 0; }
    /// "127.0.0.1:40123".
    const std::string& peer() const noexcept { return peer_; }

  private:
    using Time = std::chrono::steady_clock::time_point;
    Got wait(short events, Time until) const;
    Got after_failed_tls(int result, Time until);

    int fd_;
    const Stop& stop_;
    ssl_st* ssl_ = nullptr;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::string tls_error_;
    std::string peer_;
};

/// "127.0.0.1:25" or "[::1]:25" of a socket's own or far end.
std::string address_of(int fd, bool far_end);

}  // namespace inbox
