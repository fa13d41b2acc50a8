#include "smtp/redaction.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "wfc/secret.hpp"

namespace mailsend::smtp {
namespace {

/// Eight octets as one number: to be compared exactly, in one step.
std::uint64_t run_at(const char* octets) noexcept {
    std::uint64_t value = 0;
    static_assert(sizeof value == Redaction::run);
    std::memcpy(&value, octets, sizeof value);
    return value;
}

/// The upper bits of a product (Fibonacci hashing).
std::uint32_t hash_of_four(const char* octets, unsigned bits) noexcept {
    std::uint32_t value = 0;
    static_assert(sizeof value == Redaction::shortest);
    std::memcpy(&value, octets, sizeof value);
    return value * 2654435769U >> (32U - bits);
}

std::size_t words(unsigned log2_bits) noexcept {
    return (std::size_t{1} << log2_bits) / 64;
}

}  // namespace

Redaction::Redaction(std::span<const std::string_view> secrets) {
    std::size_t room = 0;
    for (const std::string_view secret : secrets) {
        if (secret.size() >= run) {
            room += secret.size() - run + 1;
        } else if (secret.size() >= shortest) {
            short_secrets_.push_back(secret);
        }
    }
    runs_ = std::make_unique<std::uint64_t[]>(room);
    constexpr unsigned fewest = 10;
    constexpr std::size_t bits_for_each = 16;
    beginnings_log2_ = std::max<unsigned>(
        fewest, static_cast<unsigned>(std::bit_width(bits_for_each * (room + short_secrets_.size()))));
    beginnings_ = std::make_unique<std::uint64_t[]>(words(beginnings_log2_));
    for (const std::string_view secret : secrets) {
        for (std::size_t at = 0; at + run <= secret.size(); ++at) {
            runs_[run_count_++] = run_at(secret.data() + at);
            note_beginning(secret.data() + at);
        }
    }
    for (const std::string_view secret : short_secrets_) note_beginning(secret.data());
    std::sort(runs_.get(), runs_.get() + run_count_);
}

Redaction::~Redaction() {
    wfc::wipe(runs_.get(), run_count_ * sizeof(std::uint64_t));
    wfc::wipe(beginnings_.get(), words(beginnings_log2_) * sizeof(std::uint64_t));
}

void Redaction::note_beginning(const char* octets) noexcept {
    const std::uint32_t bit = hash_of_four(octets, beginnings_log2_);
    beginnings_[bit / 64] |= std::uint64_t{1} << bit % 64;
}

bool Redaction::may_begin_at(const char* octets) const noexcept {
    const std::uint32_t bit = hash_of_four(octets, beginnings_log2_);
    return (beginnings_[bit / 64] >> bit % 64 & 1U) != 0;
}

/// How many octets at the beginning of `rest` are a secret's. A longer run in common is one of eight at each
/// of its places.
std::size_t Redaction::match_at(std::string_view rest) const noexcept {
    if (rest.size() >= run && std::binary_search(runs_.get(), runs_.get() + run_count_, run_at(rest.data())))
        return run;
    std::size_t longest = 0;
    for (const std::string_view secret : short_secrets_) {
        if (rest.starts_with(secret)) longest = std::max(longest, secret.size());
    }
    return longest;
}

/// Where from `from` on a piece of a secret begins; text.size() where none does.
std::size_t Redaction::first_match(std::string_view text, std::size_t from) const noexcept {
    for (std::size_t at = from; at + shortest <= text.size(); ++at) {
        if (may_begin_at(text.data() + at) && match_at(text.substr(at)) > 0) return at;
    }
    return text.size();
}

bool Redaction::finds_in(std::string_view text, std::size_t kept) const noexcept {
    return first_match(text, kept) < text.size();
}

std::string Redaction::applied(std::string_view text, std::size_t kept) const {
    std::size_t done = std::min(kept, text.size());
    std::string out(text.substr(0, done));
    for (std::size_t at = first_match(text, done); at < text.size(); at = first_match(text, at + 1)) {
        if (at >= done) {
            out.append(text.substr(done, at - done)).append("****");
            done = at;
        }
        done = std::max(done, at + match_at(text.substr(at)));
    }
    return out.append(text.substr(done));
}

}  // namespace mailsend::smtp
