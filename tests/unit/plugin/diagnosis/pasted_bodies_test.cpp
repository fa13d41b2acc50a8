// Bodies of HTTP APIs (api_bodies/) and of authorization servers (oauth_refusals.json) as text.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/pasted_text.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

const std::filesystem::path folder = SOURCE_DIR "/tests/unit/plugin/diagnosis";

std::string id_of(const std::string& text) {
    return diagnose(read_pasted(text, std::nullopt, "").facts, Language::en).id;
}

json api_bodies() {
    json out = json::array();
    for (const auto& file : std::filesystem::directory_iterator(folder / "api_bodies")) {
        for (json& row : json::parse(std::ifstream(file.path()))) out.push_back(std::move(row));
    }
    return out;
}

TEST(PastedBodies, OfApisHaveTheirOwnEntryBehindTheirStatus) {
    const json all = api_bodies();
    ASSERT_GE(all.size(), 12u);
    std::size_t alone = 0;
    for (const json& row : all) {
        const std::string body =
            row["body"].is_string() ? row["body"].get<std::string>() : row["body"].dump();
        if (id_of(body) == row["id"]) ++alone;
        if (!row.contains("http_status")) continue;  // nor do its words depend on it
        const std::string status = std::to_string(row["http_status"].get<int>());
        EXPECT_EQ(id_of("HTTP/1.1 " + status + " No\r\nDate: x\r\n\r\n" + body), row["id"]) << body;
        EXPECT_EQ(id_of("Request failed with status code " + status + " " + body), row["id"]) << body;
    }
    EXPECT_GE(alone * 100, all.size() * 80) << alone << " of " << all.size();
}

/// What tells a refusal of the authorization server apart from one of its sign-in page.
std::string as_text(const json& row) {
    if (row.value("endpoint", "") != "authorize") {
        json body{{"error", row["error"]},
                  {"error_description", row["description"]},
                  {"error_codes", row["error_codes"]}};
        const int status = row.value("http_status", 400);
        return "HTTP/1.1 " + std::to_string(status) + " No\n\n" + body.dump();
    }
    std::string escaped;
    for (const char c : row["description"].get<std::string>()) {
        char hex[4];
        std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        escaped += hex;
    }
    return "http://127.0.0.1:48888/callback?state=s&error=" + row["error"].get<std::string>() +
           "&error_description=" + escaped;
}

TEST(PastedBodies, OfAuthorizationServersHaveTheirOwnEntry) {
    std::size_t tried = 0;
    for (const json& row : json::parse(std::ifstream(folder / "oauth_refusals.json"))) {
        if (!row.contains("error") || !row.contains("error_codes")) continue;
        ++tried;
        EXPECT_EQ(id_of(as_text(row)), row["id"]) << as_text(row);
    }
    EXPECT_GE(tried, 80u);
}

}  // namespace
}  // namespace mailsend
