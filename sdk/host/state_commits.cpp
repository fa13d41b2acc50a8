#include "host/state_commits.hpp"

#include <algorithm>
#include <thread>

namespace wfc {

StateCommits::StateCommits(StateWriter& writer) : writer_(writer) {
    // A leader must not fail for want of memory: others wait for it.
    taken_.reserve(most_writes);
    batch_.reserve(most_writes);
}

StateAnswer StateCommits::run(StateWrite write, StateWriter::Deadline deadline) {
    const auto place = std::make_shared<Place>(std::move(write));
    std::unique_lock lock(mutex_);
    queue_.push_back(place);
    if (!led_) {
        led_ = true;
        place->phase = Phase::leading;
    } else {
        place->changed.wait_until(
            lock, deadline, [&] { return place->phase == Phase::leading || place->phase == Phase::done; });
    }
    if (place->phase == Phase::waiting) {  // nobody has it, and nobody shall
        queue_.erase(std::find(queue_.begin(), queue_.end(), place));
        return {};
    }
    if (place->phase == Phase::leading) lead(lock, deadline);
    if (place->phase != Phase::done) return {};  // it is on its way to the disk: nobody can say
    const StateWrite& written = place->write;
    return {written.status, written.status == WFC_OK ? written.version : 0, written.trouble};
}

void StateCommits::lead(std::unique_lock<std::mutex>& lock, StateWriter::Deadline deadline) noexcept {
    const bool crowded = crowded_;
    lock.unlock();
    if (crowded) std::this_thread::yield();  // who got an answer a moment ago may write again
    const std::optional<int> trouble = writer_.begin(deadline);
    const bool begun = !trouble;
    lock.lock();
    take(begun);  // now, and not before: until here everybody could still come and go
    lock.unlock();
    if (begun) {
        writer_.carry_out(batch_, deadline);
    } else {
        batch_.front()->trouble = trouble;
    }
    lock.lock();
    crowded_ = taken_.size() > 1;
    for (const auto& place : taken_) place->phase = Phase::done;
    lock.unlock();
    // Without the lock: who is woken needs it at once.
    for (const auto& place : taken_) place->changed.notify_one();
    taken_.clear();
    batch_.clear();
    if (begun) writer_.tidy();
    lock.lock();
    led_ = !queue_.empty();
    if (!led_) return;
    const std::shared_ptr<Place> next = queue_.front();
    next->phase = Phase::leading;
    lock.unlock();
    next->changed.notify_one();
    lock.lock();
}

/// The leader's own write, and `all` that fit beside it.
void StateCommits::take(bool all) noexcept {
    std::size_t bytes = 0;
    do {
        bytes += queue_.front()->write.bytes.size();
        if (!taken_.empty() && bytes > most_bytes) return;
        queue_.front()->phase = Phase::taken;
        batch_.push_back(&queue_.front()->write);
        taken_.push_back(std::move(queue_.front()));
        queue_.pop_front();
    } while (all && !queue_.empty() && taken_.size() < most_writes);
}

}  // namespace wfc
