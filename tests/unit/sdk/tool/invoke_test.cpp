#include <chrono>
#include <cstdlib>
#include <gmock/gmock.h>
#include <sstream>

#include "run_wfc.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using test::probe;
using test::Running;
using test::Scratch;
using testing::HasSubstr;
using testing::Not;

TEST(Invoke, RunsAComponentWrittenInC) {
    const Scratch scratch;
    const std::string settings = scratch.write("s.json", R"({"greeting":"Hello"})").string();
    const Ended ended = test::run({"invoke", "greet", "hello", "--components", BINARY_DIR "/components",
                                   "--settings", settings, "--input", "-"},
                                  R"({"name":"Alice"})");
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.out, "{\"format\":1,\"outcome\":\"succeeded\",\"text\":\"Hello, Alice!\"}\n");
    EXPECT_EQ(ended.err, "");
}

TEST(Invoke, PassesBlobsInAndSavesThemOutOnSuccessOnly) {
    const Scratch scratch;
    const std::string in = scratch.write("in.bin", std::string(100000, 'x')).string();
    EXPECT_EQ(probe("measure", "{}", {"--blob", "in=" + in}).document()["bytes"], 100000);
    EXPECT_EQ(probe("measure").code, 4);

    const std::string saved = "out=" + (scratch / "out.bin").string();
    EXPECT_EQ(probe("emit", R"({"status":1})", {"--save-blob", saved}).code, 4);
    EXPECT_EQ(scratch.entries(), 1u);
    EXPECT_EQ(probe("emit", "{}", {"--save-blob", saved}).code, 0);
    EXPECT_EQ(Scratch::read(scratch / "out.bin"), "content");
    EXPECT_EQ(scratch.entries(), 2u);
    const Ended never = probe("emit", "{}", {"--save-blob", "other=" + (scratch / "other").string()});
    EXPECT_EQ(never.code, 0);
    EXPECT_THAT(never.err, HasSubstr("made no blob \"other\""));
}

TEST(Invoke, LeavesHugeDocumentsToTheComponentQuickly) {
    const Scratch scratch;
    const std::string huge = scratch.write("huge.json", "").string();
    std::filesystem::resize_file(huge, std::uintmax_t{100} << 20);
    const auto start = std::chrono::steady_clock::now();
    const Ended settings = probe("echo", "{}", {"--settings", huge});
    const Ended changed = probe("echo", "{}", {"--settings", huge, "--set", "/size=1"});
    const Ended input = test::run({"invoke", "probe", "echo", "--input", huge});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_EQ(settings.code, 78);
    EXPECT_EQ(changed.code, 78);
    EXPECT_EQ(input.code, 65);
    for (const Ended& ended : {settings, changed, input}) {
        EXPECT_THAT(ended.document()["error"]["message"].get<std::string>(), HasSubstr("larger than 8 MiB"));
    }
}

TEST(Invoke, ShowsTheDocumentAndEndsWith66WhenABlobCannotGetItsName) {
    const Scratch scratch;
    const std::filesystem::path target = scratch / "out.bin";
    Running running({"invoke", "probe", "slow_emit", "--verbose", "--save-blob", "out=" + target.string()});
    ASSERT_TRUE(running.says("waiting"));
    std::filesystem::create_directory(target);  // a file cannot replace a directory
    const Ended ended = running.wait();
    EXPECT_EQ(ended.code, 66);
    EXPECT_EQ(ended.document()["outcome"], "succeeded");
    EXPECT_THAT(ended.err, HasSubstr("error: " + target.string() + " cannot be written"));
    EXPECT_EQ(scratch.entries(), 1u);
}

TEST(Invoke, PutsNoFileOfItsOwnInPlaceOfAClosedStandardStream) {
    const Scratch scratch;
    const std::string command = "exec " BINARY_DIR "/wfc invoke probe streams --components " PROBE_COMPONENTS
                                " --save-blob out=" +
                                (scratch / "out.bin").string() + " <&- >&- 2>&-";
    EXPECT_EQ(std::system(command.c_str()), 0);
    EXPECT_EQ(Scratch::read(scratch / "out.bin"), "012");
}

TEST(Invoke, ShowsNoProgressInAFileUnlessAsked) {
    EXPECT_EQ(probe("wait", "{}", {"--timeout", "50ms"}).err, "error: too late\n");
    EXPECT_THAT(probe("wait", "{}", {"--timeout", "50ms", "--verbose"}).err, HasSubstr("... waiting\n"));
}

TEST(Invoke, LeavesDeepAndBrokenDocumentsToTheComponent) {
    const Scratch scratch;
    const std::string deep = scratch.write("deep.json", std::string(10000, '[')).string();
    EXPECT_EQ(probe("echo", "{}", {"--settings", deep}).code, 78);
    EXPECT_EQ(probe("echo", "{}", {"--settings", deep, "--set", "/size=1"}).code, 78);
    EXPECT_EQ(probe("echo", std::string(10000, '[')).code, 65);
    EXPECT_EQ(probe("echo", "{").code, 65);
}

TEST(Invoke, ChangesSettingsFromTheCommandLine) {
    const Ended ended = probe("echo", "{}", {"--set", "/size=big"});
    EXPECT_EQ(ended.code, 78);
    EXPECT_EQ(ended.document()["error"]["pointer"], "/size");
    EXPECT_EQ(probe("environment", "{}", {"--set", "/size=7", "--set", R"(/names=["a"])"}).code, 0);
}

TEST(Invoke, StopsAtTheTimeout) {
    const auto start = std::chrono::steady_clock::now();
    const Ended ended = probe("wait", "{}", {"--timeout", "100ms"});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
    EXPECT_EQ(ended.code, 4);
    EXPECT_EQ(ended.document()["error"]["message"], "too late");
}

TEST(Invoke, GivesTheCallItsIdOrAFreshOne) {
    EXPECT_EQ(probe("environment", "{}", {"--call-id", "piece-7"}).document()["id"], "piece-7");
    const std::string one = probe("environment").document()["id"],
                      two = probe("environment").document()["id"];
    EXPECT_EQ(one.size(), 32u);
    EXPECT_NE(one, two);
}

TEST(Invoke, WritesNothingButJsonLinesToStandardErrorWhenAsked) {
    const nlohmann::json document = {{"outcome", "failed"}, {"error", {{"message", "no"}}}};
    const nlohmann::json input = {{"status", 1}, {"document", document.dump()}};
    for (const Ended& ended :
         {probe("echo", input.dump(), {"--json"}), probe("wait", "{}", {"--json", "--timeout", "50ms"})}) {
        EXPECT_EQ(ended.code, 4);
        std::istringstream lines(ended.err);
        int count = 0;
        for (std::string line; std::getline(lines, line); ++count) {
            EXPECT_TRUE(nlohmann::json::parse(line, nullptr, false).is_object()) << line;
        }
        EXPECT_GE(count, 1);
    }
}

TEST(Invoke, RefusesPrivateAddressesOnlyWhenAsked) {
    const std::string input = R"({"address":"127.0.0.1"})";
    EXPECT_EQ(probe("connect", input).document()["allowed"], true);
    EXPECT_EQ(probe("connect", input, {"--no-private-addresses"}).document()["allowed"], false);
    EXPECT_EQ(probe("connect", R"({"address":"1.1.1.1"})", {"--no-private-addresses"}).document()["allowed"],
              true);
}

}  // namespace
}  // namespace wfc::tool
