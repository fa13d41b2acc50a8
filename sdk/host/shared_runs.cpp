#include "host/shared_runs.hpp"

#include <algorithm>
#include <cstring>

#include "wfc/secret.hpp"

namespace wfc {

namespace {

std::uint64_t run_at(const char* octets) noexcept {
    std::uint64_t value = 0;
    static_assert(sizeof value == SharedRuns::run);
    std::memcpy(&value, octets, sizeof value);
    return value;
}

std::size_t bit_of(std::uint64_t value) noexcept {
    return static_cast<std::size_t>((value * 0x9E3779B97F4A7C15u) >> 48);
}

}  // namespace

SharedRuns::~SharedRuns() {
    wipe(runs_.data(), runs_.size() * sizeof(std::uint64_t));
}

void SharedRuns::add(std::string_view text, const SharedRuns* but) {
    if (text.size() < least_) return;
    if (but != nullptr) but->settle();
    const std::size_t more = text.size() - run + 1;
    if (runs_.capacity() < runs_.size() + more) {
        std::vector<std::uint64_t> larger;  // by hand, so that no copy is left behind
        larger.reserve((runs_.size() + more) * 2);
        larger.insert(larger.end(), runs_.begin(), runs_.end());
        wipe(runs_.data(), runs_.size() * sizeof(std::uint64_t));
        runs_ = std::move(larger);
    }
    for (std::size_t at = 0; at < more; ++at) {
        const std::uint64_t value = run_at(text.data() + at);
        if (but != nullptr && but->has(value)) continue;
        runs_.push_back(value);
        seen_[bit_of(value) / 64] |= std::uint64_t{1} << (bit_of(value) % 64);
    }
    sorted_ = false;
}

void SharedRuns::settle() const {
    if (!sorted_) std::sort(runs_.begin(), runs_.end());
    sorted_ = true;
}

bool SharedRuns::has(std::uint64_t value) const noexcept {
    return (seen_[bit_of(value) / 64] >> (bit_of(value) % 64) & 1) != 0 &&
           std::binary_search(runs_.begin(), runs_.end(), value);
}

void SharedRuns::find(std::string_view text, std::vector<Span>& into) const {
    if (text.size() < least_) return;
    settle();
    std::size_t begin = 0, in_a_row = 0;
    const auto ends = [&] {
        if (in_a_row != 0 && in_a_row + run - 1 >= least_)
            into.emplace_back(begin, begin + in_a_row + run - 1);
        in_a_row = 0;
    };
    for (std::size_t at = 0; at + run <= text.size(); ++at) {
        if (!has(run_at(text.data() + at))) {
            ends();
        } else if (in_a_row++ == 0) {
            begin = at;
        }
    }
    ends();
}

}  // namespace wfc
