/// First in, first out, in memory that is used again.
#pragma once

#include <cstddef>
#include <vector>

namespace mailsend::smtp {

/// As std::deque for small values, but it allocates nothing once it has grown to what it is used for.
template <class Value>
class Queue {
  public:
    bool empty() const noexcept { return head_ == values_.size(); }
    std::size_t size() const noexcept { return values_.size() - head_; }
    const Value& front() const noexcept { return values_[head_]; }
    auto begin() noexcept { return values_.begin() + static_cast<std::ptrdiff_t>(head_); }
    auto end() noexcept { return values_.end(); }

    void push(const Value& value) {
        if (head_ > 0 && values_.size() == values_.capacity()) {
            values_.erase(values_.begin(), begin());
            head_ = 0;
        }
        values_.push_back(value);
    }
    void pop() noexcept {
        if (++head_ == values_.size()) clear();
    }
    /// Leaves the first `count`.
    void keep(std::size_t count) { values_.erase(begin() + static_cast<std::ptrdiff_t>(count), end()); }
    void clear() noexcept {
        values_.clear();
        head_ = 0;
    }

  private:
    std::vector<Value> values_;
    std::size_t head_ = 0;
};

}  // namespace mailsend::smtp
