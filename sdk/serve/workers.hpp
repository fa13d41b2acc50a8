/// Threads that do what they are given.
///
/// Guarantees: at least one, at most as many as was said; made when they are needed and kept. Work begins in
/// order. Does not stop work: who gives it knows how.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace wfc::serve {

/// Any thread.
class Workers {
  public:
    using Work = std::function<void()>;

    /// `on_idle` is called, on one of the threads, when there is nothing left to do; it does not wait. Throws
    /// std::system_error where not even one thread is to be had.
    Workers(std::size_t most, std::function<void()> on_idle);
    ~Workers();  ///< after all work is done
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// `work` throws nothing.
    void start(Work work);
    /// Nothing is done and nothing waits.
    bool idle() const;

  private:
    void work();

    std::size_t most_;
    std::function<void()> on_idle_;
    mutable std::mutex mutex_;
    std::condition_variable came_{};
    std::deque<Work> waiting_{};
    std::size_t busy_ = 0;
    bool ending_ = false;
    std::vector<std::thread> threads_{};
};

}  // namespace wfc::serve
