/// Which troubles of a state store are worth telling now.
///
/// Guarantees: the same sentence at most once within `silence`, whoever asks; bounded memory. Time is the
/// caller's.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace wfc {

/// Any thread.
class StateTroubles {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds silence{10};
    /// Of so many sentences at once it knows when they were told; more are told again.
    static constexpr std::size_t most = 32;

    /// Throws std::bad_alloc.
    bool worth_telling(const std::string& sentence, Time now) {
        const std::lock_guard lock(mutex_);
        std::erase_if(told_, [now](const auto& one) { return now - one.second >= silence; });
        if (told_.count(sentence) != 0) return false;
        if (told_.size() < most) told_.emplace(sentence, now);
        return true;
    }

  private:
    std::mutex mutex_{};
    std::map<std::string, Time> told_{};
};

}  // namespace wfc
