#include "delivery/sign_in.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "delivery/trouble.hpp"
#include "outcome/challenge.hpp"

namespace mailsend::delivery {
namespace {

bool one_of(const auto& list, const auto& value) {
    return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

/// Statuses of a challenge that refuse the token and not what it is allowed to do. By OAUTHBEARER a server
/// may call a bad token a bad request.
constexpr std::array<std::string_view, 4> of_the_token = {"400", "401", "invalid_token", "invalid_request"};

/// Replies to AUTH that are about something else than the token: syntax and sequence (a token too long for a
/// line among them), unknown mechanism, TLS first.
constexpr std::array beside_the_token = {500, 501, 502, 503, 504, 530, 534, 538};

/// Microsoft: SMTP AUTH is switched off (5.7.139), passwords are (5.7.30).
constexpr std::array<EnhancedStatus, 2> switched_off = {EnhancedStatus{5, 7, 139}, EnhancedStatus{5, 7, 30}};

/// The server speaks of something else than the token.
bool beside_the_point(const Facts& facts) {
    if (!facts.challenge.empty() || !facts.reply) return false;
    // Postfix cuts a line that is too long for it, and then finds that it is no base64.
    return one_of(beside_the_token, facts.reply->code) ||
           facts.reply->text().find("Invalid base64 data") != std::string::npos;
}

bool by_token(const sasl::Credentials* credentials) noexcept {
    return credentials != nullptr && credentials->proof == sasl::Proof::access_token;
}

}  // namespace

bool another_token_may_help(const Facts& facts) {
    if (facts.stage != Stage::auth) return false;
    if (!facts.condition.empty() && facts.condition != "auth.refused_in_challenge") return false;
    if (facts.reply) {
        if (const auto status = facts.reply->enhanced(); status && one_of(switched_off, *status))
            return false;
    }
    if (const std::string status = challenge_status(facts.challenge); !status.empty())
        return one_of(of_the_token, status);
    if (facts.reply && facts.reply->transient_negative()) return false;
    if (!facts.challenge.empty()) return true;
    return facts.reply && facts.reply->permanent_negative() && !beside_the_point(facts);
}

SignIn::SignIn(const Route& route) : route_(route), connection_(std::make_unique<Connection>(route)) {}

void SignIn::open(const net::Patience& patience, const std::set<std::string>& avoided) {
    const sasl::Credentials* const first = renewed_             ? &*renewed_
                                           : route_.credentials ? &*route_.credentials
                                                                : nullptr;
    const sasl::Credentials* other = nullptr;
    if (std::exchange(opened_, true)) connection_ = std::make_unique<Connection>(route_, first);
    refused_.reset();
    renewing_ = false;
    try {
        return open_with(first, avoided, patience);
    } catch (Failure& refused) {
        if (!by_token(first)) throw;
        if (renewed_) {
            refused.facts().details["renewal"] = "done";
            throw;
        }
        if (route_.renew && another_token_may_help(refused.facts())) {
            connection_->quit(patience);
            other = renew(refused.facts(), patience);
        }
        if (other == nullptr) {
            refused.facts().details["renewal"] = "none";
            throw;
        }
        refused_ = connection_->attempt();
        refused_->facts = refused.facts();
    }
    connection_ = std::make_unique<Connection>(route_, other);
    try {
        open_with(other, avoided, patience);
    } catch (Failure& refused_again) {
        refused_again.facts().details["renewal"] = "done";
        throw;
    }
}

void SignIn::open_with(const sasl::Credentials* credentials, const std::set<std::string>& avoided,
                       const net::Patience& patience) {
    try {
        try {
            connection_->open(patience, avoided);
        } catch (const Failure& failure) {
            // A server that breaks off on a TLS session of before: a full handshake may be all it wants.
            if (!failure.facts().details.contains(net::session_offered)) throw;
            connection_ = std::make_unique<Connection>(route_, credentials);
            connection_->open(patience, avoided);
        }
    } catch (Failure& failure) {
        const Facts& facts = failure.facts();
        const bool asked = by_token(credentials) && route_.examine && facts.stage == Stage::auth;
        if (asked && !beside_the_point(facts)) route_.examine(failure.facts(), credentials->password);
        throw;
    }
}

/// Null where there is no other token to be had. The time counts as the refused attempt's.
const sasl::Credentials* SignIn::renew(const Facts& refusal, const net::Patience& patience) {
    renewing_ = true;
    if (route_.entered) route_.entered(Stage::token);
    const std::uint64_t started = route_.clock.monotonic_ms();
    const auto count_time = [&] { connection_->spent(Stage::token, route_.clock.monotonic_ms() - started); };
    try {
        renewed_ = route_.renew(patience);
        count_time();
    } catch (const Failure& unavailable) {
        count_time();
        Facts facts = refusal;
        facts.details["renewal"] = "failed";
        facts.cause = std::make_shared<const Facts>(unavailable.facts());
        throw Failure(std::move(facts));
    } catch (const net::TimedOut& late) {
        count_time();
        Facts facts = located(timed_out(Stage::token, late.overall(), route_), route_);
        facts.details["renewal"] = "failed";
        facts.cause = std::make_shared<const Facts>(refusal);
        throw Failure(std::move(facts));
    }
    renewing_ = false;
    return renewed_ ? &*renewed_ : nullptr;
}

}  // namespace mailsend::delivery
