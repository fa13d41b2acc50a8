/// What all processes know together of an account's sending: one value in wfc.state/1.
///
/// Guarantees: times in it are the account's own, which never run faster than real time whatever becomes of
/// the clocks (elapsed.hpp). What is read back is checked in full: a value that is damaged, or was not
/// written by this version, is nothing. Holds no address and no name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "governor/elapsed.hpp"
#include "governor/window.hpp"

namespace mailsend::governor {

/// Plain value; one thread.
struct WindowRecord {
    static constexpr std::uint64_t minute_ms = 60'000, day_ms = 86'400'000;  ///< lengths of windows

    Moment base{};              ///< when `time_ms` was right
    std::uint64_t time_ms = 0;  ///< on the account's own scale
    Window minute{minute_ms};   ///< messages
    Window day{day_ms};         ///< messages
    Window recipients{day_ms};

    /// The account's time now; that of the base when both clocks went back.
    std::uint64_t time_at(const Moment& now) const noexcept;
    /// Makes `now` the base, when the old one is a second old or worth nothing. Not more often: each time
    /// costs up to a millisecond of the account's time, as the two clocks tick at different moments.
    void rebase(const Moment& now) noexcept;
    /// Both clocks are behind the base: time stands still until it is changed.
    bool stands_still(const Moment& now) const noexcept { return !elapsed_ms(base, now); }

    /// `addressees`: of all the messages together.
    void count(std::uint64_t at_ms, std::uint64_t addressees, std::uint64_t messages = 1);
    /// Messages that were counted at `at_ms` and did not go.
    void take_back(std::uint64_t at_ms, std::uint64_t addressees, std::uint64_t messages);
    /// A message that was counted at `from_ms` counts at `to_ms`.
    void move(std::uint64_t from_ms, std::uint64_t to_ms, std::uint64_t addressees);
    /// Makes the minute full whatever its limit is: nobody knows what was sent in it.
    void fill_minute(std::uint64_t at_ms);
};

/// At most 16 KiB.
std::string encoded(const WindowRecord& record);
/// Nothing when it is not a whole record of this version.
std::optional<WindowRecord> decoded(std::string_view bytes);

}  // namespace mailsend::governor
