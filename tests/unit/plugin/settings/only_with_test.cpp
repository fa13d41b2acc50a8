// What the schema says to panels about members that go with some grants and providers is what the parser
// says.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/settings.hpp"
#include "wfc/json.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

/// The members of an account that signs in with OAuth 2.0, as the schema has them.
json oauth_members() {
    std::ifstream file(SOURCE_DIR "/manifests/settings.schema.json");
    const json schema = json::parse(file);
    for (const json& branch : schema["properties"]["auth"]["oneOf"]) {
        if (branch["properties"]["method"]["const"] == "oauth2") return branch["properties"];
    }
    return {};
}

bool among(const json& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// Whether a panel shows the member.
bool shown(const json& member, const std::string& provider, const std::string& grant) {
    const json only_with = member.value("x-only-with", json::object());
    return (!only_with.contains("provider") || among(only_with["provider"], provider)) &&
           (!only_with.contains("grant") || among(only_with["grant"], grant));
}

json some_value(const std::string& name, const json& member) {
    if (member.value("x-secret", false)) return {{"$secret", "name-of-" + name}};
    if (member.contains("enum")) return member["enum"][0];
    if (name == "scopes") return json::array({"https://mail.example.test/"});
    if (name == "endpoints") {
        json all;
        for (const char* each : {"authorize", "token", "device", "revoke", "issuer"})
            all[each] = "https://login.example.test/" + std::string(each);
        return all;
    }
    if (name == "tenant") return "contoso.example";
    if (name == "client_secret_expires") return "2027-05-01";
    if (name == "expires_at") return "2027-05-01T09:00:00Z";
    if (name == "redirect_uri") return "http://127.0.0.1:48888/callback";
    if (name == "allow_cleartext") return false;
    return "alice@example.test";
}

/// The pointer of what is refused, or empty.
std::string refused(const json& auth) {
    const json settings{{"server", {{"kind", "custom"}, {"host", "mail.example.test"}}}, {"auth", auth}};
    try {
        parse_settings(settings.dump());
    } catch (const wfc::Problem& problem) {
        return problem.pointer();
    }
    return {};
}

TEST(OnlyWith, WhatAPanelShowsTheParserTakesAndWhatItHidesTheParserRefuses) {
    const json members = oauth_members();
    ASSERT_GE(members.size(), 20U);
    std::size_t hidden = 0;
    for (const json& provider : members["provider"]["enum"]) {
        for (const json& grant : members["grant"]["enum"]) {
            json all{{"method", "oauth2"},
                     {"provider", provider},
                     {"grant", grant},
                     {"username", "a@example.test"}};
            for (const auto& [name, member] : members.items()) {
                const bool one_proof_is_enough = name == "certificate";
                if (!all.contains(name) && !one_proof_is_enough && shown(member, provider, grant))
                    all[name] = some_value(name, member);
            }
            SCOPED_TRACE(all.dump());
            if (refused(all) == "/auth/grant") continue;  // not every provider has every grant
            EXPECT_EQ(refused(all), "");
            for (const auto& [name, member] : members.items()) {
                if (shown(member, provider, grant)) continue;
                json more = all;
                more[name] = some_value(name, member);
                EXPECT_EQ(refused(more), "/auth/" + name);
                ++hidden;
            }
        }
    }
    EXPECT_GE(hidden, 50U);
}

}  // namespace
}  // namespace mailsend
