#include "oauth/scrub.hpp"

#include <algorithm>
#include <array>

#include "crypto/base64.hpp"
#include "outcome/credential_text.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::size_t run = 8;       // octets in common that are no accident
constexpr std::size_t shortest = 4;  // less would blot out words that only look alike

constexpr std::array<std::string_view, 6> public_names = {
    "grant_type", "client_id", "scope", "redirect_uri", "client_assertion_type", "token_type_hint"};

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Undoes append_encoded(), which writes every escape with capitals.
wfc::SecretString decoded(std::string_view text) {
    wfc::SecretString out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%' && at + 2 < text.size()) {
            const int high = digit_of(text[at + 1]);
            const int low = digit_of(text[at + 2]);
            if (high >= 0 && low >= 0) {
                c = static_cast<char>(high * 16 + low);
                at += 2;
            }
        }
        out.append(&c, 1);
    }
    return out;
}

}  // namespace

Scrub Scrub::of_form(std::string_view encoded) {
    Scrub scrub;
    while (!encoded.empty()) {
        const std::string_view pair = encoded.substr(0, encoded.find('&'));
        encoded.remove_prefix(std::min(encoded.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (equals == pair.npos) continue;
        const std::string_view name = pair.substr(0, equals);
        const std::string_view value = pair.substr(equals + 1);
        if (std::find(public_names.begin(), public_names.end(), name) != public_names.end()) continue;
        scrub.hide(value);
        if (value.find('%') != value.npos) scrub.hide(decoded(value).reveal());
    }
    return scrub;
}

Scrub& Scrub::hide(std::string_view secret) {
    if (secret.size() >= shortest) secrets_.emplace_back(secret);
    if (secret.size() >= run) {
        for (wfc::SecretString& encoded : crypto::base64_alignments(secret))
            secrets_.push_back(std::move(encoded));
    }
    return *this;
}

std::size_t Scrub::match_at(std::string_view text, std::size_t at) const noexcept {
    const std::string_view rest = text.substr(at);
    std::size_t size = token_at(text, at);
    for (const wfc::SecretString& secret : secrets_) {
        const std::string_view value = secret.reveal();
        if (value.size() < run) {
            if (rest.starts_with(value)) size = std::max(size, value.size());
        } else if (rest.size() >= run && value.find(rest.substr(0, run)) != value.npos) {
            // A longer piece is a run of eight at each of its places.
            size = std::max(size, run);
        }
    }
    return size;
}

std::string Scrub::applied(std::string_view text) const {
    text = text.substr(0, longest);
    std::string out;
    std::size_t hidden_to = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (const std::size_t size = match_at(text, at); size > 0) {
            if (at >= hidden_to) out += "****";
            hidden_to = std::max(hidden_to, at + size);
        }
        if (at >= hidden_to) out += text[at];
    }
    return out;
}

}  // namespace mailsend::oauth
