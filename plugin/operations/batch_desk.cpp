#include "operations/batch_desk.hpp"

#include <chrono>

namespace mailsend {

bool BatchDesk::room() {
    const std::lock_guard lock(mutex_);
    return rows_.empty() || (rows_.size() < most_rows && octets_ < most_octets);
}

void BatchDesk::put(BatchLine line) {
    {
        const std::lock_guard lock(mutex_);
        octets_ += line.text.size();
        ++under_way_;
        rows_.push_back(std::move(line));
    }
    rows_came_.notify_one();
}

void BatchDesk::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    rows_came_.notify_all();
}

std::size_t BatchDesk::stop(bool now) {
    std::size_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        dropped = rows_.size();
        rows_.clear();
        octets_ = 0;
        under_way_ -= dropped;
        if (now) {
            stopped_ = true;
            for (Wish* wish : wishes_) {
                wish->status = WFC_CANCELLED;
                wish->granted = true;
            }
            wishes_.clear();
        }
    }
    rows_came_.notify_all();
    granted_.notify_all();
    return dropped;
}

std::size_t BatchDesk::under_way() {
    const std::lock_guard lock(mutex_);
    return under_way_;
}

std::vector<RowResult> BatchDesk::results(int wait_ms) {
    std::unique_lock lock(mutex_);
    if (wait_ms > 0 && results_.empty() && wishes_.empty())
        something_happened_.wait_for(lock, std::chrono::milliseconds(wait_ms));
    std::vector<RowResult> out;
    out.swap(results_);
    under_way_ -= out.size();
    return out;
}

void BatchDesk::judged(std::size_t count) {
    bool waited_for = false;
    {
        const std::lock_guard lock(mutex_);
        in_hand_ -= count;
        waited_for = !trusting_ && count > 0;
    }
    if (waited_for) rows_came_.notify_all();
}

void BatchDesk::trust() {
    {
        const std::lock_guard lock(mutex_);
        if (trusting_) return;
        trusting_ = true;
    }
    rows_came_.notify_all();
}

void BatchDesk::open_blobs(const BlobOpener& open) {
    std::unique_lock lock(mutex_);
    while (!wishes_.empty()) {
        Wish* const wish = wishes_.back();
        wishes_.pop_back();
        lock.unlock();  // a blob may be slow to open
        const wfc_status status = open(wish->name, wish->out);
        lock.lock();
        wish->status = status;
        wish->granted = true;
    }
    lock.unlock();
    granted_.notify_all();
}

std::optional<BatchLine> BatchDesk::take() {
    std::optional<BatchLine> out;
    {
        std::unique_lock lock(mutex_);
        rows_came_.wait(lock, [this] { return rows_.empty() ? closed_ : trusting_ || in_hand_ == 0; });
        if (rows_.empty()) return out;
        ++in_hand_;
        out = std::move(rows_.front());
        rows_.pop_front();
        octets_ -= out->text.size();
        if (rows_.size() != most_rows / 2) return out;
    }
    something_happened_.notify_one();  // half of the room is free: time to read on
    return out;
}

void BatchDesk::done(RowResult result) {
    {
        const std::lock_guard lock(mutex_);
        results_.push_back(std::move(result));
    }
    something_happened_.notify_one();
}

wfc_status BatchDesk::ask_for_blob(wfc_view name, wfc_source* out) {
    Wish wish{name, out};
    std::unique_lock lock(mutex_);
    if (stopped_) return WFC_CANCELLED;
    wishes_.push_back(&wish);
    something_happened_.notify_one();
    granted_.wait(lock, [&] { return wish.granted; });
    return wish.status;
}

}  // namespace mailsend
