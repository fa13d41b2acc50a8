#include <gmock/gmock.h>

#include "host/component_host.hpp"
#include "visitor.hpp"

namespace wfc {
namespace {

using test::Asked;
using test::get;
using test::Visitor;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::uint64_t now_ms() {
    return system_clock_table()->monotonic_ms(nullptr);
}

std::string post(std::uint16_t port, const std::string& body,
                 const std::string& type = "application/x-www-form-urlencoded") {
    return "POST /callback HTTP/1.1\r\nHost: localhost:" + std::to_string(port) +
           "\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

/// The answer to a visit that is not the right one; the right one is still waited for afterwards.
std::string wrong_visit(const std::function<std::string(std::uint16_t)>& request) {
    Asked asked;
    const Visitor wrong(asked.port);
    std::string answer = wrong.ask(request(asked.port));
    EXPECT_FALSE(asked.answered());
    const Visitor right(asked.port);
    right.send(get(asked.port, test::right_target));
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
    return answer;
}

TEST(PromptRedirect, AnswersWithTheParametersOfTheRightVisit) {
    Asked asked;
    const Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(get(asked.port, "/callback?code=a%2Fb+c&state=the-right-state&empty=")));
    const Prompt::Answer answer = asked.answer();
    EXPECT_EQ(answer.status, WFC_OK);
    EXPECT_EQ(answer.document.reveal(),
              R"({"parameters":{"code":"a/b c","state":"the-right-state","empty":""}})");
    EXPECT_THAT(asked.opened, ElementsAre("https://login.example.test/authorize?x=1"));
}

TEST(PromptRedirect, TakesAVisitOverIPv6WhereTheMachineHasIt) {
    const bool six = static_cast<bool>(test::Held(test::free_port(), AF_INET6));
    Asked asked;
    const Visitor browser(asked.port, six ? AF_INET6 : AF_INET);
    ASSERT_TRUE(browser.send("GET " + std::string(test::right_target) +
                             " HTTP/1.1\r\nHost: [::1]:" + std::to_string(asked.port) + "\r\n\r\n"));
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
}

TEST(PromptRedirect, TakesAForm) {
    Asked asked;
    const Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(post(asked.port, "code=the-code&state=the-right-state")));
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
}

TEST(PromptRedirect, PassesOnThatTheSignInWasRefused) {
    Asked asked;
    const Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(get(asked.port, "/callback?error=access_denied&state=the-right-state")));
    EXPECT_EQ(asked.answer().document.reveal(),
              R"({"parameters":{"error":"access_denied","state":"the-right-state"}})");
}

TEST(PromptRedirect, StopsListeningWithTheRightVisit) {
    Asked asked;
    const Visitor spare(asked.port);
    const Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(get(asked.port, test::right_target)));
    ASSERT_EQ(asked.answer().status, WFC_OK);
    EXPECT_FALSE(Visitor(asked.port).connected());
    EXPECT_FALSE(Visitor(asked.port, AF_INET6).connected());
    EXPECT_EQ(spare.rest(), "");
}

TEST(PromptRedirect, IsNotHeldUpByConnectionsThatSayNothing) {
    Asked asked;
    const Visitor one(asked.port), two(asked.port);
    const Visitor slow(asked.port);
    ASSERT_TRUE(slow.send("GET /callback?code=stolen&st"));
    const Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(get(asked.port, test::right_target)));
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
}

TEST(PromptRedirect, IsNotHeldUpByManyConnections) {
    Asked asked;
    std::vector<std::unique_ptr<Visitor>> crowd;
    for (int i = 0; i < 60; ++i) {
        crowd.push_back(std::make_unique<Visitor>(asked.port));
        crowd.back()->send("GET /call");
    }
    const Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(get(asked.port, test::right_target)));
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
}

TEST(PromptRedirect, ReadsAVisitThatComesInPieces) {
    Asked asked;
    const Visitor browser(asked.port);
    for (const char c : get(asked.port, test::right_target)) ASSERT_TRUE(browser.send({&c, 1}));
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
}

TEST(PromptRedirect, KeepsListeningAfterAWrongState) {
    const std::string answer =
        wrong_visit([](auto port) { return get(port, "/callback?code=x&state=the-wrong-state"); });
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("belongs to another sign-in"),
                              Not(HasSubstr("state=")), Not(HasSubstr("the-"))));
    EXPECT_THAT(wrong_visit([](auto port) { return get(port, "/callback?code=x"); }), HasSubstr(" 400 "));
    EXPECT_THAT(wrong_visit([](auto port) { return get(port, "/callback"); }), HasSubstr(" 400 "));
    EXPECT_THAT(wrong_visit([](auto port) { return post(port, "state=no"); }), HasSubstr(" 400 "));
}

TEST(PromptRedirect, TakesNoParameterThatStandsTwice) {
    for (const char* query :
         {"state=the-right-state&code=1&code=2", "state=the-right-state&state=the-right-state",
          "code=1&state=the-right-state&%73tate=x"}) {
        EXPECT_THAT(wrong_visit([&](auto port) { return get(port, std::string("/callback?") + query); }),
                    StartsWith("HTTP/1.1 400 "))
            << query;
    }
}

TEST(PromptRedirect, TellsAPageOfAnotherHostNothing) {
    for (const char* host :
         {"Host: attacker.example.test", "Host: 127.0.0.1:1", "Host: 127.0.0.1", "X-Host: y"}) {
        const std::string answer = wrong_visit([&](auto) {
            return "GET " + std::string(test::right_target) + " HTTP/1.1\r\n" + host + "\r\n\r\n";
        });
        EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 403 "), Not(HasSubstr("attacker")))) << host;
    }
}

TEST(PromptRedirect, AnswersOtherPathsAndMethods) {
    const std::string query = "?code=the-code&state=the-right-state";
    for (const std::string path :
         {"/", "/callback/", "/Callback", "/%63allback", "/callback2", "/favicon.ico"}) {
        EXPECT_THAT(wrong_visit([&](auto port) { return get(port, path + query); }),
                    StartsWith("HTTP/1.1 404 "))
            << path;
    }
    const std::string put =
        wrong_visit([&](auto port) { return "PUT" + get(port, test::right_target).substr(3); });
    EXPECT_THAT(put, AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, POST\r\n")));
    const std::string head =
        wrong_visit([&](auto port) { return "HEAD" + get(port, test::right_target).substr(3); });
    EXPECT_THAT(head, AllOf(StartsWith("HTTP/1.1 405 "), testing::EndsWith("\r\n\r\n")));
    EXPECT_THAT(wrong_visit([](auto port) { return post(port, "state=the-right-state", "text/plain"); }),
                StartsWith("HTTP/1.1 415 "));
}

TEST(PromptRedirect, RefusesAHeadThatIsTooLarge) {
    const std::string answer = wrong_visit(
        [](auto port) { return get(port, "/callback?code=" + std::string(40'000, 'a') + "&state=no"); });
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
}

TEST(PromptRedirect, AnswersSoThatNothingIsKeptOrPassedOn) {
    const std::string answer = wrong_visit([](auto port) { return get(port, "/"); });
    for (const char* field :
         {"Connection: close", "Cache-Control: no-store", "Referrer-Policy: no-referrer",
          "X-Content-Type-Options: nosniff", "frame-ancestors 'none'", "default-src 'none'"}) {
        EXPECT_THAT(answer, HasSubstr(field));
    }
    const std::size_t body = answer.find("\r\n\r\n") + 4;
    EXPECT_THAT(answer, HasSubstr("Content-Length: " + std::to_string(answer.size() - body) + "\r\n"));
}

TEST(PromptRedirect, NamesTheAddressThatIsTaken) {
    const testhost::TestCall call("sign-in");
    for (const int family : {AF_INET, AF_INET6}) {
        const std::uint16_t port = test::free_port();
        const test::Held held(port, family);
        if (!held && family == AF_INET6) break;  // a machine without IPv6 has one family to hold
        ASSERT_TRUE(held);
        int opened = 0;
        const PromptService service(nullptr, [&](const std::string&) { return ++opened > 0; });
        const Prompt::Answer answer =
            Prompt(service.table()).present(call.table(), test::redirect_question(port));
        EXPECT_EQ(answer.status, WFC_UNAVAILABLE);
        const std::string address = (family == AF_INET ? "127.0.0.1:" : "[::1]:") + std::to_string(port);
        EXPECT_EQ(answer.document.reveal(), R"({"address":")" + address + R"(","problem":"port-in-use"})");
        EXPECT_EQ(opened, 0) << "nobody signs in for nothing";
        EXPECT_FALSE(Visitor(port, family == AF_INET ? AF_INET6 : AF_INET).connected()) << "both or neither";
    }
}

TEST(PromptRedirect, EndsSoonAfterTheCancel) {
    Asked asked;
    const Visitor spare(asked.port);
    const std::uint64_t cancelled = now_ms();
    asked.call.cancel();
    const Prompt::Answer answer = asked.answer();
    EXPECT_EQ(answer.status, WFC_CANCELLED);
    EXPECT_TRUE(answer.document.empty());
    EXPECT_LT(now_ms() - cancelled, 5000u) << "200 ms, on a machine that is not busy";
    EXPECT_FALSE(Visitor(asked.port).connected());
}

TEST(PromptRedirect, AsksForTheCancelEveryFifthOfASecond) {
    Asked asked(nullptr, [](Asked& self) { self.call.cancel_after_polls(4); });
    EXPECT_EQ(asked.answer().status, WFC_CANCELLED);
    EXPECT_EQ(asked.call.polls(), 5u);
}

TEST(PromptRedirect, EndsAtTheDeadline) {
    const std::uint64_t start = now_ms();
    Asked asked(nullptr, [&](Asked& self) { self.call.deadline_ms(start + 300); });
    const Prompt::Answer answer = asked.answer();
    EXPECT_EQ(answer.status, WFC_UNAVAILABLE);
    EXPECT_EQ(answer.document.reveal(), R"({"problem":"no-time-left"})");
    EXPECT_GE(now_ms(), start + 300);
}

TEST(PromptRedirect, EndsWhenTheQuestionsOwnTimeIsOver) {
    const testhost::TestCall call("sign-in");
    const PromptService service(nullptr, [](const std::string&) { return true; });
    const std::string question = test::redirect_question(test::free_port(), "en", R"(,"expires_in_s":1)");
    const std::uint64_t start = now_ms();
    const Prompt::Answer answer = Prompt(service.table()).present(call.table(), question);
    EXPECT_EQ(answer.document.reveal(), R"({"problem":"no-time-left"})");
    EXPECT_GE(now_ms(), start + 1000);
}

TEST(PromptRedirect, OpensNothingWhereNoTimeIsLeft) {
    testhost::TestCall call("sign-in");
    call.deadline_ms(1);
    int opened = 0;
    const PromptService service(nullptr, [&](const std::string&) { return ++opened > 0; });
    const Prompt prompt(service.table());
    EXPECT_EQ(prompt.present(call.table(), test::redirect_question(test::free_port())).status,
              WFC_UNAVAILABLE);
    call.cancel();
    EXPECT_EQ(prompt.present(call.table(), test::redirect_question(test::free_port())).status, WFC_CANCELLED);
    EXPECT_EQ(opened, 0);
}

TEST(PromptRedirect, AnswersOneQuestionAtATime) {
    Asked asked;
    const Prompt::Answer other = asked.say(test::redirect_question(test::free_port()));
    EXPECT_EQ(other.status, WFC_UNAVAILABLE);
    EXPECT_EQ(other.document.reveal(), R"({"problem":"busy"})");
}

}  // namespace
}  // namespace wfc
