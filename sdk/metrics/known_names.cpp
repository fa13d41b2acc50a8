#include "metrics/known_names.hpp"

#include <algorithm>

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
    const bool known =
        outcome == stopped || std::find(outcomes.begin(), outcomes.end(), outcome) != outcomes.end();
    return known ? std::string(outcome) : other;
}

}  // namespace wfc::metrics
