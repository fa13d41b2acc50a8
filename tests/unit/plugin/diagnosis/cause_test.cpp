// Failures that another failure led to, and what a server says about an access token.
#include <gtest/gtest.h>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/matcher.hpp"
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
