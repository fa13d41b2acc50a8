/// One connection of a server that can fail in every way a network can, in clear or under TLS.
///
/// Guarantees: every wait ends when the client goes or when it is asked to stop; a client that is gone is
/// `Gone`, never a signal. TLS runs over memory, so that each byte on the wire is this class's to send, and
/// when. Knows nothing of SMTP. One thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "inbox/stop.hpp"
#include "inbox/tls.hpp"

struct ssl_st;

namespace faults {

/// The connection is over: nothing more can be said or heard.
struct Gone {};

class Peer {
  public:
    /// Owns the connected socket `fd` from now on; borrows `stop`.
    Peer(int fd, const inbox::Stop& stop);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// From here on one byte per interval, in both directions; 0: at once again.
    void drip(std::chrono::milliseconds interval) noexcept { interval_ = interval; }
    void say(std::string_view text);
    /// Sends the bytes as they are, also where TLS was expected.
    void say_raw(std::string_view bytes);
    /// A line without its CR LF; 64 KiB at most.
    std::string hear_line();
    /// At least one byte of what comes next.
    std::string hear_some();
    /// Shakes hands as a server.
    void start_tls(const inbox::ServerTls& tls);
    /// Waits for what the client says next, and leaves it unread.
    void await_bytes();

    /// Waits without reading.
    void pause(std::chrono::milliseconds time);
    /// Waits, without reading, until the client goes or this is asked to stop. Throws Gone.
    [[noreturn]] void stay_silent();
    void cut() noexcept;
    void reset() noexcept;
    /// Says that it will say no more, and can still hear.
    void half_close();

  private:
    void wait(short events);
    void read_more();
    void decrypt();
    void send_pending();

    int fd_;
    const inbox::Stop& stop_;
    ssl_st* ssl_ = nullptr;
    std::chrono::milliseconds interval_{0};
    std::string heard_;
};

}  // namespace faults
