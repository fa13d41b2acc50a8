#include "oauth/stored_tokens.hpp"

#include <stdexcept>

#include "crypto/random.hpp"
#include "oauth/token_life.hpp"

namespace mailsend::oauth {

bool same_grant(const TokenRecord& left, const TokenRecord& right) {
    return crypto::equal(left.refresh_token.reveal(), right.refresh_token.reveal());
}

void StoredTokens::failed(const wfc::ServiceFailed& failure) const {
    throw Failure(Stage::host, "host.secrets", failure.what()).with("secret", secret());
}

std::optional<wfc::SecretString> StoredTokens::value() const {
    try {
        return host_.secrets().get(secret());
    } catch (const wfc::ServiceFailed& failure) {
        if (failure.status() == WFC_NOT_FOUND || failure.status() == WFC_UNSUPPORTED) return std::nullopt;
        failed(failure);
    }
}

std::optional<TokenRecord> StoredTokens::kept() const {
    if (terms_.tokens.empty()) {
        const std::lock_guard lock(mutex_);
        return memory_ ? std::optional(memory_->copy()) : std::nullopt;
    }
    const auto stored = value();
    if (!stored) return std::nullopt;
    try {
        return read_record(*stored);
    } catch (const std::invalid_argument& why) {
        throw Failure(Stage::token, "token.unreadable",
                      "the stored sign-in of this account " + std::string(why.what()))
            .at(terms_.pointer)
            .with("secret", secret());
    }
}

std::optional<TokenRecord> StoredTokens::kept_for(SuppliedTokens supplied) const {
    const bool renewable = !supplied.refresh_token.empty();
    if (!renewable && supplied.access_token.empty()) return std::nullopt;
    TokenRecord fresh;
    fresh.supplied = fingerprint(renewable ? supplied.refresh_token : supplied.access_token);
    fresh.refresh_token = std::move(supplied.refresh_token);
    fresh.access_token = std::move(supplied.access_token);
    fresh.access_expires_at = supplied.access_expires_at;

    std::optional<TokenRecord> before = kept();
    // A bare secret holds the rotated token itself, so that the one to compare with is the newest.
    const bool counts = before && (bare() ? same_grant(*before, fresh) : before->supplied == fresh.supplied);
    return counts ? std::move(before) : std::move(fresh);
}

std::optional<TokenRecord> StoredTokens::read() const {
    std::optional<SuppliedTokens> supplied;
    if (terms_.supplied) supplied = terms_.supplied();
    if (!supplied && bare()) {
        if (auto token = value()) supplied = SuppliedTokens{std::move(*token), {}, 0};
    }
    if (supplied) return kept_for(std::move(*supplied));
    if (bare()) return std::nullopt;
    std::optional<TokenRecord> record = kept();
    // It came from a token that nobody supplies any more.
    if (record && !record->supplied.empty()) return std::nullopt;
    return record;
}

bool StoredTokens::write(const TokenRecord& record, const TokenRecord& before) {
    try {
        if (!terms_.tokens.empty()) {
            host_.secrets().put(terms_.tokens, written(record));
        } else if (bare() && !same_grant(record, before)) {
            host_.secrets().put(terms_.refresh_token, record.refresh_token);
        }
    } catch (const wfc::ServiceFailed& failure) {
        if (failure.status() == WFC_CONFLICT) return false;
        failed(failure);
    }
    if (terms_.tokens.empty()) {
        const std::lock_guard lock(mutex_);
        memory_ = record.copy();
    }
    return true;
}

void StoredTokens::erase() {
    {
        const std::lock_guard lock(mutex_);
        memory_.reset();
    }
    if (secret().empty()) return;
    for (int attempt = 0;; ++attempt) {
        try {
            host_.secrets().erase(secret());
            return;
        } catch (const wfc::ServiceFailed& failure) {
            if (failure.status() == WFC_UNSUPPORTED) return;  // such a host has kept nothing
            if (failure.status() != WFC_CONFLICT || attempt > 0) failed(failure);
        }
        (void)value();  // a host takes a change of what was answered last
    }
}

}  // namespace mailsend::oauth
