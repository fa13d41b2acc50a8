/// Settings with something changed in them, and what `problems_of` then says: for the tests of its rules.
#pragma once

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "operations/settings_problems.hpp"

namespace test {

using mailsend::PasswordShape;
using mailsend::SecretsSeen;
using nlohmann::json;

inline constexpr std::int64_t november_2026 = 1'795'305'600'000;
inline constexpr std::int64_t february_2027 = 1'801'440'000'000;

inline const json base = json::parse(
    R"({"server":{"kind":"custom","host":"mail.example.test","port":587,"security":"starttls"},
        "auth":{"method":"password","username":"alice@example.test","password":{"$secret":"p"}},
        "from":"Alice <alice@example.test>"})");

/// "error /server/port: Port …", one for each problem of the base settings with the patches on them.
inline std::vector<std::string> found(std::initializer_list<json> patches, const SecretsSeen& secrets = {},
                                      std::int64_t now = november_2026) {
    json settings = base;
    for (const json& patch : patches) settings.merge_patch(patch);
    std::vector<std::string> out;
    for (const auto& problem :
         mailsend::problems_of(mailsend::parse_settings(settings.dump()), secrets, now)) {
        out.push_back((problem.severity == mailsend::Severity::error ? "error " : "warning ") +
                      problem.pointer + ": " + problem.message);
    }
    return out;
}

inline json preset(const char* id) {
    return {{"server",
             {{"kind", "preset"},
              {"provider", id},
              {"host", nullptr},
              {"port", nullptr},
              {"security", nullptr}}}};
}
inline json host(const char* name) {
    return {{"server", {{"host", name}}}};
}
inline json server(const char* name, int port, const char* security) {
    return {{"server", {{"host", name}, {"port", port}, {"security", security}}}};
}
/// Signs in as `name`, and sends as it unless another patch says otherwise.
inline json user(const char* name) {
    return {{"auth", {{"username", name}}}};
}
inline json account(const char* address) {
    return {{"auth", {{"username", address}}}, {"from", address}};
}
inline json from(const char* address) {
    return {{"from", address}};
}
inline json message(const char* member, const char* value) {
    return {{"message", {{member, value}}}};
}
inline json network(const char* ehlo_name) {
    return {{"network", {{"ehlo_name", ehlo_name}}}};
}
inline json timeout(const char* member, const char* value) {
    return {{"timeouts", {{member, value}}}};
}
inline const json no_sign_in = {{"auth", {{"method", "none"}, {"username", nullptr}, {"password", nullptr}}}};
inline const json no_from = {{"from", nullptr}};
inline const json clear = {{"server", {{"security", "none"}}}, {"auth", {{"allow_cleartext", true}}}};
inline const json certificate = {{"tls", {{"client_certificate", {{"$secret", "cert"}}}}}};

inline json oauth(const char* name) {
    return {{"auth",
             {{"method", "oauth2"},
              {"provider", "google"},
              {"grant", "access-token"},
              {"username", name},
              {"password", nullptr},
              {"access_token", {{"$secret", "token"}}}}}};
}

/// One rule at work: what is changed and what is then said, in each language.
struct Rule {
    std::vector<json> patches;
    const char* place;
    const char* english;
    const char* japanese;
    SecretsSeen secrets = {};
    std::int64_t now = november_2026;
};

inline SecretsSeen password(PasswordShape shape) {
    return {.password = shape, .certificate_missing = false, .oauth_missing = {}, .certificate_fault = {}};
}

inline std::vector<std::string> found_by(const Rule& rule, const char* language) {
    json all = json::object();
    for (const json& patch : rule.patches) {
        // Patched one after the other below would lose the nulls.
        for (const auto& [name, value] : patch.items()) {
            if (value.is_object() && all.contains(name)) {
                all[name].update(value);
            } else {
                all[name] = value;
            }
        }
    }
    return found({all, {{"language", language}}}, rule.secrets, rule.now);
}

/// Each rule says its words at its place, in both languages.
inline void expect_said(const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) {
        for (const auto& [language, words] :
             {std::pair{"en", rule.english}, std::pair{"ja", rule.japanese}}) {
            const std::string place = std::string(rule.place) + ": ";
            EXPECT_THAT(found_by(rule, language), testing::Contains(testing::AllOf(
                                                      testing::StartsWith(place), testing::HasSubstr(words),
                                                      testing::Not(testing::HasSubstr("{0}")),
                                                      testing::Not(testing::HasSubstr("{1}")))))
                << rule.english;
        }
    }
}

}  // namespace test
