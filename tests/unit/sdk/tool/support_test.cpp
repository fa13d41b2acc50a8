#include <fstream>
#include <gmock/gmock.h>

#include "run_wfc.hpp"
#include "unit/sdk/host/unpacked.hpp"
#include "wfc/component.h"

namespace wfc::tool {
namespace {

using nlohmann::json;
using test::Ended;
using test::probe;
using test::Scratch;
using test::unpacked;
using testing::HasSubstr;
using testing::Not;

TEST(Support, LeavesAMaskedArchiveAfterAFailure) {
    const Scratch scratch;
    const std::string settings =
        scratch.write("s.json", R"({"sign_in":{"method":"token","token":{"$secret":"alice"}},"size":5})")
            .string();
    const json input = {
        {"log",
         {{{"line", "LET ME IN canary-word"}, {"base64", "Y2FuYXJ5LXdvcmQ="}},
          {{"line", "bob@example.test"}}}},
        {"progress", {{{"stage", "reach"}, {"by", "bob@example.test"}}}},
        {"document", {{"outcome", "failed"}, {"error", {{"message", "bob@EXAMPLE.test said canary-word"}}}}},
        {"status", WFC_FAILED}};
    const Ended ended = probe("report", input.dump(),
                              {"--settings", settings, "--support", (scratch / "a.zip").string(), "--timeout",
                               "30s", "--call-id", "order-1", "--set", "/size=7"},
                              {"WFC_SECRET_ALICE=canary-word"});
    EXPECT_EQ(ended.code, 4) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("a.zip holds what happened"));
    EXPECT_THAT(ended.err, Not(HasSubstr("LET ME IN"))) << "the terminal's level has changed";
    const auto file = scratch / "a.zip";
    const std::string transcript = unpacked(file, "transcript.jsonl");
    EXPECT_THAT(transcript, HasSubstr(R"({"base64":"[secret]","line":"[secret]"})"));
    EXPECT_THAT(transcript, HasSubstr(R"("line":"person-1@example.test")"));
    EXPECT_THAT(unpacked(file, "result.json"), HasSubstr(R"("message": "[secret]")"));
    EXPECT_THAT(unpacked(file, "progress.jsonl"), HasSubstr(R"("by":"person-1@example.test")"));
    EXPECT_EQ(json::parse(unpacked(file, "settings.json")),
              json::parse(R"({"sign_in":{"method":"token","token":{"$secret":"alice"}},"size":7})"));
    const json call = json::parse(unpacked(file, "call.json"));
    EXPECT_EQ(call["call_id"], "order-1");
    EXPECT_EQ(call["exit_code"], 4);
    EXPECT_EQ(call["deadline_ms"], 30000);
    EXPECT_EQ(call["changed_settings"], json::array({"/size"}));
    EXPECT_EQ(call["input"]["unknown_members"], 2) << "names may be anything";
    EXPECT_THAT(unpacked(file, "call.json"), Not(HasSubstr("LET ME")));
    EXPECT_THAT(unpacked(file, "README.txt"), HasSubstr("コンポーネント"));
}

TEST(Support, RefusesAFileThatTheCallUses) {
    const Scratch scratch;
    const std::string settings = scratch.write("s.json", "{}").string();
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{"--support", settings},
          {"--support", ""},
          {"--support", (scratch / "b").string(), "--save-blob", "x=" + (scratch / "b").string()}}) {
        std::vector<std::string> all = {"--settings", settings};
        all.insert(all.end(), more.begin(), more.end());
        EXPECT_EQ(probe("echo", R"({"document":"{}"})", all).code, 64) << more[1];
    }
    EXPECT_EQ(probe("echo", R"({"document":"{}"})", {"--support", (scratch / "home/secrets").string()},
                    {"WFC_HOME=" + (scratch / "home").string()})
                  .code,
              64);
    EXPECT_EQ(std::filesystem::file_size(settings), 2u);
}

TEST(Support, IsThereForEveryKindOfFailureAndForNothingElse) {
    const Scratch scratch;
    const auto left = [&](const json& input, const std::string& settings, int code) {
        const std::string file = (scratch / "a.zip").string();
        const std::string given = scratch.write("s.json", settings).string();
        EXPECT_EQ(probe("echo", input.dump(), {"--settings", given, "--support", file}).code, code);
        return std::filesystem::remove(file);
    };
    EXPECT_TRUE(left({{"document", R"({"outcome":"partial"})"}}, "{}", 2));
    EXPECT_TRUE(left({{"document", R"({"outcome":"cancelled"})"}, {"status", WFC_CANCELLED}}, "{}", 6));
    EXPECT_TRUE(left({{"document", "no document"}}, "{}", 70));
    EXPECT_TRUE(left({{"document", R"({"outcome":"failed"})"}, {"status", WFC_INVALID_INPUT}}, "{}", 65));
    EXPECT_TRUE(left({{"document", "{}"}}, R"({"size":"x"})", 78));
    EXPECT_TRUE(left({{"document", "{}"}}, "{broken", 78));
    EXPECT_FALSE(left({{"document", R"({"outcome":"succeeded"})"}}, "{}", 0));
}

}  // namespace
}  // namespace wfc::tool
