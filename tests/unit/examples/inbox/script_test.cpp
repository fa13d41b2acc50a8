#include "inbox/script.hpp"

#include <gmock/gmock.h>

namespace inbox {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view text) {
    try {
        Script::parse(text);
    } catch (const ScriptError& error) {
        return error.what();
    }
    return "";
}

TEST(Script, ReadsStageMatchAndActionsInOrder) {
    const Script script = Script::parse(
        "# a comment\n"
        "\n"
        "rcpt <bob@example.test>  delay 2s reply 550 5.1.1 No such user\r\n"
        "  auth #2 close-after drip 10ms\n"
        "|  reset\n");
    ASSERT_EQ(script.rules().size(), 2u);
    const Rule& first = script.rules()[0];
    EXPECT_EQ(first.stage, Stage::rcpt);
    EXPECT_EQ(first.address, "bob@example.test");
    EXPECT_EQ(first.line, 3u);
    ASSERT_EQ(first.actions.size(), 2u);
    EXPECT_EQ(first.actions[0].act, Act::delay);
    EXPECT_EQ(first.actions[0].time, std::chrono::seconds(2));
    EXPECT_EQ(first.actions[1].code, 550);
    EXPECT_EQ(first.actions[1].text, "5.1.1 No such user");
    const Rule& second = script.rules()[1];
    EXPECT_EQ(second.nth, 2u);
    ASSERT_EQ(second.actions.size(), 3u);
    EXPECT_EQ(second.actions[2].act, Act::reset);
}

TEST(Script, ReadsGarbageAsHexadecimalDigitsOrText) {
    const Script script =
        Script::parse("greeting garbage 00ff\nehlo garbage hello \\xff\nmail raw \"2\\\"50\\r\\n\" cut\n");
    EXPECT_EQ(script.rules()[0].actions[0].text, std::string("\0\xff", 2));
    EXPECT_EQ(script.rules()[1].actions[0].text, "hello \xff");
    EXPECT_EQ(script.rules()[2].actions[0].text, "2\"50\r\n");
    EXPECT_EQ(script.rules()[2].actions[1].act, Act::cut);
}

TEST(Script, RefusesWhatItDoesNotKnowWithTheLine) {
    EXPECT_THAT(refusal("noop reply 250 ok\nlogin reply 535 no\n"),
                HasSubstr("line 2: \"login\" is not a stage"));
    EXPECT_THAT(refusal("auth explode\n"), HasSubstr("line 1: \"explode\" is not an action"));
    EXPECT_THAT(refusal("auth\n"), HasSubstr("an action is missing"));
    EXPECT_THAT(refusal("auth reply\n"), HasSubstr("must be a number"));
    EXPECT_THAT(refusal("auth reply 53 no\n"), HasSubstr("three digits"));
    EXPECT_THAT(refusal("auth delay 2\n"), HasSubstr("\"2\" is not a time"));
    EXPECT_THAT(refusal("auth delay 99999999999999999999s\n"), HasSubstr("not a time"));
    EXPECT_THAT(refusal("auth raw \"open\n"), HasSubstr("quotation mark is missing"));
    EXPECT_THAT(refusal("auth raw \"\\q\"\n"), HasSubstr("\\q is not known"));
    EXPECT_THAT(refusal("auth raw \"\\x1\"\n"), HasSubstr("two hexadecimal digits"));
    EXPECT_THAT(refusal("auth cut reply 250 ok\n"), HasSubstr("nothing can follow"));
    EXPECT_THAT(refusal("auth #0 cut\n"), HasSubstr("begins with 1"));
    EXPECT_THAT(refusal("auth <a@b.test> cut\n"), HasSubstr("only mail and rcpt"));
    EXPECT_THAT(refusal("rcpt <a@b.test cut\n"), HasSubstr("ends with >"));
    EXPECT_THAT(refusal("| cut\n"), HasSubstr("none before it"));
    EXPECT_THAT(refusal("quit flood many\n"), HasSubstr("number of lines"));
}

TEST(Script, TakesTheFirstRuleThatFits) {
    const Script script = Script::parse(
        "rcpt <bob@example.test> reply 550 no\n"
        "rcpt #2 reply 451 later\n"
        "mail <> reply 550 no bounces\n");
    EXPECT_EQ(script.match(Stage::rcpt, 2, "BOB@example.test"), &script.rules()[0]);
    EXPECT_EQ(script.match(Stage::rcpt, 2, "eve@example.test"), &script.rules()[1]);
    EXPECT_EQ(script.match(Stage::rcpt, 1, "eve@example.test"), nullptr);
    EXPECT_EQ(script.match(Stage::mail, 1, ""), &script.rules()[2]);
    EXPECT_EQ(script.match(Stage::mail, 1, "a@b.test"), nullptr);
}

TEST(Script, SaysWhichFileCannotBeRead) {
    EXPECT_THROW(Script::load("/nowhere/script"), ScriptError);
}

TEST(Reply, RepeatsTheCodeInEveryLine) {
    EXPECT_EQ(render_reply(535, "5.7.139 one\n5.7.139 two"), "535-5.7.139 one\r\n535 5.7.139 two\r\n");
    EXPECT_EQ(render_reply(250, ""), "250 \r\n");
}

}  // namespace
}  // namespace inbox
