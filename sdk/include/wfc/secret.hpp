/// A secret's value in memory.
///
/// Guarantees: wiped when it ends or is moved from; cannot be printed, compared with ==, or turned into JSON
/// by accident; growing wipes what is left behind. Does not lock pages: a host that cares switches swap and
/// core dumps off.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace wfc {

/// Overwrites memory in a way the compiler keeps.
inline void wipe(void* memory, std::size_t size) noexcept {
    if (size == 0) return;
    std::memset(memory, 0, size);
    __asm__ __volatile__("" : : "r"(memory) : "memory");
}

/// Move-only text that wipes itself. One thread at a time.
class SecretString {
  public:
    SecretString() noexcept = default;
    explicit SecretString(std::string_view value) { append(value.data(), value.size()); }
    SecretString(SecretString&& other) noexcept
        : data_(std::move(other.data_)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    SecretString& operator=(SecretString&& other) noexcept {
        if (this != &other) {
            clear();
            data_ = std::move(other.data_);
            size_ = std::exchange(other.size_, 0);
            capacity_ = std::exchange(other.capacity_, 0);
        }
        return *this;
    }
    SecretString(const SecretString&) = delete;
    SecretString& operator=(const SecretString&) = delete;
    ~SecretString() { clear(); }

    /// A copy that somebody asked for by name.
    SecretString copy() const { return SecretString(reveal()); }

    /// The value, for the one line of code that needs it; borrowed.
    std::string_view reveal() const noexcept { return {data_.get(), size_}; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    /// `bytes` may point into this very string.
    SecretString& append(const char* bytes, std::size_t count) {
        if (count == 0) return *this;
        if (size_ + count <= capacity_) {
            std::memmove(data_.get() + size_, bytes, count);
        } else {
            // The old block is wiped only after `bytes`, which may lie in it, was copied.
            const std::size_t room = grown_to(size_ + count);
            std::unique_ptr<char[]> grown(new char[room]);
            if (size_ > 0) std::memcpy(grown.get(), data_.get(), size_);
            std::memcpy(grown.get() + size_, bytes, count);
            replace(std::move(grown), room);
        }
        size_ += count;
        return *this;
    }
    SecretString& append(std::string_view bytes) { return append(bytes.data(), bytes.size()); }

    void reserve(std::size_t wanted) {
        if (wanted <= capacity_) return;
        const std::size_t room = grown_to(wanted);
        std::unique_ptr<char[]> grown(new char[room]);
        if (size_ > 0) std::memcpy(grown.get(), data_.get(), size_);
        replace(std::move(grown), room);
    }

    void clear() noexcept {
        if (data_) wipe(data_.get(), capacity_);
        data_.reset();
        size_ = capacity_ = 0;
    }

    /// Comparing secrets with == takes a time that depends on them.
    friend bool operator==(const SecretString&, const SecretString&) = delete;
    friend bool operator!=(const SecretString&, const SecretString&) = delete;

  private:
    std::size_t grown_to(std::size_t wanted) const noexcept {
        constexpr std::size_t smallest =
            32;  // most secrets then fit at once, and nothing is left behind to wipe
        const std::size_t doubled = 2 * capacity_ < smallest ? smallest : 2 * capacity_;
        return wanted < doubled ? doubled : wanted;
    }
    void replace(std::unique_ptr<char[]> grown, std::size_t room) noexcept {
        if (data_) wipe(data_.get(), capacity_);
        data_ = std::move(grown);
        capacity_ = room;
    }

    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace wfc
