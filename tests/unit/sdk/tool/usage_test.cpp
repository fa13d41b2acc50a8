#include <gmock/gmock.h>

#include "run_wfc.hpp"
#include "tool/options.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using testing::HasSubstr;

TEST(Usage, ATimeThatIsNoneIsNamedWithWhatToWrite) {
    EXPECT_THAT(
        test::run({"invoke", "probe", "echo", "--timeout", "soon"}).err,
        HasSubstr("\"soon\" is no duration; write a whole number and its unit: 500ms, 10s, 5m or 1h"));
    EXPECT_THAT(test::run({"invoke", "probe", "echo", "--timeout", "9999h"}).err,
                HasSubstr("\"9999h\" is longer than 8760h"));
}

TEST(Usage, IsExplainedOnStandardErrorWith64) {
    const std::vector<std::vector<std::string>> wrong = {{},
                                                         {"frobnicate"},
                                                         {"invoke"},
                                                         {"invoke", "probe"},
                                                         {"invoke", "probe", "echo", "--nonsense"},
                                                         {"invoke", "probe", "echo", "--timeout", "soon"},
                                                         {"invoke", "probe", "echo", "--blob", "nopath"},
                                                         {"invoke", "probe", "echo", "--blob", "=x"},
                                                         {"invoke", "probe", "echo", "--save-blob", "x="},
                                                         {"serve", "--calls", "0"},
                                                         {"serve", "--calls", "many"},
                                                         {"invoke", "probe", "echo", "--set", "x"}};
    for (const auto& arguments : wrong) {
        const Ended ended = test::run(arguments);
        EXPECT_EQ(ended.code, 64) << ended.err;
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, HasSubstr("wfc: "));
    }
}

TEST(Usage, HelpTeachesAndSucceeds) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                      {"invoke", "--help"},
                                                      {"describe", "--help"},
                                                      {"serve", "--help"},
                                                      {"account", "--help"}}) {
        const Ended ended = test::run(arguments);
        EXPECT_EQ(ended.code, 0);
        EXPECT_THAT(ended.out, HasSubstr("Examples:"));
        EXPECT_EQ(ended.err, "");
    }
    EXPECT_THAT(test::run({"--version"}).out, HasSubstr("wfc "));
}

TEST(Usage, UnknownOperationNamesTheNearestAndHasNoDocument) {
    const Ended ended = test::probe("ecko");
    EXPECT_EQ(ended.code, 64);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("did you mean \"echo\"?"));
}

TEST(Usage, UnknownComponentNamesTheNearestAndWhereItLooked) {
    const Ended ended = test::run({"invoke", "prob", "echo"});
    EXPECT_EQ(ended.code, 69);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("did you mean \"probe\"?"));
    EXPECT_THAT(ended.err, HasSubstr(PROBE_COMPONENTS));
}

TEST(Usage, AnOperationThatNeedsAServiceTheHostLacksIsRefused) {
    const Ended ended = test::probe("sense");
    EXPECT_EQ(ended.code, 69);
    EXPECT_THAT(ended.err, HasSubstr("wfc.smell/1, which is not offered here"));
}

TEST(Usage, UnreadableFilesAreNamedWith66) {
    const test::Scratch scratch;
    const std::string missing = (scratch / "missing").string();
    const std::vector<std::vector<std::string>> wrong = {{"--settings", missing},
                                                         {"--settings", scratch.path().string()},
                                                         {"--blob", "in=" + missing},
                                                         {"--save-blob", "out=" + missing + "/x"},
                                                         {"--root", missing}};
    for (const auto& arguments : wrong) {
        const Ended ended = test::probe("echo", "{}", arguments);
        EXPECT_EQ(ended.code, 66) << ended.err;
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, HasSubstr(scratch.path().string()));
    }
}

TEST(Usage, WhatStopsIsSaidInJsonWhenJsonIsAskedFor) {
    const struct {
        std::vector<std::string> arguments;
        int code;
    } rows[] = {{{"invoke", "probe", "echo", "--json", "--nonsense"}, 64},
                {{"invoke", "probe", "--json"}, 64},
                {{"invoke", "probe", "ecko", "--json"}, 64},
                {{"invoke", "probe", "echo", "--json", "--settings", "/nowhere/\x1b[31m"}, 66},
                {{"invoke", "prob", "echo", "--json"}, 69}};
    for (const auto& row : rows) {
        const Ended ended = test::run(row.arguments);
        EXPECT_EQ(ended.code, row.code);
        const nlohmann::json line = nlohmann::json::parse(ended.err, nullptr, false);
        ASSERT_TRUE(line.is_object()) << ended.err;
        EXPECT_EQ(line["level"], "error");
        EXPECT_NE(line["fields"]["text"], "");
    }
}

TEST(Usage, ForeignTextInWhatStopsDoesNotDriveTheTerminal) {
    for (const std::vector<std::string>& more : {std::vector<std::string>{"--settings", "/nowhere/\x1b[31m"},
                                                 {"--root", "/nowhere/\x1b[31m"},
                                                 {"--\x1b[31m"}}) {
        const Ended ended = test::probe("echo", "{}", more);
        EXPECT_THAT(ended.err, HasSubstr("\\u001b[31m"));
        EXPECT_THAT(ended.err, testing::Not(HasSubstr("\x1b")));
    }
}

}  // namespace
}  // namespace wfc::tool
