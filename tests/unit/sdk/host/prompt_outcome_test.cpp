#include <gmock/gmock.h>

#include "visitor.hpp"

namespace wfc {
namespace {

using test::Asked;
using test::get;
using test::Visitor;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* signed_in = R"({"kind":"outcome","succeeded":true,"pages":{
    "en":{"title":"Signed in","text":"You can close this window.","steps":[]},
    "ja":{"title":"サインインしました","text":"このウィンドウは閉じてかまいません。","steps":[]}}})";

/// The page at which a browser ends that came with `fields`, once `end` has happened.
std::string last_page(const std::string& fields, const std::function<void(Asked&)>& end,
                      const std::string& language = "en") {
    std::optional<Asked> asked;
    asked.emplace(nullptr, std::function<void(Asked&)>(), language);
    const Visitor browser(asked->port);
    EXPECT_TRUE(browser.send(get(asked->port, test::right_target, fields)));
    EXPECT_EQ(asked->answer().status, WFC_OK);
    std::thread teller([&] {
        end(*asked);
        asked.reset();
    });
    std::string page = browser.rest();
    teller.join();
    return page;
}

TEST(PromptOutcome, IsShownAtThePageThatWaits) {
    const std::string page = last_page({}, [](Asked& asked) {
        const Prompt::Answer answer = asked.say(signed_in);
        EXPECT_EQ(answer.status, WFC_OK);
        EXPECT_EQ(answer.document.reveal(), "{}");
    });
    EXPECT_THAT(page, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("<html lang=\"en\">"),
                            HasSubstr("<title>Signed in</title>"), HasSubstr("<main class=\"good\">"),
                            HasSubstr("Cache-Control: no-store"), Not(HasSubstr("the-code"))));
}

TEST(PromptOutcome, IsShownInTheBrowsersLanguage) {
    const std::string page =
        last_page("Accept-Language: ja,en;q=0.5\r\n", [](Asked& asked) { asked.say(signed_in); });
    EXPECT_THAT(page, AllOf(HasSubstr("<html lang=\"ja\">"), HasSubstr("サインインしました"),
                            HasSubstr("Content-Language: ja\r\n"), Not(HasSubstr("Signed in"))));
}

TEST(PromptOutcome, IsShownInTheQuestionsLanguageToABrowserThatNamesNone) {
    EXPECT_THAT(last_page(
                    {}, [](Asked& asked) { asked.say(signed_in); }, "ja"),
                HasSubstr("サインインしました"));
    EXPECT_THAT(last_page(
                    "Accept-Language: fr\r\n", [](Asked& asked) { asked.say(signed_in); }, "ja"),
                HasSubstr("サインインしました"));
}

TEST(PromptOutcome, IsEscapedAndHasItsSteps) {
    const std::string page = last_page("Accept-Language: ja\r\n", [](Asked& asked) {
        asked.say(R"({"kind":"outcome","succeeded":false,"pages":{"en":{"title":"<b>&\"'</b>",
                      "text":"<script>alert(1)</script>","steps":["<i>one</i>","two"]}}})");
    });
    EXPECT_THAT(page,
                AllOf(HasSubstr("<h1>&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;</h1>"), Not(HasSubstr("<script")),
                      HasSubstr("<li>&lt;i&gt;one&lt;/i&gt;</li>\n<li>two</li>"),
                      HasSubstr("<main class=\"bad\">"), HasSubstr("<html lang=\"en\">")));
}

TEST(PromptOutcome, IsNeutralWhereTheProgramEndsBeforeIt) {
    const std::string page = last_page({}, [](Asked&) {});
    EXPECT_THAT(page, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("The answer has arrived")));
    EXPECT_THAT(last_page("Accept-Language: ja\r\n", [](Asked&) {}), HasSubstr("応答を受け取りました"));
}

TEST(PromptOutcome, IsNeutralWhereTheNextQuestionComesFirst) {
    const std::string page = last_page({}, [](Asked& asked) {
        asked.say(
            R"({"kind":"device","url":"https://login.example.test/device","user_code":"A","expires_in_s":9})");
    });
    EXPECT_THAT(page, HasSubstr("The answer has arrived"));
}

TEST(PromptOutcome, DoesNotMindABrowserThatHasGone) {
    Asked asked;
    Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(get(asked.port, test::right_target)));
    ASSERT_EQ(asked.answer().status, WFC_OK);
    browser.leave();
    EXPECT_EQ(asked.say(signed_in).status, WFC_OK);
    EXPECT_EQ(asked.say(signed_in).status, WFC_OK) << "nobody waits any more";
}

}  // namespace
}  // namespace wfc
