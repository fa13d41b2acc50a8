/// A connected byte stream, in clear or under TLS.
///
/// Guarantees: nothing waits without a Patience; a peer that resets never raises SIGPIPE; failures carry
/// errno, verify codes and alerts as facts (see failure.hpp). Does not know SMTP.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/patience.hpp"

namespace mailsend::net {

class Trust;

/// What the handshake agreed on.
struct TlsFacts {
    std::string version;  ///< "TLSv1.3"
    std::string cipher;
    std::string subject;
    std::string names;  ///< the certificate is made out to, ", " between
    std::vector<std::string>
        issuers;  ///< of each certificate of the chain, the server's own first; at most 8
    std::int64_t not_after_unix = 0;
    bool resumed = false;
    /// The peer asked for a client certificate, was shown none and has sent nothing since.
    bool certificate_missed = false;
};

/// The end of a sentence about a peer that hung up, where TlsFacts::certificate_missed or the same was seen
/// while shaking hands.
inline constexpr const char* certificate_missed =
    "; it had asked for a client certificate and was shown none";

/// A detail of failed handshakes, see Stream::start_tls.
inline constexpr const char* session_offered = "session_offered";

/// One thread at a time, with one exception: while one thread reads (read, has_pending_input, ended, heard),
/// another may write. Neither keeps the other from its work, so that two peers that both write come to no
/// standstill. bytes_written is for both.
class Stream {
  public:
    virtual ~Stream() = default;

    /// Reads what is there, at least one byte; 0 means the peer closed (TCP end or close_notify). Throws
    /// Failure(connection reset …) with condition "conn.reset", Cancelled, TimedOut. The caller sets the
    /// stage.
    virtual std::size_t read(char* into, std::size_t capacity, const Patience& patience) = 0;

    /// Writes all of `bytes`. Throws as read.
    virtual void write(std::string_view bytes, const Patience& patience) = 0;

    /// Bytes that write() has handed over so far, also when it failed half-way: what lies beyond cannot have
    /// reached the peer.
    virtual std::uint64_t bytes_written() const noexcept = 0;

    /// True when bytes of the peer wait unread below this stream; used before STARTTLS (RFC 3207 section 6).
    virtual bool has_pending_input() = 0;

    /// True when the peer has ended the stream, politely or not: nothing can be awaited of it but what
    /// read() still gives, which then never waits. Does not wait. What the peer may still send under TLS
    /// after its handshake (session tickets) is no end; a close_notify is one from when it was read.
    virtual bool ended() = 0;

    enum class Heard { nothing, input, end };
    /// Both in one look, which costs half of two: `end` as ended(), behind which there may be input still.
    virtual Heard heard() {
        if (ended()) return Heard::end;
        return has_pending_input() ? Heard::input : Heard::nothing;
    }

    /// Performs the TLS handshake and verifies the peer against `host`; afterwards the stream is encrypted.
    /// Goes on with a session of an earlier stream of the same trust, host and port where it can. Throws
    /// Failure with stage tls and conditions "tls.*" and "cert.*"; after any failure the stream is unusable.
    /// The detail session_offered says that such a session may be to blame; a stream that is connected
    /// within the minute offers none.
    virtual void start_tls(const Trust& trust, const std::string& host, const Patience& patience) = 0;

    virtual std::optional<TlsFacts> tls() const = 0;

    /// The peer's address, an IP literal without brackets.
    virtual std::string peer_address() const = 0;
    /// Our own address on this connection; for the EHLO address literal.
    virtual std::string local_address() const = 0;

    /// Ends a healthy session: close_notify without waiting for the peer's. A stream that is just destroyed
    /// ends abruptly.
    virtual void close() noexcept = 0;
};

}  // namespace mailsend::net
