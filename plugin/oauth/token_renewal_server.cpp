/// The part of TokenRenewal that asks the server and stores what it said.
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>

#include "oauth/token_life.hpp"
#include "oauth/token_renewal.hpp"

namespace mailsend::oauth {

namespace {

constexpr std::uint64_t asking_ms = 25'000;  // the lease outlives it
static_assert(asking_ms + 3000 < lease_ms);
/// With less than this left of it a new lease is taken.
constexpr std::uint64_t least_asking_ms = 5'000;
/// How long an answer is awaited after cancel or deadline. With two slices of waiting it stays below the
/// second in which a call has to return.
constexpr std::uint64_t grace_ms = 500;
constexpr std::uint64_t first_pause_ms = 5'000, longest_pause_ms = 300'000, longest_asked_for_s = 3600;

/// Whether the server may have taken the token without our having its answer: a rotated one is then gone.
bool may_have_used_it_up(const Facts& facts) {
    const auto sent = facts.details.find("request_sent");
    if (sent != facts.details.end() && sent->second == "no") return false;
    constexpr std::array unclear = {"http.closed",    "http.timeout",  "http.garbage",
                                    "http.too_large", "token.garbage", "token.too_large"};
    return std::find(unclear.begin(), unclear.end(), facts.condition) != unclear.end();
}

/// Whether the provider takes a refresh token only once. Google does not rotate, and at Microsoft the one
/// before stays good.
bool ends_with_its_use(const Facts& refusal) {
    return refusal.provider.empty();
}

bool given_up(const net::Patience& patience) {
    try {
        patience.check();
        return false;
    } catch (const Cancelled&) {
        return true;
    } catch (const net::TimedOut&) {
        return true;
    }
}

std::uint64_t retry_after_ms(const Facts& facts) {
    const auto found = facts.details.find("retry_after_s");
    if (found == facts.details.end()) return 0;
    std::uint64_t seconds = 0;
    const std::string& text = found->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return error == std::errc() ? std::min(seconds, longest_asked_for_s) * 1000 : 0;
}

}  // namespace

std::optional<TokenRecord> TokenRenewal::renewed(const TokenRecord& before, const RefreshLease& turn,
                                                 const net::Patience& patience,
                                                 const wfc::SecretString* refused) {
    const bool grant = has_grant(before);
    const std::string token = fingerprint(before.refresh_token);
    const bool earlier = grant && notes_.begin(token);
    const auto perhaps_used_up = [&] {
        if (grant) notes_.leave(token);
    };
    const auto not_used_up = [&] {
        if (earlier) {
            notes_.leave(token);  // by that one it may have been
        } else if (grant) {
            notes_.end();
        }
    };
    // A process that stood still would ask at the same time as the one that has the lease now.
    if (patience.now_ms() + least_asking_ms > turn.taken_ms() + asking_ms || !turn.held()) {
        not_used_up();
        return std::nullopt;
    }
    TokenRecord next;
    try {
        next = succeeded(before, ask(before, turn, patience), now_s());
    } catch (const Failure& failure) {
        if (may_have_used_it_up(failure.facts())) {
            perhaps_used_up();
        } else {
            not_used_up();
        }
        if (grant && grant_is_dead(failure.facts())) {
            const auto now = stored_.read();
            if (!now || !same_grant(*now, before)) {  // somebody else was faster
                notes_.end();
                return std::nullopt;
            }
            declare_dead(before, failure.facts(), earlier && ends_with_its_use(failure.facts()));
        }
        pause(before, failure.facts());
        if (!still_usable(before, refused)) {
            patience.check();
            throw;
        }
        note(wfc::Level::warning, "oauth.refresh_failed", failure.facts().condition);
        return before.copy();
    } catch (const Cancelled&) {
        perhaps_used_up();
        throw;
    } catch (const net::TimedOut&) {
        perhaps_used_up();
        throw;
    } catch (...) {  // it never came to asking
        not_used_up();
        throw;
    }
    if (!terms_.needs_refresh_token) next.refresh_token.clear();
    return stored(std::move(next), before);
}

TokenAnswer TokenRenewal::ask(const TokenRecord& before, const RefreshLease& turn,
                              const net::Patience& patience) const {
    // The server may have answered already, with the only token that is good from now on.
    std::atomic<std::uint64_t> since_ms{0};
    const auto over = [&] {
        if (!given_up(patience)) return false;
        const std::uint64_t now_ms = std::max<std::uint64_t>(patience.now_ms(), 1);
        std::uint64_t since = 0;
        if (since_ms.compare_exchange_strong(since, now_ms)) return false;
        return now_ms - since >= grace_ms;
    };
    try {
        return terms_.renew(before, net::Patience(host_.clock(), over, turn.taken_ms() + asking_ms));
    } catch (const Cancelled&) {
        patience.check();  // says which of the two it was
        throw;
    } catch (const net::TimedOut&) {
        patience.check();
        throw Failure(
            Stage::token, "http.timeout",
            "the authorization server did not answer within " + std::to_string(asking_ms / 1000) + " seconds")
            .with("seconds", std::to_string(asking_ms / 1000));
    }
}

void TokenRenewal::declare_dead(const TokenRecord& before, const Facts& refusal, bool lost) {
    Facts verdict = refusal;
    verdict.stage = Stage::token;
    verdict.condition = lost ? "token.lost" : "token.dead";
    verdict.sentence =
        lost ? "the newest refresh token of this account was lost when an earlier renewal did not get the "
               "server's answer (the process ended, the connection was cut, or the run was cancelled), and "
               "the one before is no longer accepted"
             : "the authorization server no longer accepts the sign-in of this account";
    verdict.pointer = terms_.pointer;
    verdict.cause = std::make_shared<const Facts>(refusal);
    if (!lost) notes_.end();
    notes_.bury(fingerprint(before.refresh_token), verdict);
    throw Failure(std::move(verdict));
}

void TokenRenewal::pause(const TokenRecord& before, const Facts& facts) {
    const std::string token = fingerprint(before.refresh_token);
    const std::lock_guard lock(mutex_);
    const bool again = pause_ && pause_->token == token;
    const std::uint64_t length = again ? std::min(2 * pause_->length_ms, longest_pause_ms) : first_pause_ms;
    pause_ =
        Pause{token, host_.clock().monotonic_ms() + std::max(length, retry_after_ms(facts)), length, facts};
}

bool TokenRenewal::replaceable(const std::optional<TokenRecord>& stored, const TokenRecord& before) const {
    return stored ? same_grant(*stored, before) : !terms_.needs_refresh_token;
}

bool TokenRenewal::put(const TokenRecord& next, const TokenRecord& before) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (!replaceable(stored_.read(), before)) return false;  // signed out, or signed in anew, meanwhile
        if (stored_.write(next, before)) {
            notes_.end();
            notes_.unbury();
            return true;
        }
    }
    throw Failure(Stage::host, "host.secrets",
                  "the host did not keep the renewed sign-in: the secret was changed at the same moment");
}

std::optional<TokenRecord> TokenRenewal::stored(TokenRecord next, const TokenRecord& before) {
    const std::lock_guard lock(mutex_);
    pause_.reset();
    std::string condition;
    try {
        const bool kept = put(next, before);
        unwritten_.reset();
        note(wfc::Level::info, kept ? "oauth.refreshed" : "oauth.refresh_dropped", {});
        if (kept) return next;
        notes_.end();
        return std::nullopt;
    } catch (const Failure& failure) {
        condition = failure.facts().condition;
        const bool rotated = !same_grant(next, before);
        unwritten_ = Unwritten{next.copy(), before.copy(), rotated};
        if (rotated) throw;
        notes_.end();
    } catch (...) {
        unwritten_ = Unwritten{next.copy(), before.copy(), !same_grant(next, before)};
        throw;
    }
    // What is stored is still worth as much: nothing depends on the new record.
    note(wfc::Level::warning, "oauth.not_stored", condition);
    return next;
}

void TokenRenewal::write_what_waits() {
    const std::lock_guard lock(mutex_);
    if (!unwritten_) return;
    try {
        if (!put(unwritten_->record, unwritten_->before)) notes_.end();
        unwritten_.reset();
    } catch (const Failure&) {
        if (unwritten_->rotated) throw;
    }
}

}  // namespace mailsend::oauth
