/// Who holds connections of an account that can be spared, and is asked for them.
///
/// Guarantees: nobody is asked once forget() has returned; asking never waits for another who asks about the
/// same.
#pragma once

#include <functional>
#include <map>
#include <mutex>

namespace mailsend::governor {

/// Any thread.
class Spares {
  public:
    /// `give_up` runs on the thread of whoever asks. It must not ask, throw or wait long.
    void add(const void* who, std::function<void()> give_up);
    void forget(const void* who) noexcept;
    /// Has all of them give up what they can.
    void ask() const;

  private:
    mutable std::mutex mutex_{};
    std::map<const void*, std::function<void()>> all_{};
};

}  // namespace mailsend::governor
