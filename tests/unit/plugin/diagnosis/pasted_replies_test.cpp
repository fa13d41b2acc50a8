// The replies of servers (replies/) as text: with stage and provider each has its own entry, and without
// either most of them.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/pasted_text.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

json examples() {
    json out = json::array();
    for (const auto& file :
         std::filesystem::directory_iterator(SOURCE_DIR "/tests/unit/plugin/diagnosis/replies")) {
        for (json& row : json::parse(std::ifstream(file.path()))) {
            row["file"] = file.path().filename().string();
            out.push_back(std::move(row));
        }
    }
    return out;
}

std::string joined(const json& row, const char* between) {
    std::string out;
    for (const json& line : row["lines"]) out += (out.empty() ? "" : between) + line.get<std::string>();
    return out;
}

TEST(PastedReplies, HaveTheirOwnEntryWithStageAndProvider) {
    for (const json& row : examples()) {
        if (row["lines"][0].get<std::string>().starts_with('2')) continue;  // a yes is no failure
        for (const char* between : {"\n", "\r\n", "\\r\\n", " "}) {
            const auto stage = stage_named(row["stage"].get<std::string>());
            Facts facts = read_pasted(joined(row, between), stage, row.value("provider", "")).facts;
            if (row.contains("details")) {
                for (const auto& [name, value] : row["details"].items()) facts.details[name] = value;
            }
            EXPECT_EQ(diagnose(facts, Language::en).id, row["id"]) << joined(row, between);
        }
    }
}

TEST(PastedReplies, HaveMostlyTheirOwnEntryAlone) {
    std::size_t own = 0;
    std::size_t all = 0;
    for (const json& row : examples()) {
        if (row["file"] == "basic.json") continue;  // a code by itself says nothing of where it was said
        ++all;
        const Facts facts = read_pasted(joined(row, "\n"), std::nullopt, "").facts;
        if (diagnose(facts, Language::en).id == row["id"]) ++own;
    }
    ASSERT_GE(all, 150u);
    EXPECT_GE(own * 100, all * 90) << own << " of " << all;  // measured: 341 of 364
}

}  // namespace
}  // namespace mailsend
