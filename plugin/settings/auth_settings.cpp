#include <algorithm>
#include <array>

#include "message/draft_parser.hpp"
#include "settings/sections.hpp"

namespace mailsend {

namespace {

/// Known to the contract and not built. Those with a token are no matter of passwords at all.
constexpr std::array<std::string_view, 8> later_mechanisms{
    "DIGEST-MD5", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS", "NTLM",
    "GSSAPI",     "EXTERNAL"};
constexpr std::array<std::string_view, 2> token_mechanisms{"XOAUTH2", "OAUTHBEARER"};

std::string mechanism_of(wfc::Fields& fields) {
    const std::string word = fields.string("mechanism").value_or("");
    const auto among = [&](const auto& words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (among(token_mechanisms)) {
        fields.refuse(
            "mechanism",
            in_quotes(word) + " signs in with a token, not a password: choose the method \"oauth2\"");
    }
    if (among(later_mechanisms)) fields.refuse("mechanism", in_quotes(word) + " is not in this version");
    return fields.choice("mechanism", {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"})
        .value_or("");
}

PasswordAuth password_of(wfc::Fields& fields) {
    allow_only(fields, {"method", "username", "password", "mechanism", "allow_cleartext"});
    PasswordAuth auth;
    fields.require("username");
    auth.username = *line_member(fields, "username", max_user_name);
    auth.password = secret_of(fields, "password");
    auth.mechanism = mechanism_of(fields);
    auth.allow_cleartext = fields.boolean("allow_cleartext").value_or(false);
    return auth;
}

}  // namespace

void read_auth(const nlohmann::json& value, Settings& settings) {
    wfc::Fields fields(value, "/auth", WFC_INVALID_SETTINGS);
    const auto method = fields.choice("method", {"none", "password", "oauth2"});
    if (!method) fields.refuse("method", "is missing");
    if (*method == "none") allow_only(fields, {"method"});
    if (*method == "password") settings.auth = password_of(fields);
    if (*method == "oauth2") settings.oauth = oauth_of(fields);
}

}  // namespace mailsend
