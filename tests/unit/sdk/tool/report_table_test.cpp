#include <cstdlib>
#include <gmock/gmock.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_wfc.hpp"
#include "wfc/component.h"

namespace wfc::tool {
namespace {

using nlohmann::json;
using test::Ended;
using test::probe;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

json row(const char* stage, const char* verdict, const char* text) {
    return {{"stage", stage}, {"verdict", verdict}, {"timing_ms", 1}, {"text", text}};
}

json said(const json& row) {
    return {{"stage", row["stage"]}, {"row", row}};
}

const json reached = row("reach", "ok", "there"), entered = row("enter", "failed", "closed");

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t out = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++out;
    return out;
}

TEST(ReportTable, ShowsRowsAsTheyComeAndNotAgain) {
    const json input = {{"progress", {{{"stage", "reach"}}, said(reached), said(entered)}},
                        {"status", WFC_FAILED},
                        {"document", {{"outcome", "failed"}, {"report", {reached, entered, reached}}}}};
    const Ended ended = probe("report", input.dump());
    EXPECT_EQ(ended.code, 4);
    EXPECT_EQ(ended.document(), input["document"]);
    EXPECT_EQ(ended.err,
              "+ ok       Reaching it      1 ms  there\n"
              "x failed   Going in         1 ms  closed\n"
              "+ ok       Reaching it      1 ms  there\n");  // came twice in the document alone
}

TEST(ReportTable, ShowsTheDocumentOfAComponentThatSaysNothingMeanwhile) {
    const Ended ended =
        probe("report", json{{"document", {{"outcome", "succeeded"}, {"report", {reached}}}}}.dump(), {},
              {"LC_ALL=ja_JP.UTF-8"});
    EXPECT_THAT(ended.err, StartsWith("✓ 正常"));
    EXPECT_THAT(ended.err, HasSubstr("到達確認"));
    const json problem = {{"pointer", "/a"}, {"severity", "warning"}, {"message", "odd"}};
    EXPECT_THAT(
        probe("report", json{{"document", {{"outcome", "succeeded"}, {"problems", {problem}}}}}.dump()).err,
        testing::MatchesRegex("! warning  /a +odd\n"));
}

TEST(ReportTable, ExplainsAnErrorOnce) {
    const json error = {{"message", "closed"},
                        {"explanation", {{"title", "The door is closed"}, {"steps", {"Knock."}}}}};
    json failed = entered;
    failed["error"] = error;
    const json input = {{"progress", {said(failed)}},
                        {"status", WFC_FAILED},
                        {"document", {{"outcome", "failed"}, {"error", error}, {"report", {failed}}}}};
    const Ended ended = probe("report", input.dump());
    EXPECT_EQ(count(ended.err, "The door is closed"), 1u) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("error: closed\n"));
    EXPECT_EQ(ended.document()["error"], error);
}

TEST(ReportTable, IsNotThereInJsonMode) {
    const json input = {{"progress", {said(reached)}},
                        {"document", {{"outcome", "succeeded"}, {"report", {reached}}}}};
    const Ended ended = probe("report", input.dump(), {"--json"});
    EXPECT_EQ(json::parse(ended.err)["progress"], said(reached));
}

/// All that `wfc invoke probe OPERATION` writes to a terminal.
std::string on_terminal(const char* operation, const json& input) {
    const test::Scratch scratch;
    const std::string file = scratch.write("in.json", input.dump()).string();
    int terminal = -1;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
        setenv("TERM", "xterm", 1);
        setenv("NO_COLOR", "1", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        execl(BINARY_DIR "/wfc", "wfc", "invoke", "probe", operation, "--components", PROBE_COMPONENTS,
              "--input", file.c_str(), nullptr);
        _exit(127);
    }
    std::string out;
    char buffer[512];
    for (ssize_t n; (n = read(terminal, buffer, sizeof buffer)) > 0;)
        out.append(buffer, static_cast<std::size_t>(n));
    close(terminal);
    waitpid(child, nullptr, 0);
    return out;
}

TEST(ReportTable, ShowsTheStageThatRunsOnATerminalUntilItsRowComes) {
    const json input = {{"progress", {{{"stage", "reach"}}, said(reached)}},
                        {"document", {{"outcome", "succeeded"}}}};
    EXPECT_THAT(on_terminal("report", input),
                StartsWith("\r\x1b[K… Reaching it\r\x1b[K✓ ok       Reaching it      1 ms  there\r\n"));
}

TEST(ReportTable, SaysOnATerminalWhatAnyOperationWaitsFor) {
    const json input = {
        {"progress", {{{"stage", "reach"}, {"retry_in_ms", 1500}}, {{"stage", "enter"}, {"queued", true}}}},
        {"document", R"({"outcome":"succeeded"})"}};
    for (const char* operation : {"report", "echo"})
        EXPECT_THAT(on_terminal(operation, input),
                    StartsWith("\r\x1b[K… Reaching it: trying again in 1.5 s"
                               "\r\x1b[K… Going in: waiting for its turn\r\x1b[K"));
}

TEST(ReportTable, SaysItInWordsWhereEverythingIsLoggedAndInMembersInJsonMode) {
    const json waits = {{"stage", "reach"}, {"retry_in_ms", 1500}};
    const json input = {{"progress", {waits}}, {"document", R"({"outcome":"succeeded"})"}};
    EXPECT_THAT(probe("echo", input.dump(), {"--verbose"}).err,
                HasSubstr("... Reaching it: trying again in 1.5 s\n"));
    EXPECT_EQ(probe("echo", input.dump()).err, "");
    EXPECT_EQ(json::parse(probe("echo", input.dump(), {"--json"}).err)["progress"], waits);
}

TEST(ReportTable, LeavesOddProgressToTheLog) {
    const json input = {{"progress", {{{"row", 5}}, json::array(), {{"stage", 5}}, said(reached)}},
                        {"document", {{"outcome", "succeeded"}, {"report", {1, "x", json::array()}}}}};
    const Ended ended = probe("report", input.dump());
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(count(ended.err, "\n"), 1u) << ended.err;
    EXPECT_THAT(probe("report", input.dump(), {"--verbose"}).err, HasSubstr("there"));
}

}  // namespace
}  // namespace wfc::tool
