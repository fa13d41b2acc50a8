#include "host/prompt_question.hpp"

#include <gmock/gmock.h>

#include "wfc/problem.hpp"

namespace wfc {
namespace {

/// The sentence and pointer of the refusal; empty where it is accepted.
std::string refusal(const std::string& question) try {
    read_prompt_question(question);
    return {};
} catch (const Problem& problem) {
    EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
    return problem.pointer() + ": " + problem.what();
}

std::string redirect(const std::string& url, const std::string& uri, const std::string& state = "s") {
    return R"({"kind":"redirect","url":")" + url + R"(","redirect_uri":")" + uri + R"(","state":")" + state +
           R"(","language":"ja","setting":"/auth/redirect_uri","later":1})";
}

TEST(PromptQuestion, ReadsARedirectAndLeavesNewMembersToLaterHosts) {
    const PromptQuestion read =
        read_prompt_question(redirect("https://login.example.test/a?b=c", "http://[::1]:48888/call%20back"));
    const auto& question = std::get<RedirectQuestion>(read);
    EXPECT_EQ(question.redirect.port, 48888);
    EXPECT_EQ(question.redirect.path, "/call%20back");
    EXPECT_EQ(question.state.reveal(), "s");
    EXPECT_EQ(question.language, "ja");
}

TEST(PromptQuestion, OpensOnlyTheWeb) {
    const std::string uri = "http://localhost:48888/callback";
    EXPECT_EQ(refusal(redirect("http://localhost:9000/authorize", uri)), "");
    for (const char* url :
         {"http://login.example.test/", "file:///etc/passwd", "javascript:alert(1)", "-o", "https://",
          "https://a b", "https://a/\\u0007", "https://a/\\nb", "", "HTTPS://login.example.test/",
          "http://localhost.example.test/", "http://127.0.0.2/", "http://localhost:x/"}) {
        EXPECT_THAT(refusal(redirect(url, uri)), testing::HasSubstr("/url must be an https address")) << url;
    }
    EXPECT_NE(refusal(redirect("https://a/" + std::string(longest_web_address, 'a'), uri)), "");
}

TEST(PromptQuestion, ComesBackOnlyToThisMachine) {
    for (const char* uri : {"https://127.0.0.1:48888/callback", "http://192.0.2.1:48888/callback",
                            "http://0.0.0.0:1/", "http://127.0.0.1:48888/callback?x=y",
                            "http://127.0.0.1:48888/callback#x", "http://user@127.0.0.1:48888/callback",
                            "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "callback", ""}) {
        EXPECT_THAT(refusal(redirect("https://a/", uri)), testing::HasSubstr("/redirect_uri must be http to"))
            << uri;
    }
    EXPECT_EQ(redirect_address("http://127.0.0.1:48888")->path, "/");
}

TEST(PromptQuestion, NeedsItsMembers) {
    EXPECT_EQ(refusal(redirect("https://a/", "http://localhost:1/c", "")),
              "/state: /state must not be empty");
    EXPECT_EQ(refusal("{}"), "/kind: /kind is missing");
    EXPECT_THAT(refusal(R"({"kind":"redirct"})"), testing::HasSubstr("did you mean \"redirect\"?"));
    EXPECT_EQ(refusal(R"({"kind":"device","url":"https://a/","user_code":"x","expires_in_s":"9"})"),
              "/expires_in_s: /expires_in_s must be a whole number");
    EXPECT_EQ(refusal(R"({"kind":"outcome","pages":{"en":{"title":"t"}}})"),
              "/succeeded: /succeeded is missing");
    EXPECT_EQ(refusal(R"({"kind":"outcome","succeeded":true,"pages":{}})"),
              "/pages: /pages must have \"en\" or \"ja\"");
    EXPECT_EQ(refusal(R"({"kind":"outcome","succeeded":true,"pages":{"ja":{"title":"t","steps":[1]}}})"),
              "/pages/ja/steps: /pages/ja/steps must be a list of strings");
    EXPECT_THAT(refusal("[]"), testing::HasSubstr("must be an object"));
    EXPECT_THAT(refusal(std::string(300 * 1024, ' ')), testing::HasSubstr("larger than"));
}

TEST(PromptQuestion, ReadsAnOutcome) {
    const PromptQuestion read = read_prompt_question(
        R"({"kind":"outcome","succeeded":false,"pages":{"en":{"title":"No","text":"why","steps":["a","b"]}}})");
    const auto& question = std::get<OutcomeQuestion>(read);
    EXPECT_FALSE(question.succeeded);
    EXPECT_EQ(question.pages.at("en").text, "why");
    EXPECT_THAT(question.pages.at("en").steps, testing::ElementsAre("a", "b"));
}

}  // namespace
}  // namespace wfc
