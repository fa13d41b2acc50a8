#include "delivery/sign_in.hpp"

#include "crypto/base64.hpp"
#include "over_smtp.hpp"
#include "token_server.hpp"

namespace mailsend::delivery {
namespace {

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
        SmtpTransport transport(route, Partial::report);
        Report report = transport.deliver(*message, {.recipients = {0}}, patience_of(route));
        transport.close(patience_of(route));
        return report;
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

TEST_F(SigningIn, KeepsTheOtherTokenForTheNextConnection) {
    TokenServer server({{"535 5.7.8 no"}, {"235 welcome"}, {"535 5.7.8 no more"}});
    const Route route = route_to(server);
    SignIn sign_in(route);
    sign_in.open(patience_of(route));
    sign_in.connection().quit(patience_of(route));
    EXPECT_EQ(refusal(sign_in, route).details.at("renewal"), "done");
    EXPECT_EQ(server.heard().at(7), auth_line("n3w-t0ken"));
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

TEST_F(SigningIn, SaysWhatBecameOfTheRenewal) {
    struct Case {
        std::vector<std::vector<std::string>> verdicts;
        bool renewable;
        bool fails;
        const char* told;
    };
    for (const Case& one :
         {Case{{{"535 5.7.8 no"}, {"535 5.7.8 still no"}}, true, false, "done"},
          Case{{{"535 5.7.8 no"}, {"hang up"}}, true, false, "done"},
          Case{{{"535 5.7.8 no"}}, true, true, "failed"}, Case{{{"535 5.7.8 no"}}, false, false, "none"},
          Case{{{"454 4.7.0 busy"}}, true, false, "none"}}) {
        TokenServer server(one.verdicts);
        const Route route = route_to(server);
        renewable = one.renewable;
        failure.reset();
        if (one.fails) failure = Failure(Stage::token, "token.refused", "invalid_grant").facts();
        const Report report = sent(route);
        EXPECT_EQ(report.facts->details.at("renewal"), one.told);
        if (report.attempts.size() == 2) {
            EXPECT_FALSE(report.attempts.front().facts->details.contains("renewal"))
                << "nothing had been tried before";
        }
    }
    TokenServer server({{"535 5.7.8 no"}});
    Route route = route_to(server);
    route.renew = nullptr;
    SignIn sign_in(route);
    EXPECT_EQ(refusal(sign_in, route).details.at("renewal"), "none");
}

TEST_F(SigningIn, CountsTheTimeOfTheRenewalToTheAttemptThatNeededIt) {
    for (const bool fails : {false, true}) {
        TokenServer server({{"535 5.7.8 no"}, {"235 welcome"}});
        Route route = route_to(server);
        route.renew = [&](const net::Patience&) -> std::optional<sasl::Credentials> {
            const std::uint64_t end = route.clock.monotonic_ms() + 30;
            while (route.clock.monotonic_ms() < end) std::this_thread::yield();
            if (fails) throw Failure(Stage::token, "token.refused", "invalid_grant");
            return with_token("n3w-t0ken");
        };
        const Report report = sent(route);
        EXPECT_GE(report.attempts.front().timing_ms.at("token"), 30u);
        EXPECT_EQ(report.attempts.size(), fails ? 1u : 2u);
        if (!fails) {
            EXPECT_FALSE(report.attempts.back().timing_ms.contains("token"));
        }
    }
}

TEST_F(SigningIn, DoesNotHaveATokenExaminedThatTheServerDoesNotSpeakOf) {
    const std::string refused_token = "334 " + crypto::base64_encode(R"({"status":"403"})");
    const std::vector<std::pair<std::vector<std::string>, bool>> cases{
        {{"530 5.7.0 Must issue a STARTTLS command first"}, false},
        {{"500 5.5.6 Line too long"}, false},
        {{"501 5.5.2 what"}, false},
        {{"504 5.5.4 unknown"}, false},
        {{"534 5.7.9 too weak"}, false},
        {{"538 5.7.11 encrypt"}, false},
        {{"535 5.7.8 Error: authentication failed: Invalid base64 data in continued response"}, false},
        {{"535 5.7.8 no"}, true},
        {{refused_token, "501 5.7.0 cancelled"}, true}};
    for (const auto& [verdict, expected] : cases) {
        TokenServer server({verdict});
        Route route = route_to(server);
        route.renew = nullptr;
        bool examined = false;
        route.examine = [&](Facts&, const wfc::SecretString&) { examined = true; };
        SignIn sign_in(route);
        refusal(sign_in, route);
        EXPECT_EQ(examined, expected) << verdict.back();
    }
}

}  // namespace
}  // namespace mailsend::delivery
