#include "sign_in_bench.hpp"

// What the host answers to a sign-in's questions, and what becomes of it.

namespace {

using test::json;
using test::SignInBench;
using test::tokens;
using testing::HasSubstr;

struct Said {
    wfc_status status;
    const char* answer;
    const char* condition;
};

/// The failure of a sign-in whose questions are answered like this.
mailsend::Facts failure_of(SignInBench& bench, wfc_status status, const std::string& answer) {
    bench.ready.host.on_prompt([status, answer](std::string_view, std::string& out) {
        out = answer;
        return status;
    });
    return bench.failure();
}

TEST(PromptDialogue, TellsWhyNobodyCouldBeAsked) {
    const Said all[] = {
        {WFC_UNAVAILABLE, R"({"problem":"port-in-use","address":"127.0.0.1:48888"})", "signin.port_in_use"},
        {WFC_UNAVAILABLE, R"({"problem":"port-denied","address":"127.0.0.1:80"})", "signin.port_denied"},
        {WFC_UNAVAILABLE, R"({"problem":"busy"})", "signin.busy"},
        {WFC_UNAVAILABLE, R"({"problem":"no-time-left"})", "signin.no_time_left"},
        {WFC_UNSUPPORTED, R"({"problem":"nobody"})", "signin.nobody"},
        {WFC_UNSUPPORTED, "", "signin.not_offered"},
        {WFC_INTERNAL, "no JSON", "signin.not_offered"},
        {WFC_UNAVAILABLE, R"({"problem":7})", "signin.not_offered"},
    };
    for (const Said& said : all) {
        SignInBench bench({});
        const auto facts = failure_of(bench, said.status, said.answer);
        EXPECT_EQ(facts.condition, said.condition) << said.answer;
        EXPECT_EQ(facts.stage, mailsend::Stage::token);
        EXPECT_TRUE(bench.nothing_stored());
    }
}

TEST(PromptDialogue, NamesTheSettingOfAPortThatCannotBeUsed) {
    for (const char* problem : {"port-in-use", "port-denied"}) {
        SignInBench named({});
        const auto facts =
            failure_of(named, WFC_UNAVAILABLE, json{{"problem", problem}, {"address", "[::1]:80"}}.dump());
        EXPECT_EQ(facts.pointer, "/auth/redirect_uri");
        EXPECT_EQ(test::detail(facts, "address"), "[::1]:80");
        EXPECT_THAT(facts.sentence, HasSubstr("[::1]:80"));
        SignInBench unnamed({});
        EXPECT_THAT(failure_of(unnamed, WFC_UNAVAILABLE, json{{"problem", problem}}.dump()).sentence,
                    HasSubstr("http://127.0.0.1:48888/callback"));
    }
}

TEST(PromptDialogue, IsNotOfferedByAHostWithoutTheService) {
    SignInBench bench({});
    bench.ready.host.without(WFC_PROMPT);
    EXPECT_EQ(bench.failure().condition, "signin.not_offered");
}

TEST(PromptDialogue, EndsWithTheCallThatIsCancelled) {
    SignInBench bench({});
    bench.ready.host.on_prompt([](std::string_view, std::string&) { return WFC_CANCELLED; });
    EXPECT_THROW(bench.run(), mailsend::Cancelled);
    EXPECT_TRUE(bench.nothing_stored());
}

TEST(PromptDialogue, TakesAnAnswerThatIsNoneForOneOfAnotherSignIn) {
    for (const char* answer : {"", "[]", "{}", R"({"parameters":[]})", R"({"parameters":{"state":{}}})"}) {
        SignInBench bench({});
        EXPECT_EQ(failure_of(bench, WFC_OK, answer).condition, "token.state") << answer;
    }
}

TEST(PromptDialogue, ShowsADeviceCodeAndAsksForTheTokensOfWhoeverTypedItIn) {
    SignInBench bench(
        {test::http("200 OK", R"({"device_code":"d-1","user_code":"ABCD-EFGH","verification_uri":
            "https://example.test/device","verification_uri_complete":"https://example.test/device?c=A",
            "expires_in":600,"interval":1})"),
         tokens({{"scope", nullptr}})});
    bench.custom().auth(
        {{"grant", "device-code"}, {"redirect_uri", nullptr}, {"endpoints", {{"authorize", nullptr}}}});
    EXPECT_EQ(bench.run(), WFC_OK);
    const json shown = bench.asked("device").at(0);
    EXPECT_EQ(shown["user_code"], "ABCD-EFGH");
    EXPECT_EQ(shown["url"], "https://example.test/device");
    EXPECT_EQ(shown["complete_url"], "https://example.test/device?c=A");
    EXPECT_EQ(shown["expires_in_s"], 600);
    EXPECT_EQ(shown["language"], "en");
    EXPECT_TRUE(bench.asked("redirect").empty());
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-1");
    EXPECT_EQ(bench.asked("outcome").at(0)["succeeded"], true);
}

TEST(PromptDialogue, CannotShowADeviceCodeToNobody) {
    SignInBench bench({test::http("200 OK", R"({"device_code":"d-1","user_code":"ABCD","verification_uri":
            "https://example.test/device"})")});
    bench.custom().auth(
        {{"grant", "device-code"}, {"redirect_uri", nullptr}, {"endpoints", {{"authorize", nullptr}}}});
    EXPECT_EQ(failure_of(bench, WFC_UNSUPPORTED, R"({"problem":"nobody"})").condition, "signin.nobody");
    EXPECT_EQ(bench.server.requests().size(), 1U) << "nothing is polled for";
}

}  // namespace
