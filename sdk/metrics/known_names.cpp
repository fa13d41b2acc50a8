#include "metrics/known_names.hpp"

#include <algorithm>
#include <array>

namespace wfc::metrics {

namespace {

constexpr const char* other = "other";

bool is_name(std::string_view text) noexcept {
    constexpr std::size_t longest = 100;
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-' || c == '/';
    });
}

}  // namespace

std::string KnownNames::take(std::string_view name) {
    if (!is_name(name)) return other;
    const std::lock_guard lock(mutex_);
    if (names_.find(name) != names_.end()) return std::string(name);
    if (names_.size() >= most_) return other;
    return *names_.emplace(name).first;
}

std::string known_outcome(std::string_view outcome) {
    constexpr std::array<std::string_view, 8> known = {"succeeded", "accepted", "partial",   "rejected",
                                                       "failed",    "unknown",  "cancelled", "stopped"};
    return std::find(known.begin(), known.end(), outcome) == known.end() ? other : std::string(outcome);
}

}  // namespace wfc::metrics
