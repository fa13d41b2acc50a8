#include <gmock/gmock.h>

#include "transcript/transcript.hpp"

namespace transcript {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& text) {
    try {
        Transcript::parse(text);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

TEST(TranscriptFormat, ReadsDirectivesAndDialogue) {
    const Transcript read = Transcript::parse(
        "# The sentence.\n"
        "# more\n"
        "settings: {\"server\":\n"
        "  {\"port\": 1}}\n"
        "operation: preview\n"
        "secret: alice=a=b\n"
        "expect-status: failed\n"
        "within: 2s\n"
        "\n"
        "S: 220 hello \n"
        "S> 250\\x00\\r\\n\n"
        "C: QUIT\n"
        "C~ MAIL FROM:<.*>\n"
        "C+ (?s)POST .*\n"
        "C* <message>\n"
        "M~ (?m)^Subject: x\n"
        "C= <chunk>\n"
        "C= <last chunk>\n"
        "S! delay 10ms\n"
        "S! flood 3 250-x\\r\\n\n"
        "=== next connection\n"
        "S! reset\n"
        "expect: {\"outcome\": \"failed\"}\n");
    EXPECT_EQ(read.sentence, "The sentence.");
    EXPECT_EQ(read.settings["server"]["port"], 1);
    EXPECT_EQ(read.secrets.at("alice"), "a=b");
    EXPECT_EQ(read.within, std::chrono::seconds(2));
    ASSERT_EQ(read.connections.size(), 2u);
    const auto& lines = read.connections[0];
    ASSERT_EQ(lines.size(), 11u);
    EXPECT_EQ(lines[0].text, "220 hello \r\n");
    EXPECT_EQ(lines[0].number, 10u);
    EXPECT_EQ(lines[1].text, std::string("250\0\r\n", 6));
    EXPECT_EQ(lines[2].kind, Kind::hear);
    EXPECT_EQ(lines[4].kind, Kind::bytes);
    EXPECT_EQ(lines[6].kind, Kind::holds);
    EXPECT_EQ(lines[7].kind, Kind::chunk);
    EXPECT_EQ(lines[8].text, "LAST");
    EXPECT_EQ(lines[9].time, std::chrono::milliseconds(10));
    EXPECT_EQ(lines[10].count, 3u);
    EXPECT_EQ(read.connections[1][0].kind, Kind::reset);
}

TEST(TranscriptFormat, RefusesWhatItDoesNotKnowWithTheLine) {
    const std::string head = "# s\nexpect: {\"a\":1}\n";
    EXPECT_THAT(refusal(head + "exepct: {}\n"), HasSubstr("line 3: \"exepct\" is not a directive"));
    EXPECT_THAT(refusal(head + "hello\n"), HasSubstr("line 3: neither"));
    EXPECT_THAT(refusal(head + "S! explode\n"), HasSubstr("line 3: not an action"));
    EXPECT_THAT(refusal(head + "S! cut now\n"), HasSubstr("not an action"));
    EXPECT_THAT(refusal(head + "C~ (\n"), HasSubstr("not a regular expression"));
    EXPECT_THAT(refusal(head + "M~ x\n"), HasSubstr("behind C* and C= only"));
    EXPECT_THAT(refusal(head + "=== next connection\n"), HasSubstr("no connection before"));
    EXPECT_THAT(refusal(head + "settings: [1]\n"), HasSubstr("takes a JSON object"));
    EXPECT_THAT(refusal(head + "expect-status: fine\n"), HasSubstr("not a status"));
    EXPECT_THAT(refusal(head + "S! delay 3\n"), HasSubstr("not a time"));
    EXPECT_THAT(refusal("expect: {\"a\":1}\nS: 220 x\n"), HasSubstr("begins with # and a sentence"));
    EXPECT_THAT(refusal("# s\nS: 220 x\n"), HasSubstr("shows nothing"));
}

}  // namespace
}  // namespace transcript
