/// A value that is kept once, however often it is copied.
///
/// Guarantees: what is there never changes, so that copies may be read on any thread; to change it is to put
/// another in its place. May be absent.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace mailsend {

template <class Value>
class Shared {
  public:
    Shared() = default;
    Shared(Value value) : value_(std::make_shared<const Value>(std::move(value))) {}
    Shared(std::optional<Value> value) {
        if (value) value_ = std::make_shared<const Value>(std::move(*value));
    }

    explicit operator bool() const noexcept { return value_ != nullptr; }
    const Value& operator*() const noexcept { return *value_; }
    const Value* operator->() const noexcept { return value_.get(); }
    void reset() noexcept { value_.reset(); }

  private:
    std::shared_ptr<const Value> value_{};
};

}  // namespace mailsend
