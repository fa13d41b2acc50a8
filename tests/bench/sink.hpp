/// The cheapest server that still speaks SMTP, in a process of its own, so that its CPU time is not the
/// client's.
///
/// Guarantees: listens on 127.0.0.1 on a free port; reads messages and forgets them; ends with its owner.
/// Offers PIPELINING, SIZE and 8BITMIME; a thread for each connection.
#pragma once

#include <cstdint>
#include <sys/types.h>

namespace bench {

class Sink {
  public:
    /// Forks; call before other threads exist. Throws std::system_error.
    Sink();
    ~Sink();
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    std::uint16_t port() const noexcept { return port_; }

  private:
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
};

}  // namespace bench
