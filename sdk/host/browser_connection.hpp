/// One connection of a browser: a request comes in, an answer goes out, nothing waits for anything.
///
/// Guarantees: no call blocks, but `finish`, and that for a bounded time; a browser that is gone is no
/// failure (no SIGPIPE); the browser gets the whole answer before the connection ends. Keeps no clock:
/// times are those of wfc.clock/1's monotonic_ms.
#pragma once

#include <cstdint>
#include <string>

#include "host/loopback_listener.hpp"
#include "host/request_reader.hpp"

namespace wfc {

class BrowserConnection {
  public:
    enum class Stage {
        reading,
        asked,      ///< the request is whole, or refused: see `request().refusal()`
        answering,  ///< the answer is on its way
        leaving,    ///< it is out; the browser is to close first
        over
    };

    /// `patience_until_ms`: when a browser that is slow, or only opened the connection ahead, is given up.
    BrowserConnection(Descriptor socket, std::uint64_t patience_until_ms) noexcept
        : socket_(std::move(socket)), patience_until_ms_(patience_until_ms) {}

    int descriptor() const noexcept { return socket_.get(); }
    Stage stage() const noexcept { return stage_; }
    /// What poll() should look for.
    short events() const noexcept;
    std::uint64_t patience_until_ms() const noexcept { return patience_until_ms_; }
    const RequestReader& request() const noexcept { return request_; }

    /// Something may have happened to the socket: reads or writes what is possible now.
    void go_on();
    /// Only when asked.
    void answer(std::string bytes);
    /// The same, and sees to it that the answer goes out; takes `most_ms` at most. It is over then.
    void finish(std::string bytes, int most_ms) noexcept;

  private:
    void read();
    void write() noexcept;
    void drain() noexcept;

    Descriptor socket_;
    std::uint64_t patience_until_ms_;
    Stage stage_ = Stage::reading;
    RequestReader request_{};
    std::string answer_{};
    std::size_t written_ = 0;
};

}  // namespace wfc
