#include "serve/workers.hpp"

#include <system_error>
#include <utility>

namespace wfc::serve {

Workers::Workers(std::size_t most, std::function<void()> on_idle)
    : most_(most), on_idle_(std::move(on_idle)) {
    threads_.reserve(most_);
    threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    came_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Workers::start(Work work) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
    if (busy_ + waiting_.size() > threads_.size() && threads_.size() < most_) {
        try {
            threads_.emplace_back([this] { this->work(); });
        } catch (const std::system_error&) {  // no thread is to be had: one of the others does it later
        }
    }
    came_.notify_one();
}

bool Workers::idle() const {
    const std::lock_guard lock(mutex_);
    return busy_ == 0 && waiting_.empty();
}

void Workers::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        came_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        ++busy_;
        {
            const Work next = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            next();
        }  // what it held ends before this thread counts as idle
        lock.lock();
        --busy_;
        if (busy_ == 0 && waiting_.empty()) on_idle_();
    }
}

}  // namespace wfc::serve
