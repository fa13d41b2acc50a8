#include "smtp/redaction.hpp"

#include <algorithm>
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
    for (const std::string_view secret : secrets) {
        for (std::size_t at = 0; at + run <= secret.size(); ++at)
            runs_[run_count_++] = run_at(secret.data() + at);
    }
    std::sort(runs_.get(), runs_.get() + run_count_);
}

Redaction::~Redaction() {
    wfc::wipe(runs_.get(), run_count_ * sizeof(std::uint64_t));
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

std::string Redaction::applied(std::string_view text, std::size_t kept) const {
    kept = std::min(kept, text.size());
    std::string out(text.substr(0, kept));
    std::size_t hidden_to = kept;
    for (std::size_t at = kept; at < text.size(); ++at) {
        if (const std::size_t size = match_at(text.substr(at)); size > 0) {
            if (at >= hidden_to) out += "****";
            hidden_to = std::max(hidden_to, at + size);
        }
        if (at >= hidden_to) out += text[at];
    }
    return out;
}

}  // namespace mailsend::smtp
