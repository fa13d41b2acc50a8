#include <gmock/gmock.h>

#include "visitor.hpp"

namespace wfc {
namespace {

using test::Asked;
using test::FakeTerminal;
using test::get;
using test::Visitor;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* device_question =
    R"({"kind":"device","url":"https://login.example.test/device","user_code":"WDJB-MJHT","expires_in_s":900})";
constexpr const char* device_question_with_address =
    R"({"kind":"device","url":"https://login.example.test/device","user_code":"WDJB-MJHT","expires_in_s":900,
        "complete_url":"https://login.example.test/device?code=WDJB-MJHT"})";

void without_browser(Asked& asked) {
    asked.has_browser = false;
}

std::string pasted(std::uint16_t port) {
    return "http://127.0.0.1:" + std::to_string(port) + test::right_target;
}

TEST(PromptTerminal, ShowsTheAddressAndTakesThePastedOneWhereNoBrowserOpens) {
    FakeTerminal terminal;
    Asked asked(&terminal, without_browser);
    terminal.type(pasted(asked.port) + "\n");
    const Prompt::Answer answer = asked.answer();
    EXPECT_EQ(answer.status, WFC_OK);
    EXPECT_EQ(answer.document.reveal(), test::right_answer);
    EXPECT_THAT(terminal.urls, ElementsAre(Pair("https://login.example.test/authorize?x=1", false)));
    EXPECT_THAT(terminal.complaints, IsEmpty());
    EXPECT_EQ(terminal.dones, 1);
    EXPECT_FALSE(Visitor(asked.port).connected());
}

TEST(PromptTerminal, TakesAPastedAddressAlsoWhereABrowserOpened) {
    FakeTerminal terminal;
    Asked asked(&terminal);
    terminal.type("?code=the-code&state=the-right-state\n");
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
    EXPECT_THAT(terminal.urls, ElementsAre(Pair("https://login.example.test/authorize?x=1", true)));
}

TEST(PromptTerminal, ComplainsOfWrongLinesAndGoesOn) {
    FakeTerminal terminal;
    Asked asked(&terminal);
    terminal.type("what?\nhttp://127.0.0.1:" + std::to_string(asked.port) + "/callback?code=x&state=other\n");
    terminal.type(pasted(asked.port) + "\n");
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
    EXPECT_THAT(terminal.complaints, ElementsAre(HasSubstr("paste all of it"), HasSubstr("another sign-in")));
    EXPECT_THAT(terminal.verdicts, ElementsAre(Pasted::elsewhere, Pasted::other_sign_in));
}

TEST(PromptTerminal, IsToldEachQuestionWhole) {
    FakeTerminal terminal;
    Asked asked(&terminal);
    terminal.type(pasted(asked.port) + "\n");
    EXPECT_EQ(asked.answer().status, WFC_OK);
    asked.say(R"({"kind":"outcome","succeeded":true,"pages":{"en":{"title":"a","text":"b","steps":[]}}})");
    EXPECT_THAT(terminal.kinds, ElementsAre(0u, 2u)) << "a redirect, an outcome";
    EXPECT_EQ(terminal.dones, 1) << "an outcome is not shown";
}

TEST(PromptTerminal, ComplainsInJapanese) {
    FakeTerminal terminal;
    Asked asked(&terminal, {}, "ja");
    terminal.type("what?\n" + pasted(asked.port) + "\n");
    EXPECT_EQ(asked.answer().status, WFC_OK);
    EXPECT_THAT(terminal.complaints, ElementsAre(HasSubstr("貼り付けてください")));
}

TEST(PromptTerminal, StillTakesTheBrowsersVisitWhenTheTerminalHasHungUp) {
    FakeTerminal terminal;
    Asked asked(&terminal);
    terminal.hang_up();
    const Visitor browser(asked.port);
    ASSERT_TRUE(browser.send(get(asked.port, test::right_target)));
    EXPECT_EQ(asked.answer().document.reveal(), test::right_answer);
    EXPECT_EQ(terminal.dones, 1);
}

/// Ready to be read for ever, with nothing in it, as a terminal is at its end.
class EndedTerminal : public FakeTerminal {
  public:
    EndedTerminal() : file_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {}
    int descriptor() override { return file_.get(); }
    std::optional<SecretString> pasted() override {
        ++asked;
        return std::nullopt;
    }
    int asked = 0;

  private:
    Descriptor file_;
};

TEST(PromptTerminal, IsNotAskedWithoutPauseAtItsEnd) {
    EndedTerminal terminal;
    Asked asked(&terminal, [](Asked& self) { self.call.cancel_after_polls(20); });
    EXPECT_EQ(asked.answer().status, WFC_CANCELLED);
    EXPECT_LE(terminal.asked, 11) << "every other round at most";
    EXPECT_EQ(terminal.dones, 1);
}

TEST(PromptTerminal, IsAsBeforeAfterTheCancel) {
    FakeTerminal terminal;
    Asked asked(&terminal);
    asked.call.cancel();
    EXPECT_EQ(asked.answer().status, WFC_CANCELLED);
    EXPECT_EQ(terminal.dones, 1);
}

TEST(PromptTerminal, ShowsTheCodeOfADevice) {
    FakeTerminal terminal;
    const testhost::TestCall call("sign-in");
    std::vector<std::string> opened;
    const PromptService service(&terminal, [&](const std::string& url) {
        opened.push_back(url);
        return true;
    });
    const Prompt::Answer answer = Prompt(service.table()).present(call.table(), device_question);
    EXPECT_EQ(answer.status, WFC_OK);
    EXPECT_EQ(answer.document.reveal(), "{}");
    EXPECT_THAT(terminal.codes, ElementsAre("https://login.example.test/device WDJB-MJHT 900"));
    EXPECT_THAT(opened, IsEmpty());
    EXPECT_EQ(terminal.dones, 1);
}

TEST(PromptWithoutTerminal, OpensTheAddressThatHoldsTheCodeOfADevice) {
    const testhost::TestCall call("sign-in");
    std::vector<std::string> opened;
    const PromptService service(nullptr, [&](const std::string& url) {
        opened.push_back(url);
        return true;
    });
    const Prompt prompt(service.table());
    EXPECT_EQ(prompt.present(call.table(), device_question_with_address).status, WFC_OK);
    EXPECT_THAT(opened, ElementsAre("https://login.example.test/device?code=WDJB-MJHT"));
    EXPECT_EQ(prompt.present(call.table(), device_question).status, WFC_UNSUPPORTED)
        << "who would see the code?";
}

TEST(PromptWithoutTerminal, NeedsABrowser) {
    const testhost::TestCall call("sign-in");
    for (const OpenBrowser& none : {OpenBrowser(), OpenBrowser([](const std::string&) { return false; })}) {
        const PromptService service(nullptr, none);
        const std::uint16_t port = test::free_port();
        for (const std::string& question :
             {test::redirect_question(port), std::string(device_question_with_address)}) {
            const Prompt::Answer answer = Prompt(service.table()).present(call.table(), question);
            EXPECT_EQ(answer.status, WFC_UNSUPPORTED);
            EXPECT_EQ(answer.document.reveal(), R"({"problem":"nobody"})");
        }
        EXPECT_FALSE(Visitor(port).connected());
    }
}

}  // namespace
}  // namespace wfc
