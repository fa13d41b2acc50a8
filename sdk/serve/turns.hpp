/// Whose turn it is with one component.
///
/// Guarantees: work begins in the order in which it came; work that shares begins beside other such work,
/// work that is alone runs with nothing beside it. No thread waits for its turn. Knows nothing of the work.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace wfc::serve {

enum class Turn { shared, alone };

/// Any thread. Outlives what it was given: let the work hold it.
class Turns {
  public:
    using Work = std::function<void()>;

    /// `start` has the work done soon, on another thread.
    explicit Turns(std::function<void(Work)> start) : start_(std::move(start)) {}
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;

    /// `key` is for `withdraw`, 0 where nobody withdraws it. `work` throws nothing.
    void enter(std::uint64_t key, Turn turn, Work work);
    /// True: it had not begun and never will. Its work is gone.
    bool withdraw(std::uint64_t key);
    /// Nothing runs and nothing waits.
    bool idle() const;

  private:
    struct Entry {
        std::uint64_t key;
        Turn turn;
        Work work;
    };
    std::vector<Entry> begin();
    void start(std::vector<Entry> entries);
    void leave();

    std::function<void(Work)> start_;
    mutable std::mutex mutex_;
    std::deque<Entry> waiting_{};
    std::size_t running_ = 0;
    bool alone_ = false;
};

}  // namespace wfc::serve
