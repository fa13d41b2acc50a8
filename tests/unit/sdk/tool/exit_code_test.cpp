#include <gmock/gmock.h>

#include "run_wfc.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {
namespace {

using testing::HasSubstr;

TEST(ExitCode, FollowsTheOutcomeOfTheDocument) {
    EXPECT_EQ(exit_code(WFC_OK, "accepted"), 0);
    EXPECT_EQ(exit_code(WFC_OK, "succeeded"), 0);
    EXPECT_EQ(exit_code(WFC_OK, "partial"), 2);
    EXPECT_EQ(exit_code(WFC_FAILED, "rejected"), 3);
    EXPECT_EQ(exit_code(WFC_FAILED, "failed"), 4);
    EXPECT_EQ(exit_code(WFC_FAILED, "unknown"), 5);
    EXPECT_EQ(exit_code(WFC_CANCELLED, "unknown"), 5);
    EXPECT_EQ(exit_code(WFC_CANCELLED, "cancelled"), 6);
}

TEST(ExitCode, FollowsTheStatusWhereNothingWasAttempted) {
    EXPECT_EQ(exit_code(WFC_INVALID_INPUT, "failed"), 65);
    EXPECT_EQ(exit_code(WFC_INVALID_SETTINGS, "failed"), 78);
    EXPECT_EQ(exit_code(WFC_INTERNAL, "failed"), 70);
    EXPECT_EQ(exit_code(WFC_UNSUPPORTED, "failed"), 64);
    EXPECT_EQ(exit_code(WFC_CONFLICT, ""), 70);
}

TEST(ExitCode, FallsBackToTheStatusForAnOutcomeOfTheComponentsOwn) {
    EXPECT_EQ(exit_code(WFC_OK, "greeted"), 0);
    EXPECT_EQ(exit_code(WFC_FAILED, "greeted"), 4);
    EXPECT_EQ(exit_code(WFC_CANCELLED, ""), 6);
}

TEST(ExitCode, IsThatOfTheProcess) {
    const struct {
        int status;
        const char* outcome;
        int code;
    } rows[] = {{0, "succeeded", 0}, {0, "partial", 2}, {1, "rejected", 3},
                {1, "failed", 4},    {1, "unknown", 5}, {2, "cancelled", 6},
                {4, "failed", 65},   {3, "failed", 78}, {6, "failed", 70}};
    for (const auto& row : rows) {
        const nlohmann::json document = {{"outcome", row.outcome}};
        const nlohmann::json input = {{"status", row.status}, {"document", document.dump()}};
        const test::Ended ended = test::probe("echo", input.dump());
        EXPECT_EQ(ended.code, row.code) << row.outcome << ended.err;
        EXPECT_EQ(ended.out, document.dump() + "\n");
    }
}

TEST(ExitCode, Is70WhenTheComponentWritesNoOneDocument) {
    for (const char* document : {"not json", "{}{}", "", "[1]", R"({"outcome":)"}) {
        const nlohmann::json input = {{"document", document}};
        const test::Ended ended = test::probe("echo", input.dump());
        EXPECT_EQ(ended.code, 70) << document;
        EXPECT_THAT(ended.document()["error"]["message"].get<std::string>(), HasSubstr("broke its contract"));
    }
}

}  // namespace
}  // namespace wfc::tool
