// The accounts that people start from: those of examples/settings, and those that the READMEs show.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "settings/settings.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Empty: MailSend takes them.
std::string refusal(const std::string& settings) {
    try {
        parse_settings(settings);
        return {};
    } catch (const wfc::Problem& problem) {
        return problem.what();
    }
}

/// The blocks of JSON in a README that are settings.
std::vector<json> accounts_in(const std::string& name) {
    const std::string readme = content(SOURCE_DIR "/" + name);
    const std::string begin = "```json\n", end = "\n```\n";
    std::vector<json> accounts;
    for (std::size_t at = readme.find(begin); at != std::string::npos; at = readme.find(begin, at)) {
        at += begin.size();
        json block = json::parse(readme.substr(at, readme.find(end, at) - at));
        if (block.contains("server")) accounts.push_back(std::move(block));
    }
    return accounts;
}

TEST(ExampleAccounts, AreSettingsThatMailSendTakes) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(SOURCE_DIR "/examples/settings")) {
        if (entry.path().extension() != ".json") continue;
        ++count;
        EXPECT_EQ(refusal(content(entry.path())), "") << entry.path();
    }
    EXPECT_GE(count, 6);
}

TEST(ExampleAccounts, StandInBothReadmesAsTheyAreInTheirFiles) {
    for (const char* readme : {"README.md", "README.ja.md"}) {
        const std::vector<json> shown = accounts_in(readme);
        for (const json& account : shown) EXPECT_EQ(refusal(account.dump()), "") << readme;
        for (const char* name : {"gmail-oauth", "gmail-app-password", "microsoft365-oauth"}) {
            const json file =
                json::parse(content(SOURCE_DIR "/examples/settings/" + std::string(name) + ".json"));
            EXPECT_EQ(std::count(shown.begin(), shown.end(), file), 1) << name << " in " << readme;
        }
    }
}

}  // namespace
}  // namespace mailsend
