#include "host/event_record.hpp"

#include <utility>

namespace wfc {

void KeptLines::add(std::string line) {
    const std::size_t size = line.size() + 1;
    if (!first_is_full_ && first_bytes_ + size <= most_ / 2) {
        first_bytes_ += size;
        first_.push_back(std::move(line));
        return;
    }
    first_is_full_ = true;  // so that a short line that still fits does not overtake others
    last_bytes_ += size;
    last_.push_back(std::move(line));
    while (last_bytes_ > most_ - most_ / 2) {
        last_bytes_ -= last_.front().size() + 1;
        drop(last_.front());
        last_.pop_front();
    }
}

void KeptLines::drop(const std::string& line) {
    ++missing_;
    missing_bytes_ += line.size() + 1;
}

void KeptLines::each(const std::function<void(std::string&)>& use) {
    for (std::string& line : first_) use(line);
    for (std::string& line : last_) use(line);
}

void KeptLines::change(const std::function<std::string(const std::string&)>& other) {
    first_bytes_ = last_bytes_ = 0;
    std::vector<std::string> first = std::exchange(first_, {});
    for (const std::string& line : first) {
        std::string changed = other(line);
        if (first_bytes_ + changed.size() + 1 > most_ / 2) {
            first_is_full_ = true;
            drop(line);
            continue;
        }
        first_bytes_ += changed.size() + 1;
        first_.push_back(std::move(changed));
    }
    std::deque<std::string> last = std::exchange(last_, {});
    for (auto line = last.rbegin(); line != last.rend(); ++line) {
        std::string changed = other(*line);
        if (last_bytes_ + changed.size() + 1 > most_ - most_ / 2) {
            drop(*line);
            continue;
        }
        last_bytes_ += changed.size() + 1;
        last_.push_front(std::move(changed));
    }
}

std::string KeptLines::text() const {
    std::string out;
    for (const std::string& line : first_) out += line + "\n";
    if (missing_ != 0)
        out += R"({"missing":{"lines":)" + std::to_string(missing_) + R"(,"bytes":)" +
               std::to_string(missing_bytes_) + "}}\n";
    for (const std::string& line : last_) out += line + "\n";
    return out;
}

void EventRecord::log(std::string line) {
    const std::lock_guard lock(mutex_);
    log_.add(std::move(line));
}

void EventRecord::progress(std::string line) {
    const std::lock_guard lock(mutex_);
    progress_.add(std::move(line));
}

KeptLines EventRecord::logged() const {
    const std::lock_guard lock(mutex_);
    return log_;
}

KeptLines EventRecord::progressed() const {
    const std::lock_guard lock(mutex_);
    return progress_;
}

}  // namespace wfc
