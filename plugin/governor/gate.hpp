/// Where the messages of an account get leave to go: out of what the process has taken in advance, or from
/// the windows.
///
/// Guarantees: calls that ask at the same time share a write, as long as the limits leave room; what was
/// taken for others and not used is given back with the next write, or when no message is in flight any more.
/// Leave of which nobody knows whether it was given back is not given back again.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "governor/admission.hpp"
#include "governor/advance.hpp"
#include "governor/kept_windows.hpp"

namespace mailsend::governor {

/// Shared by the threads of a process; any thread.
class Gate {
  public:
    /// `account`: as governor_account.
    explicit Gate(const std::string& account) : windows_(account) {}

    struct Answer {
        Admission admission{};
        Counted counted{};  ///< where it is granted
    };

    /// A message wants to go; leave() must follow.
    void enter() noexcept { advance_.enter(); }
    /// For a message that has entered. Throws as KeptWindows::change.
    Answer ask(const wfc::Host& host, const Limits& limits, std::size_t recipients,
               const net::Patience& patience);
    /// As KeptWindows::count_again.
    void count_again(const wfc::Host& host, const std::shared_ptr<Counted>& message) noexcept {
        windows_.count_again(host, message);
    }
    /// It is over, or it never went. Asks the store when it was the last and leave is left over; where that
    /// fails, the leave stays counted.
    void leave(const wfc::Host& host) noexcept;

  private:
    KeptWindows windows_;
    Advance advance_{};
};

}  // namespace mailsend::governor
