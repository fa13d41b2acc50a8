#include "oauth/token_life.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "oauth/account_name.hpp"
#include "oauth/token_keeper.hpp"
#include "outcome/utc_time.hpp"

namespace mailsend::oauth {

namespace {

constexpr std::int64_t margin_s = 300, same_end_s = 300, longest_life_s = std::int64_t{100} * 366 * 24 * 3600;

std::int64_t end_of(std::int64_t now, std::int64_t lives_s) noexcept {
    return now + std::clamp<std::int64_t>(lives_s, 0, longest_life_s);
}

/// The server says when the refresh token ends. Where every answer repeats the same end, as seconds that are
/// left, its life still began when it was told first; an end that moves on begins a new one.
void name_end(TokenRecord& next, const TokenRecord& before, std::int64_t ends,
              std::int64_t now_unix_s) noexcept {
    const bool moved = before.refresh_expires_at == 0 || ends > before.refresh_expires_at + same_end_s;
    next.refresh_told_at = moved || before.refresh_told_at == 0 ? now_unix_s : before.refresh_told_at;
    // Not by little steps: they would add up without being noticed.
    next.refresh_expires_at = moved ? ends : std::min(ends, before.refresh_expires_at);
}

}  // namespace

bool usable(const TokenRecord& record, std::int64_t now_unix_s) noexcept {
    return !record.access_token.empty() &&
           (record.access_expires_at == 0 || now_unix_s < record.access_expires_at);
}

bool lasts(const TokenRecord& record, std::int64_t now_unix_s) noexcept {
    if (!usable(record, now_unix_s)) return false;
    if (record.access_expires_at == 0) return true;
    std::int64_t margin = margin_s;
    if (record.refreshed_at > 0) {
        if (now_unix_s < record.refreshed_at - margin_s) return false;
        margin = std::min(margin, (record.access_expires_at - record.refreshed_at) / 5);
    }
    return record.access_expires_at - now_unix_s >= margin;
}

std::string utc(std::int64_t unix_s) {
    return utc_text(unix_s);
}

std::string fingerprint(const wfc::SecretString& token) {
    return crypto::sha256_hex(token.reveal());
}

TokenRecord succeeded(const TokenRecord& before, TokenAnswer answer, std::int64_t now_unix_s) {
    TokenRecord next = before.copy();
    // Access tokens may name an account otherwise than id_tokens do: not where one is known.
    std::string account =
        before.signed_in_as.empty() ? account_named_in(answer) : account_named_in(answer.id_claims);
    if (!account.empty()) next.signed_in_as = std::move(account);
    next.access_token = std::move(answer.access_token);
    next.access_expires_at = answer.expires_in_s ? end_of(now_unix_s, *answer.expires_in_s) : 0;
    next.refreshed_at = now_unix_s;
    if (next.issued_at == 0 && next.supplied.empty()) next.issued_at = now_unix_s;
    if (!answer.refresh_token.empty()) {
        next.refresh_token = std::move(answer.refresh_token);
        next.refresh_expires_at = next.refresh_told_at = 0;  // of the one before
    }
    if (answer.refresh_expires_in_s)
        name_end(next, before, end_of(now_unix_s, *answer.refresh_expires_in_s), now_unix_s);
    if (answer.scopes) next.scopes = std::move(*answer.scopes);
    return next;
}

}  // namespace mailsend::oauth
