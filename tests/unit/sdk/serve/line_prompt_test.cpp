#include "serve/line_prompt.hpp"

#include <gmock/gmock.h>
#include <thread>

#include "host/component_host.hpp"
#include "pipe.hpp"

namespace wfc::serve {
namespace {

using testing::ElementsAre;

class Prompt : public testing::Test {
  protected:
    static RedirectQuestion redirect(std::uint64_t expires_in_ms) {
        RedirectQuestion question{};
        question.expires_in_ms = expires_in_ms;
        return question;
    }
    void ask() {
        prompt.asked(redirect(90'500));
        prompt.show_url("http://x/", false);
    }

    test::Pipe pipe;
    LineWriter out{pipe.in.get()};
    LinePrompt prompt{out};
};

TEST_F(Prompt, AsksInTheNameOfTheCallOnItsThread) {
    const LinePrompt::Asking asking(prompt, 7, 0);
    ask();
    std::thread([&] {
        const LinePrompt::Asking other(prompt, 8, 0);
        prompt.refused(Pasted::other_sign_in, "sentence");
    }).join();
    prompt.asked(OutcomeQuestion{true, {}});
    const auto lines = test::lines_of(pipe, out);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0]["id"], 7);
    EXPECT_EQ(lines[0]["question"]["expires_in_s"], 90);
    EXPECT_EQ(lines[1]["id"], 8);
    EXPECT_EQ(lines[1]["question"]["problem"], "other-sign-in");
    EXPECT_EQ(lines[2]["question"], nlohmann::json::parse(R"({"kind":"done","succeeded":true})"));
}

TEST_F(Prompt, TakesAnswersWhileItAsksAndFromNobodyElse) {
    const LinePrompt::Asking asking(prompt, 7, 0);
    EXPECT_FALSE(prompt.answer(7, SecretString("early")));
    ask();
    EXPECT_FALSE(prompt.answer(8, SecretString("other")));
    EXPECT_FALSE(prompt.pasted());
    EXPECT_TRUE(prompt.answer(7, SecretString("one")));
    EXPECT_TRUE(prompt.answer(7, SecretString("two")));
    EXPECT_EQ(prompt.pasted()->reveal(), "one");
    EXPECT_EQ(prompt.pasted()->reveal(), "two");
    EXPECT_FALSE(prompt.pasted());
    EXPECT_TRUE(prompt.answer(7, SecretString("late")));
    prompt.done();
    EXPECT_FALSE(prompt.pasted()) << "the question is over";
    EXPECT_FALSE(prompt.answer(7, SecretString("later")));
}

TEST_F(Prompt, SaysNothingOfACallWhoseResultWasSaid) {
    const LinePrompt::Asking asking(prompt, 7, 0);
    ask();
    prompt.hush(7);
    EXPECT_FALSE(prompt.answer(7, SecretString("late")));
    ask();
    prompt.complain("sentence");
    prompt.asked(OutcomeQuestion{true, {}});
    EXPECT_EQ(test::lines_of(pipe, out).size(), 1u);
}

TEST_F(Prompt, ComplainsInWordsOfTheProtocol) {
    const LinePrompt::Asking asking(prompt, 7, 0);
    prompt.complain("sentence");
    EXPECT_EQ(test::lines_of(pipe, out).at(0)["question"]["problem"], "elsewhere");
}

TEST_F(Prompt, KeepsAFewAnswersOnly) {
    const LinePrompt::Asking asking(prompt, 7, 0);
    ask();
    int taken = 0;
    while (taken < 1000 && prompt.answer(7, SecretString("x"))) ++taken;
    EXPECT_EQ(taken, 16);
}

TEST_F(Prompt, ShowsNothingAsGoodForLongerThanTheCall) {
    const std::uint64_t now = system_clock_table()->monotonic_ms(nullptr);
    const LinePrompt::Asking asking(prompt, 7, now + 20'000);
    ask();
    DeviceQuestion device;
    device.complete_url = "http://d?c";
    device.expires_in_s = 600;
    prompt.asked(device);
    prompt.show_code("http://d", "AB", 600);
    const auto lines = test::lines_of(pipe, out);
    for (const auto& line : lines) {
        EXPECT_LE(line["question"]["expires_in_s"], 20);
        EXPECT_GE(line["question"]["expires_in_s"], 0);
    }
    EXPECT_EQ(lines.at(1)["question"]["complete_url"], "http://d?c");
}

}  // namespace
}  // namespace wfc::serve
