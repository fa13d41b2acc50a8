#include "oauth/token_renewal.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "crypto/random.hpp"
#include "oauth/token_life.hpp"
#include "wfc/author.hpp"

namespace mailsend::oauth {

namespace {

/// Three processes that die one after the other, each with the lease.
constexpr std::uint64_t longest_wait_ms = 3 * lease_ms;
constexpr int most_renewals = 3;

/// 50 to 200 ms: not all at the same moment.
void wait_for_others(const net::Patience& patience) {
    const int pause_ms = 50 + static_cast<int>(std::random_device{}() % 151U);
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(pause_ms, patience.slice_ms())));
}

bool is(const wfc::SecretString* refused, const TokenRecord& record) {
    return refused != nullptr && crypto::equal(refused->reveal(), record.access_token.reveal());
}

}  // namespace

TokenRenewal::TokenRenewal(const KeeperTerms& terms, const wfc::Host& host)
    : terms_(terms), host_(host), stored_(terms, host), notes_(host, terms.account) {}

TokenRenewal::~TokenRenewal() {
    try {
        write_what_waits();
    } catch (...) {  // nobody is left to be told
    }
}

TokenRecord TokenRenewal::obtain(const net::Patience& patience, Asking asking,
                                 const wfc::SecretString* refused) {
    const std::uint64_t since = patience.now_ms();
    for (int renewals = 0; renewals < most_renewals;) {
        patience.check();
        write_what_waits();
        const TokenRecord before = current();
        if (auto record = settled(before, asking, refused)) return std::move(*record);
        std::optional<RefreshLease> turn;
        try {
            turn = lease();
        } catch (const Failure& failure) {
            if (!still_usable(before, refused)) throw;
            note(wfc::Level::warning, "oauth.refresh_failed", failure.facts().condition);
            return before.copy();
        }
        if (turn) {
            const TokenRecord now = current();  // whoever had the lease before may have renewed it
            if (auto record = settled(now, asking, refused)) return std::move(*record);
            if (!under_way(now)) {
                std::optional<TokenRecord> record = renewed(now, *turn, patience, refused);
                turn.reset();
                patience.check();  // the answer was awaited beyond that
                if (record) return std::move(*record);
                ++renewals;
                continue;
            }
            turn.reset();
        }
        if (patience.now_ms() - since < longest_wait_ms) {
            wait_for_others(patience);
            continue;
        }
        if (still_usable(before, refused)) return before.copy();
        throw Failure(Stage::token, "token.busy",
                      "other processes have been renewing this account's sign-in for too long")
            .at(terms_.pointer)
            .with("seconds", std::to_string(longest_wait_ms / 1000));
    }
    throw Failure(Stage::token, "token.busy",
                  "the stored sign-in of this account was changed again and again while it was renewed")
        .at(terms_.pointer);
}

std::optional<RefreshLease> TokenRenewal::lease() const {
    if (!stored_.shared()) return RefreshLease::needless(host_);
    try {
        return RefreshLease::take(host_, terms_.account);
    } catch (const wfc::ServiceFailed& failure) {
        throw Failure(Stage::host, "host.state", failure.what());
    }
}

/// By a process that has outlived its lease.
bool TokenRenewal::under_way(const TokenRecord& record) const {
    return has_grant(record) && notes_.under_way(fingerprint(record.refresh_token));
}

std::optional<TokenRecord> TokenRenewal::settled(const TokenRecord& record, Asking asking,
                                                 const wfc::SecretString* refused) const {
    if (!is(refused, record) && good(record)) return record.copy();
    if (!renewable(record)) {
        const std::string when =
            record.access_expires_at == 0 ? "is no longer good" : "ended at " + utc(record.access_expires_at);
        throw Failure(Stage::token, "token.expired",
                      "the access token of this account " + when + ", and there is no refresh token to get " +
                          "another one with")
            .at(terms_.pointer);
    }
    if (asking == Asking::person) return std::nullopt;
    const std::string token = fingerprint(record.refresh_token);
    if (has_grant(record)) {
        if (auto verdict = notes_.buried(token)) throw Failure(std::move(*verdict));
    }
    const std::lock_guard lock(mutex_);
    if (!pause_ || pause_->token != token || host_.clock().monotonic_ms() >= pause_->until_ms)
        return std::nullopt;
    if (still_usable(record, refused)) return record.copy();
    throw Failure(pause_->facts);
}

std::optional<TokenRecord> TokenRenewal::record() const {
    std::optional<TokenRecord> record = stored_.read();
    const std::lock_guard lock(mutex_);
    if (unwritten_ && replaceable(record, unwritten_->before)) return unwritten_->record.copy();
    return record;
}

TokenRecord TokenRenewal::current() const {
    if (auto record = TokenRenewal::record()) return std::move(*record);
    if (!terms_.needs_refresh_token && terms_.renew) return {};
    throw Failure(Stage::token, "token.sign_in_needed", "nobody has signed in to this account yet")
        .at(terms_.pointer);
}

std::optional<Facts> TokenRenewal::known_dead() const {
    const auto now = record();
    return now && has_grant(*now) ? notes_.buried(fingerprint(now->refresh_token)) : std::nullopt;
}

void TokenRenewal::keep(const TokenRecord& record) {
    const std::lock_guard lock(mutex_);
    if (!stored_.write(record, {})) {
        try {
            (void)stored_.read();   // a host takes a change of what was answered last
        } catch (const Failure&) {  // what stands there is to be replaced anyway
        }
        if (!stored_.write(record, {})) {
            throw Failure(Stage::host, "host.secrets",
                          "the host did not keep the sign-in: the secret was changed at the same moment");
        }
    }
    ++era_;
    unwritten_.reset();
    pause_.reset();
    notes_.end();
    notes_.unbury();
}

void TokenRenewal::forget() {
    const std::lock_guard lock(mutex_);
    stored_.erase();
    ++era_;
    unwritten_.reset();
    pause_.reset();
    notes_.end();
    notes_.unbury();
}

bool TokenRenewal::good(const TokenRecord& record) const noexcept {
    return renewable(record) ? lasts(record, now_s()) : usable(record, now_s());
}

bool TokenRenewal::has_grant(const TokenRecord& record) const noexcept {
    return terms_.needs_refresh_token && !record.refresh_token.empty();
}

bool TokenRenewal::renewable(const TokenRecord& record) const noexcept {
    return terms_.renew && (!terms_.needs_refresh_token || !record.refresh_token.empty());
}

bool TokenRenewal::still_usable(const TokenRecord& record, const wfc::SecretString* refused) const {
    return !is(refused, record) && usable(record, now_s());
}

void TokenRenewal::note(wfc::Level level, std::string_view event, const std::string& condition) const {
    host_.log().write(level, event,
                      R"({"account":)" + wfc::Component::quoted(terms_.account) +
                          (condition.empty() ? "" : R"(,"condition":)" + wfc::Component::quoted(condition)) +
                          "}");
}

}  // namespace mailsend::oauth
