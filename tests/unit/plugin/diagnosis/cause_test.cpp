// Failures that another failure led to, and what a server says about an access token.
#include <gtest/gtest.h>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/matcher.hpp"
#include "diagnosis/wait_words.hpp"
#include "unit/plugin/diagnosis/small_catalogue.hpp"

namespace mailsend {
namespace {

Facts refused_login() {
    Facts facts;
    facts.stage = Stage::auth;
    facts.reply = Reply{535, {"535 5.7.8 no"}};
    return facts;
}

Facts because(Facts facts, Facts cause) {
    facts.cause = std::make_shared<const Facts>(std::move(cause));
    return facts;
}

TEST(Explaining, ExplainsTheCauseToo) {
    const Facts cause = Failure(Stage::connect, "conn.refused", "refused").facts();
    const Error error = explained(because(refused_login(), cause), Reader(Language::en));
    EXPECT_EQ(error.diagnosis.id, "generic.auth.failed");
    ASSERT_TRUE(error.cause);
    EXPECT_EQ(error.cause->diagnosis.id, "conn.refused");
    EXPECT_EQ(error.cause->facts.stage, Stage::connect);
    EXPECT_FALSE(error.cause->cause);
    EXPECT_FALSE(explained(refused_login(), Reader(Language::en)).cause);
}

TEST(Explaining, FollowsTwoCausesAndNoMore) {
    Facts facts = refused_login();
    for (int i = 0; i < 5; ++i) facts = because(refused_login(), facts);
    const Error error = explained(facts, Reader(Language::ja));
    ASSERT_TRUE(error.cause && error.cause->cause);
    EXPECT_FALSE(error.cause->cause->cause);
}

TEST(Explaining, ExplainsEachAttemptThatHasFacts) {
    std::vector<Attempt> attempts(2);
    attempts.front().facts = refused_login();
    explain(attempts, Reader(Language::en));
    ASSERT_TRUE(attempts.front().error);
    EXPECT_EQ(attempts.front().error->diagnosis.id, "generic.auth.failed");
    EXPECT_FALSE(attempts.back().error);
}

TEST(Diagnosing, SeesThatARefusedLoginMayPassWhereTheCauseMay) {
    const Diagnosis alone = diagnose(refused_login(), Language::en);
    EXPECT_EQ(alone.error_class, ErrorClass::permanent);
    const Facts busy = Failure(Stage::connect, "conn.timeout", "no answer").facts();
    const Diagnosis passing = diagnose(because(refused_login(), busy), Language::en);
    EXPECT_EQ(passing.id, alone.id);
    EXPECT_EQ(passing.error_class, ErrorClass::transient);
    EXPECT_EQ(passing.advice, Advice::backoff);
    EXPECT_TRUE(passing.delay);
    const Facts dead = Failure(Stage::settings, "settings.invalid", "no").facts();
    EXPECT_EQ(diagnose(because(refused_login(), dead), Language::en).error_class, ErrorClass::permanent);
}

TEST(Diagnosing, WaitsAsLongAsTheAuthorizationServerAsks) {
    const auto of = [](const char* condition, const char* seconds) {
        return diagnose(Failure(Stage::token, condition, "no").with("retry_after_s", seconds).facts(),
                        Language::en);
    };
    EXPECT_EQ(of("conn.timeout", "90").advice, Advice::after);
    EXPECT_EQ(of("conn.timeout", "90").delay, std::chrono::seconds(90));
    EXPECT_EQ(of("conn.timeout", "604800").delay, std::chrono::hours(24));
    EXPECT_EQ(of("conn.timeout", "99999999999999999999").delay, std::chrono::hours(24));
    EXPECT_EQ(of("conn.timeout", "0").delay, std::chrono::seconds(1));
    for (const char* none : {"", "-5", "soon", "1.5"})
        EXPECT_EQ(of("conn.timeout", none).advice, Advice::backoff) << none;
    EXPECT_EQ(of("settings.invalid", "90").advice, Advice::after_fix) << "waiting does not cure a mistake";
}

TEST(Diagnosing, AdvisesToWaitAsLongAsIsKnown) {
    const auto of = [](const char* condition, const char* ms) {
        return diagnose(Failure(Stage::mail, condition, "no").with("retry_after_ms", ms).facts(),
                        Language::en);
    };
    const Diagnosis day = of("limit.messages_per_day", "7200000");
    EXPECT_EQ(day.error_class, ErrorClass::transient);
    EXPECT_EQ(day.advice, Advice::after);
    EXPECT_EQ(day.delay, std::chrono::hours(2));
    EXPECT_NE(day.explanation.cause.find("in 2 hours"), std::string::npos) << day.explanation.cause;
    // Whatever the entry says; its class stays.
    EXPECT_EQ(of("conn.timeout", "90000").advice, Advice::after);
    EXPECT_EQ(of("conn.timeout", "90000").delay, std::chrono::seconds(90));
    EXPECT_EQ(of("settings.invalid", "90000").advice, Advice::after);
    EXPECT_EQ(of("settings.invalid", "90000").error_class, ErrorClass::permanent);
    EXPECT_EQ(of("limit.messages_per_day", "99999999999999999999").delay, std::chrono::hours(24 * 400));
    for (const char* none : {"", "-5", "soon", "1.5"})
        EXPECT_EQ(of("limit.connections", none).advice, Advice::backoff) << none;
}

TEST(Diagnosing, LeavesTheTimeToWaitOutWhereItIsNotKnown) {
    const Failure limit(Stage::mail, "limit.messages_per_minute", "30 messages a minute");
    const Diagnosis known = diagnose(limit.facts(), Language::ja);
    EXPECT_EQ(known.advice, Advice::after);
    EXPECT_EQ(known.explanation.cause.find("次に送信できるのは"), std::string::npos)
        << known.explanation.cause;
    Failure waiting = limit;
    waiting.facts().details = {{"limit", "30"}, {"retry_after_ms", "12500"}};
    const Diagnosis told = diagnose(waiting.facts(), Language::ja);
    EXPECT_NE(told.explanation.cause.find("次に送信できるのは 13 秒後です"), std::string::npos)
        << told.explanation.cause;
    EXPECT_NE(told.explanation.cause.find("上限(30 通)"), std::string::npos) << told.explanation.cause;
}

TEST(Diagnosing, KnowsRepliesThatRepeatingMakesWorse) {
    const auto penalty = [](Stage stage, int code, const char* line) {
        Facts facts;
        facts.stage = stage;
        facts.reply = Reply{code, {line}};
        return diagnose(facts, Language::en).penalty;
    };
    EXPECT_TRUE(
        penalty(Stage::auth, 454, "454 4.7.0 Too many login attempts, please try again later. x - gsmtp"));
    EXPECT_TRUE(penalty(Stage::mail, 421, "421 4.7.0 [TSS04] Messages temporarily deferred"));
    EXPECT_TRUE(penalty(Stage::dot, 550, "550 5.4.5 Daily user sending limit exceeded. x - gsmtp"));
    EXPECT_FALSE(penalty(Stage::dot, 451, "451 4.3.0 try again"));
    EXPECT_FALSE(penalty(Stage::rcpt, 450, "450 4.2.0 greylisted"));
    EXPECT_FALSE(diagnose(Failure(Stage::connect, "conn.timeout", "no").facts(), Language::en).penalty);
}

TEST(WaitWords, AreRoundedUpInTheLargestUnitThatFits) {
    using namespace std::chrono_literals;
    const auto en = [](std::chrono::milliseconds wait) { return diagnosis::wait_words(wait, Language::en); };
    EXPECT_EQ(en(0ms), "1 second");
    EXPECT_EQ(en(1001ms), "2 seconds");
    EXPECT_EQ(en(119s), "119 seconds");
    EXPECT_EQ(en(120s), "2 minutes");
    EXPECT_EQ(en(121s), "3 minutes");
    EXPECT_EQ(en(2h), "2 hours");
    EXPECT_EQ(en(47h), "47 hours");
    EXPECT_EQ(en(49h), "3 days");
    EXPECT_EQ(diagnosis::wait_words(3h, Language::ja), "3 時間");
}

TEST(Matching, TellsTheStatusesOfAChallengeApart) {
    const nlohmann::json match{{"details", {{"challenge", R"("status" ?: ?"401")"}}}};
    const diagnosis::SmallCatalogue catalogue(nlohmann::json::array({match, nlohmann::json::object()}));
    Facts facts = refused_login();
    const auto matches = [&] { return diagnosis::Evidence(facts, *catalogue).entry() == 0; };
    EXPECT_FALSE(matches());
    facts.details["challenge"] = R"({"status":"400"})";
    EXPECT_FALSE(matches());
    facts.details["challenge"] = R"({"status":"401","scope":"s"})";
    EXPECT_TRUE(matches());
}

}  // namespace
}  // namespace mailsend
