#include "sign_in_bench.hpp"

// What `validate` says about a sign-in, without asking anybody.

namespace {

using test::json;
using test::SignInBench;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// "error /auth/tokens: The …" for each problem.
std::vector<std::string> problems(SignInBench& bench) {
    EXPECT_EQ(bench.ready.run(mailsend::validate), WFC_OK);
    std::vector<std::string> out;
    for (const auto& problem : bench.ready.document.at("problems"))
        out.push_back(problem.at("severity").get<std::string>() + " " +
                      problem.at("pointer").get<std::string>() + ": " +
                      problem.at("message").get<std::string>());
    return out;
}

TEST(ValidateAccount, FindsNothingWrongWithASignInThatIsUsed) {
    SignInBench bench({}, "validate");
    bench.store(bench.earlier());
    EXPECT_THAT(problems(bench), Not(Contains(HasSubstr("/auth"))));
    EXPECT_TRUE(bench.server.requests().empty());
}

TEST(ValidateAccount, CallsASignInThatIsKnownToBeDeadAnError) {
    for (const char* language : {"en", "ja"}) {
        SignInBench bench({test::refusal("invalid_grant", "Token has been expired or revoked.")}, "validate");
        bench.ready.with({{"language", language}});
        auto record = bench.earlier();
        record.access_expires_at = bench.now_s() - 60;
        bench.die(record);
        EXPECT_THAT(problems(bench),
                    Contains(AllOf(StartsWith("error /auth/tokens: "), HasSubstr("Google"))));
        EXPECT_EQ(bench.server.requests().size(), 1U);
    }
}

TEST(ValidateAccount, CallsWhatCannotBeReadAnError) {
    SignInBench bench({}, "validate");
    bench.ready.host.secret("sign-in", "no record");
    const auto found = problems(bench);
    EXPECT_THAT(found, Contains(StartsWith("error /auth/tokens: ")));
    EXPECT_THAT(found, Not(Contains(HasSubstr("Nobody has signed in"))));
}

TEST(ValidateAccount, WarnsThatNobodyHasSignedIn) {
    SignInBench bench({}, "validate");
    EXPECT_THAT(problems(bench), Contains(StartsWith("warning /auth/tokens: Nobody has signed in")));
}

TEST(ValidateAccount, SaysNothingAboutASignInThatAStoreCannotGive) {
    SignInBench bench({}, "validate");
    bench.ready.host.secret_status("sign-in", WFC_UNAVAILABLE);
    EXPECT_THAT(problems(bench), Not(Contains(HasSubstr("/auth/tokens"))));
}

}  // namespace
