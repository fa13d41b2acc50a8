#include "serve/turns.hpp"

#include <algorithm>
#include <utility>

namespace wfc::serve {

void Turns::enter(std::uint64_t key, Turn turn, Work work) {
    std::unique_lock lock(mutex_);
    waiting_.push_back({key, turn, std::move(work)});
    auto entries = begin();
    lock.unlock();
    start(std::move(entries));
}

/// Takes those whose turn it is. Under the lock.
std::vector<Turns::Entry> Turns::begin() {
    std::vector<Entry> out;
    while (!waiting_.empty() && !alone_ && (waiting_.front().turn == Turn::shared || running_ == 0)) {
        alone_ = waiting_.front().turn == Turn::alone;
        ++running_;
        out.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return out;
}

void Turns::start(std::vector<Entry> entries) {
    for (Entry& entry : entries) {
        start_([this, work = std::move(entry.work)] {
            work();
            leave();
        });
    }
}

void Turns::leave() {
    std::unique_lock lock(mutex_);
    --running_;
    alone_ = false;
    auto entries = begin();
    lock.unlock();
    start(std::move(entries));
}

bool Turns::withdraw(std::uint64_t key) {
    Work dropped;  // ends after the lock
    std::unique_lock lock(mutex_);
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const Entry& entry) { return key != 0 && entry.key == key; });
    if (found == waiting_.end()) return false;
    dropped = std::move(found->work);
    waiting_.erase(found);
    auto entries = begin();
    lock.unlock();
    start(std::move(entries));
    return true;
}

bool Turns::idle() const {
    const std::lock_guard lock(mutex_);
    return running_ == 0 && waiting_.empty();
}

}  // namespace wfc::serve
