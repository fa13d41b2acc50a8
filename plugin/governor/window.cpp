#include "governor/window.hpp"

#include <algorithm>

namespace mailsend::governor {

namespace {

bool earlier(const Window::Counts::value_type& one, Window::Slice slice) {
    return one.first < slice;
}

}  // namespace

std::uint64_t Window::counted(std::uint64_t time_ms) const noexcept {
    std::uint64_t sum = 0;
    for (const auto& [slice, amount] : counts_) {
        if (end_of(slice) > time_ms) sum += amount;
    }
    return sum;
}

std::optional<std::uint64_t> Window::wait_ms(std::uint64_t time_ms, std::uint64_t amount,
                                             std::uint64_t limit) const noexcept {
    if (amount > limit) return std::nullopt;
    std::uint64_t there = counted(time_ms);
    if (there + amount <= limit) return 0;
    for (const auto& [slice, some] : counts_) {
        if (end_of(slice) <= time_ms) continue;
        there -= some;
        if (there + amount <= limit) return end_of(slice) - time_ms;
    }
    return std::nullopt;  // not reached: without any slice the amount fits
}

void Window::count(std::uint64_t time_ms, std::uint64_t amount) {
    const Slice slice = slice_of(time_ms);
    auto at = std::lower_bound(counts_.begin(), counts_.end(), slice, earlier);
    if (at == counts_.end() || at->first != slice) at = counts_.insert(at, {slice, 0});
    at->second = std::min(most, at->second + std::min(most, amount));
}

void Window::take_back(std::uint64_t time_ms, std::uint64_t amount) {
    const Slice slice = slice_of(time_ms);
    const auto at = std::lower_bound(counts_.begin(), counts_.end(), slice, earlier);
    if (at == counts_.end() || at->first != slice) return;
    at->second -= std::min(at->second, amount);
    if (at->second == 0) counts_.erase(at);
}

void Window::move(std::uint64_t from_ms, std::uint64_t to_ms, std::uint64_t amount) {
    const Slice from = slice_of(from_ms);
    if (slice_of(to_ms) <= from) return;
    take_back(from_ms, amount);
    count(to_ms, amount);
}

void Window::forget(std::uint64_t time_ms) {
    const auto over = std::find_if(counts_.begin(), counts_.end(),
                                   [&](const auto& one) { return end_of(one.first) > time_ms; });
    counts_.erase(counts_.begin(), over);
}

bool Window::restore(Counts counts, std::uint64_t latest_ms) {
    if (counts.size() > most_slices) return false;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto& [slice, amount] = counts[i];
        if (slice > slice_of(latest_ms) || amount == 0 || amount > most) return false;
        if (i > 0 && counts[i - 1].first >= slice) return false;
    }
    counts_ = std::move(counts);
    return true;
}

}  // namespace mailsend::governor
