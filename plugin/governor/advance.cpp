#include "governor/advance.hpp"

#include <algorithm>
#include <utility>

namespace mailsend::governor {

namespace {

/// Of what a limit leaves, the part that one process may take for messages that may not come.
constexpr std::uint64_t part = 16;
/// Messages of each call in flight that are provided for: when they are used up, all calls wait for one
/// write.
constexpr std::uint64_t rounds = 8;
/// The account's time and the clock of the process are read one after the other.
constexpr std::uint64_t between_readings_ms = 2;

std::uint64_t left(const Window& window, std::uint64_t time_ms, const std::optional<unsigned>& limit) {
    const std::uint64_t there = window.counted(time_ms);
    return *limit > there ? *limit - there : 0;
}

}  // namespace

Leave taken_in_advance(WindowRecord& record, std::uint64_t time_ms, const Limits& limits,
                       std::size_t recipients, std::uint64_t others) {
    Leave leave{limits, {time_ms, 0, 0}, rounds * others};
    if (limits.messages_per_minute) {
        const auto free = left(record.minute, time_ms, limits.messages_per_minute);
        leave.messages = std::min(leave.messages, free / part);
    }
    if (limits.messages_per_day) {
        const auto free = left(record.day, time_ms, limits.messages_per_day);
        leave.messages = std::min(leave.messages, free / part);
    }
    if (limits.recipients_per_day && recipients > 0) {
        const auto free = left(record.recipients, time_ms, limits.recipients_per_day);
        leave.messages = std::min(leave.messages, free / part / recipients);
    }
    leave.counted.recipients = leave.messages * recipients;
    if (!leave.none()) record.count(time_ms, leave.counted.recipients, leave.messages);
    return leave;
}

void give_back(WindowRecord& record, const Leave& leave) {
    if (!leave.none()) record.take_back(leave.counted.at_ms, leave.counted.recipients, leave.messages);
}

void Advance::enter() noexcept {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
}

bool Advance::leave() noexcept {
    const std::lock_guard lock(mutex_);
    return --in_flight_ == 0 && !leave_.none();
}

std::uint64_t Advance::others() const noexcept {
    const std::lock_guard lock(mutex_);
    return in_flight_ > 0 ? in_flight_ - 1 : 0;
}

std::optional<Counted> Advance::take(const Limits& limits, std::size_t recipients,
                                     std::uint64_t monotonic_ms) {
    const std::lock_guard lock(mutex_);
    if (leave_.none() || leave_.limits != limits || leave_.counted.recipients < recipients ||
        leave_.counted.later_slice(monotonic_ms + between_readings_ms))
        return std::nullopt;
    --leave_.messages;
    leave_.counted.recipients -= recipients;
    return Counted{leave_.counted.at_ms, leave_.counted.monotonic_ms, recipients};
}

Leave Advance::withdraw() noexcept {
    const std::lock_guard lock(mutex_);
    return std::exchange(leave_, {});
}

void Advance::put(const Leave& leave) noexcept {
    const std::lock_guard lock(mutex_);
    leave_ = leave;
}

}  // namespace mailsend::governor
