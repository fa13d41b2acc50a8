/// Keeps an account within its provider's limits: messages a minute and a day, recipients a day, connections
/// at once.
///
/// Guarantees: what a limit does not allow yet waits as long as the call's time permits, and is otherwise
/// refused at once with the time at which it may go. The limits hold for all threads of the process together,
/// and through wfc.state/1 for all processes. A limit that cannot be kept because the store does not work is
/// not dropped: nothing is sent. Messages that are in flight at once share the writes that count them
/// (gate.hpp).
///
/// What it does not know: what others send through the same account without it, and what a provider counts
/// in another way than by messages and recipients.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "governor/limits.hpp"
#include "governor/passage.hpp"
#include "governor/slot.hpp"
#include "governor/spares.hpp"
#include "net/patience.hpp"
#include "wfc/host.hpp"

namespace mailsend::governor {

/// Tells accounts apart without naming them: 64 hexadecimal digits. Letter case (ASCII) does not count.
std::string governor_account(std::string_view server_host, std::string_view user_name);

/// Any thread. One for each component that sends with the account; does not outlive its host.
class Governor {
  public:
    /// `account`: as governor_account. Those of the same account share what they know with each other.
    static std::shared_ptr<Governor> of(const std::string& account, const Limits& limits,
                                        const wfc::Host& host);
    /// One that shares nothing but the store, as if it were another process.
    static std::shared_ptr<Governor> apart(const std::string& account, const Limits& limits,
                                           const wfc::Host& host);

    /// Before a connection is opened. Throws Failure(connect, "limit.connections") when none came free in
    /// time, Failure(host, "host.state"), Cancelled.
    Slot connect(const net::Patience& patience);

    /// Those of this process who keep connections of the account open that they can do without: to be asked
    /// by whoever waits for one, a moment after connect() was called.
    Spares& spares() const noexcept;

    /// Just before MAIL: takes the message's place in all windows at once, or none. Throws Failure at
    /// Stage::mail, "limit.messages_per_minute", "limit.messages_per_day" or "limit.recipients_per_day", when
    /// the wait would not end in time (details as `refused`), Failure(host, "host.state"), Cancelled,
    /// TimedOut.
    Passage admit(std::size_t recipients, const net::Patience& patience);

  private:
    struct Shared;
    Governor(std::shared_ptr<Shared> shared, const Limits& limits, const wfc::Host& host);

    std::shared_ptr<Shared> shared_;
    Limits limits_;
    wfc::Host host_;
};

}  // namespace mailsend::governor
