#include "delivery/sign_in.hpp"

#include <chrono>
#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "delivery/smtp_transport.hpp"
#include "message/message.hpp"
#include "token_server.hpp"

namespace mailsend::delivery {
namespace {

using std::chrono::steady_clock;

const wfc_clock& real_clock() {
    static const wfc_clock table = [] {
        wfc_clock clock{};
        clock.struct_size = sizeof clock;
        clock.monotonic_ms = [](void*) noexcept -> std::uint64_t {
            return static_cast<std::uint64_t>(
                std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now().time_since_epoch())
                    .count());
        };
        return clock;
    }();
    return table;
}

sasl::Credentials with_token(std::string_view token) {
    return {"alice@example.test", wfc::SecretString(token), sasl::Proof::access_token};
}

std::string auth_line(std::string_view token) {
    return "AUTH XOAUTH2 " +
           crypto::base64_encode("user=alice@example.test\1auth=Bearer " + std::string(token) + "\1\1");
}

class SigningIn : public testing::Test {
  protected:
    Route route_to(const TokenServer& server) {
        Route route;
        route.endpoint = {"127.0.0.1", server.port(), {}};
        route.protection = smtp::Protection::none;
        route.ehlo_name = "client.example.test";
        route.allow_cleartext_auth = true;
        route.credentials = with_token("0ld-t0ken");
        route.renew = [this](const net::Patience&) -> std::optional<sasl::Credentials> {
            ++asked;
            if (failure) throw Failure(*failure);
            if (!renewable) return std::nullopt;
            return with_token("n3w-t0ken");
        };
        route.trust = [] {
            return std::make_shared<const net::Trust>(net::TrustTerms{.pin_sha256 = "unused"});
        };
        route.clock = wfc::Clock(&real_clock());
        return route;
    }
    static net::Patience patience_of(const Route& route, std::function<bool()> cancelled = nullptr) {
        return {route.clock, std::move(cancelled), route.clock.monotonic_ms() + 60'000};
    }
    /// What signing in fails with.
    static Facts refusal(SignIn& sign_in, const Route& route) {
        try {
            sign_in.open(patience_of(route));
        } catch (const Failure& failure) {
            sign_in.connection().quit(patience_of(route));
            return failure.facts();
        }
        ADD_FAILURE() << "no failure";
        return {};
    }
    static Report sent(const Route& route) {
        Draft draft;
        draft.from = parse_mailbox("alice@example.test");
        draft.to = parse_mailbox_list("bob@example.test");
        draft.text = "Hello";
        Circumstances circumstances;
        circumstances.message_id = "id@example.test";
        const auto message = compose(draft, circumstances, nullptr);
        return SmtpTransport(route, Partial::report).deliver(*message, patience_of(route));
    }

    int asked = 0;
    bool renewable = true;
    std::optional<Facts> failure;
};

TEST_F(SigningIn, TakesAnotherTokenOnceWhereTheFirstIsRefused) {
    TokenServer server({{"535 5.7.8 no"}, {"235 welcome"}});
    const Route route = route_to(server);
    const Report report = sent(route);
    EXPECT_EQ(report.verdict, Verdict::accepted);
    EXPECT_EQ(asked, 1);
    ASSERT_EQ(report.attempts.size(), 2u);
    ASSERT_TRUE(report.attempts.front().facts);
    EXPECT_EQ(report.attempts.front().facts->reply->code, 535);
    EXPECT_EQ(report.attempts.front().facts->details.at("proof"), "access_token");
    EXPECT_FALSE(report.attempts.back().facts);
    EXPECT_FALSE(report.facts);
    const std::vector<std::string> heard = server.heard();
    ASSERT_GE(heard.size(), 5u);
    EXPECT_EQ(heard[1], auth_line("0ld-t0ken"));
    EXPECT_EQ(heard[2], "QUIT");
    EXPECT_EQ(heard[4], auth_line("n3w-t0ken"));
}

TEST_F(SigningIn, AsksNoThirdTime) {
    TokenServer server({{"535 5.7.8 no"}, {"535 5.7.8 still no"}});
    const Route route = route_to(server);
    const Report report = sent(route);
    EXPECT_EQ(report.verdict, Verdict::failed);
    EXPECT_EQ(report.facts->reply->words(), "535 5.7.8 still no");
    EXPECT_EQ(report.attempts.size(), 2u);
    EXPECT_EQ(asked, 1);
}

TEST_F(SigningIn, TakesAnotherTokenAfterARefusalInAChallengeAlsoWhereTheServerHangsUp) {
    const std::string challenge = "334 " + crypto::base64_encode(R"({"status":"401"})");
    for (const char* last : {"535 5.7.8 no", "hang up"}) {
        TokenServer server({{challenge, last}, {"235 welcome"}});
        const Route route = route_to(server);
        SignIn sign_in(route);
        sign_in.open(patience_of(route));
        EXPECT_EQ(sign_in.connection().server().auth, "XOAUTH2");
        ASSERT_TRUE(sign_in.refused());
        EXPECT_EQ(sign_in.refused()->facts->challenge, R"({"status":"401"})") << last;
        sign_in.connection().quit(patience_of(route));
    }
    EXPECT_EQ(asked, 2);
}

TEST_F(SigningIn, ReportsBothRefusalsWhereNoOtherTokenCanBeHad) {
    TokenServer server({{"535 5.7.8 no"}});
    const Route route = route_to(server);
    failure = Failure(Stage::token, "token.refused", "invalid_grant").facts();
    SignIn sign_in(route);
    const Facts facts = refusal(sign_in, route);
    EXPECT_EQ(facts.stage, Stage::auth);
    EXPECT_EQ(facts.reply->code, 535);
    ASSERT_TRUE(facts.cause);
    EXPECT_EQ(facts.cause->condition, "token.refused");
    EXPECT_FALSE(sign_in.refused()) << "there was one attempt";
}

TEST_F(SigningIn, LeavesTheRefusalAloneWhereThereIsNoOtherToken) {
    for (const bool can_ask : {true, false}) {
        TokenServer server({{"535 5.7.8 no"}});
        Route route = route_to(server);
        renewable = false;
        if (!can_ask) route.renew = nullptr;
        SignIn sign_in(route);
        const Facts facts = refusal(sign_in, route);
        EXPECT_EQ(facts.reply->code, 535);
        EXPECT_FALSE(facts.cause);
    }
}

TEST_F(SigningIn, LetsEachRefusedTokenBeExamined) {
    TokenServer server({{"535 5.7.8 no"}, {"535 5.7.8 still no"}});
    Route route = route_to(server);
    std::vector<std::string> examined;
    route.examine = [&](Facts& facts, const wfc::SecretString& token) {
        examined.emplace_back(token.reveal());
        facts.details["token_fault"] = "fault " + std::to_string(examined.size());
    };
    const Report report = sent(route);
    EXPECT_EQ(examined, (std::vector<std::string>{"0ld-t0ken", "n3w-t0ken"}));
    EXPECT_EQ(report.attempts.front().facts->details.at("token_fault"), "fault 1");
    EXPECT_EQ(report.facts->details.at("token_fault"), "fault 2");
}

TEST_F(SigningIn, DoesNotAskForATokenWhereAPasswordIsRefused) {
    TokenServer server({{"535 5.7.8 no"}});
    Route route = route_to(server);
    route.credentials->proof = sasl::Proof::password;
    SignIn sign_in(route);
    EXPECT_EQ(refusal(sign_in, route).condition, "auth.no_mechanism");
    EXPECT_EQ(asked, 0);
}

TEST_F(SigningIn, EndsWhenTheHostStopsItWhileATokenIsAskedFor) {
    TokenServer server({{"535 5.7.8 no"}});
    Route route = route_to(server);
    bool cancelled = false;
    std::vector<Stage> entered;
    route.entered = [&](Stage stage) { entered.push_back(stage); };
    route.renew = [&](const net::Patience& patience) -> std::optional<sasl::Credentials> {
        cancelled = true;
        patience.check();
        return std::nullopt;
    };
    SignIn sign_in(route);
    EXPECT_THROW(sign_in.open(patience_of(route, [&] { return cancelled; })), Cancelled);
    EXPECT_EQ(sign_in.stage(), Stage::token);
    EXPECT_EQ(entered.back(), Stage::token);
}

TEST_F(SigningIn, SaysThatTheDeadlinePassedWhileATokenWasAskedForAndWhatLedToIt) {
    TokenServer server({{"535 5.7.8 no"}});
    Route route = route_to(server);
    route.renew = [](const net::Patience&) -> std::optional<sasl::Credentials> { throw net::TimedOut(true); };
    SignIn sign_in(route);
    const Facts facts = refusal(sign_in, route);
    EXPECT_EQ(facts.condition, "deadline.passed");
    EXPECT_EQ(facts.stage, Stage::token);
    EXPECT_EQ(facts.cause->reply->code, 535);
}

Facts reply_to_auth(const std::string& line, const std::string& challenge = {}) {
    Facts facts;
    facts.stage = Stage::auth;
    facts.reply = Reply{std::stoi(line), {line}};
    facts.challenge = challenge;
    return facts;
}

TEST(AnotherToken, HelpsWhereTheTokenItselfIsRefused) {
    for (const char* line :
         {"535 5.7.8 no", "535 5.7.3 Authentication unsuccessful", "535 no", "550 5.7.1 no", "554 no"})
        EXPECT_TRUE(another_token_may_help(reply_to_auth(line))) << line;
    for (const char* status : {R"({"status":"400"})", R"({"status":"401"})", R"({"status":"invalid_token"})",
                               R"({"error":"invalid_token"})"})
        EXPECT_TRUE(another_token_may_help(reply_to_auth("535 no", status))) << status;
    Facts given_up = reply_to_auth("501 cancelled", R"({"status":"401"})");
    given_up.condition = "auth.refused_in_challenge";
    EXPECT_TRUE(another_token_may_help(given_up)) << "the challenge was the refusal, 501 only ends it";
}

TEST(AnotherToken, DoesNotHelpWhereSomethingElseIsWrong) {
    for (const char* line :
         {"454 4.7.0 busy", "432 later", "421 bye", "530 5.7.0 STARTTLS first", "534 5.7.9 too weak",
          "538 5.7.11 encrypt", "504 5.5.4 unknown", "500 5.5.2 Line too long", "501 5.5.2 what",
          "502 5.5.1 no", "503 5.5.1 no",
          "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
          "550 5.7.30 Basic authentication is not supported",
          "535 5.7.8 Error: authentication failed: Invalid base64 data in continued response"})
        EXPECT_FALSE(another_token_may_help(reply_to_auth(line))) << line;
    for (const char* status : {R"({"status":"insufficient_scope"})", R"({"status":"403"})"})
        EXPECT_FALSE(another_token_may_help(reply_to_auth("535 no", status))) << status;
    EXPECT_FALSE(another_token_may_help(reply_to_auth("454 4.7.0 busy", R"({"status":"401"})")));
    for (const char* condition :
         {"auth.no_mechanism", "auth.cleartext_forbidden", "conn.closed", "tls.timeout"})
        EXPECT_FALSE(another_token_may_help(Failure(Stage::auth, condition, "no").facts())) << condition;
    Facts at_mail = reply_to_auth("530 5.7.0 sign in first");
    at_mail.stage = Stage::mail;
    at_mail.reply = Reply{535, {"535 no"}};
    EXPECT_FALSE(another_token_may_help(at_mail)) << "nothing is done twice once MAIL was said";
}

}  // namespace
}  // namespace mailsend::delivery
