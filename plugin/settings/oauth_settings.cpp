#include <algorithm>
#include <array>

#include "message/draft_parser.hpp"
#include "settings/oauth_grants.hpp"
#include "settings/sections.hpp"
#include "settings/urls.hpp"

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::size_t max_client_id = 512;
constexpr std::size_t max_tenant = 128;
constexpr std::size_t max_url = 2048;
constexpr std::size_t max_redirect = 256;
constexpr std::size_t max_scopes = 20;
constexpr std::size_t max_scope = 512;

/// "2027-05-01".
std::chrono::sys_days date_of(const std::string& text) {
    const auto digits = [&](std::size_t from, std::size_t count) {
        int value = 0;
        for (std::size_t at = from; at < from + count; ++at) {
            if (text[at] < '0' || text[at] > '9') return -1;
            value = value * 10 + (text[at] - '0');
        }
        return value;
    };
    constexpr const char* form = "is no date; write year, month and day as in 2027-05-01";
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') throw std::invalid_argument(form);
    const int year = digits(0, 4);
    const int month = digits(5, 2);
    const int day = digits(8, 2);
    if (year < 0 || month < 0 || day < 0) throw std::invalid_argument(form);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) throw std::invalid_argument("is a day that does not exist");
    return date;
}

/// A directory's id, one of its domains or a word such as "common": it becomes a part of a URL.
std::string tenant_of(const std::string& text) {
    const bool sound = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-';
    });
    if (!sound || text.front() == '.') {
        throw std::invalid_argument(
            "is no tenant: write the directory (tenant) ID of the app registration, a domain of the "
            "organisation, or common, organizations or consumers");
    }
    return text;
}

/// A scope-token (RFC 6749 section 3.3).
bool is_scope(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
    });
}

std::vector<std::string> scopes_of(Fields& fields) {
    std::vector<std::string> scopes;
    const json* value = fields.find("scopes");
    if (value == nullptr) return scopes;
    const Place place{WFC_INVALID_SETTINGS, fields.pointer_of("scopes")};
    if (!value->is_array()) place.refuse("must be a list, not " + Fields::describe(*value));
    if (value->size() > max_scopes) place.refuse("holds more than " + std::to_string(max_scopes) + " scopes");
    for (std::size_t i = 0; i < value->size(); ++i) {
        std::string scope = line_of((*value)[i], place.at(i), max_scope);
        if (!is_scope(scope)) {
            place.at(i).refuse(
                "is no scope: one word without blanks and quotation marks; write each scope as an "
                "item of its own");
        }
        scopes.push_back(std::move(scope));
    }
    return scopes;
}

OAuthEndpoints endpoints_of(Fields& auth) {
    OAuthEndpoints endpoints;
    const json* value = auth.find("endpoints");
    if (value == nullptr) return endpoints;
    Fields fields(*value, auth.pointer_of("endpoints"), WFC_INVALID_SETTINGS);
    allow_only(fields, {"authorize", "token", "device", "revoke", "issuer"});
    const auto read = [&](std::string_view member, std::string& into, const auto& check) {
        if (const auto text = line_member(fields, member, max_url))
            into = located(fields, member, *text, check);
    };
    read("authorize", endpoints.authorize, endpoint_url);
    read("token", endpoints.token, endpoint_url);
    read("device", endpoints.device, endpoint_url);
    read("revoke", endpoints.revoke, endpoint_url);
    read("issuer", endpoints.issuer, issuer_url);
    return endpoints;
}

}  // namespace

OAuthAuth oauth_of(Fields& fields) {
    allow_only(fields, {"method",         "provider",     "grant",         "username",
                        "sign_in_as",     "client_id",    "client_secret", "certificate",
                        "tenant",         "redirect_uri", "scopes",        "tokens",
                        "endpoints",      "publishing",   "refresh_token", "client_secret_expires",
                        "access_token",   "expires_at",   "private_key",   "service_client",
                        "allow_cleartext"});
    for (const char* member : {"provider", "grant", "username"}) fields.require(member);
    OAuthAuth auth;
    auth.provider = *fields.choice("provider", {"google", "microsoft", "custom"});
    auth.grant = *fields.choice("grant", {"authorization-code", "device-code", "client-credentials",
                                          "service-account", "refresh-token", "access-token"});
    check_members(fields, auth.provider, auth.grant);
    auth.username = *line_member(fields, "username", max_user_name);
    auth.sign_in_as = line_member(fields, "sign_in_as", max_user_name).value_or("");
    auth.client_id = line_member(fields, "client_id", max_client_id).value_or("");
    auth.client_secret = optional_secret_of(fields, "client_secret");
    auth.certificate = optional_secret_of(fields, "certificate");
    if (const auto date = fields.string("client_secret_expires"))
        auth.client_secret_expires = located(fields, "client_secret_expires", *date, date_of);
    if (const auto tenant = line_member(fields, "tenant", max_tenant))
        auth.tenant = located(fields, "tenant", *tenant, tenant_of);
    if (const auto uri = line_member(fields, "redirect_uri", max_redirect))
        auth.redirect_uri = located(fields, "redirect_uri", *uri, redirect_uri);
    auth.scopes = scopes_of(fields);
    auth.tokens = optional_secret_of(fields, "tokens");
    auth.endpoints = endpoints_of(fields);
    auth.allow_cleartext = fields.boolean("allow_cleartext").value_or(false);
    auth.publishing = fields.choice("publishing", {"testing", "production", "internal"}).value_or("");
    auth.refresh_token = optional_secret_of(fields, "refresh_token");
    auth.access_token = optional_secret_of(fields, "access_token");
    if (const json* time = fields.find("expires_at")) {
        auth.expires_at =
            zoned_time_of(*time, {WFC_INVALID_SETTINGS, fields.pointer_of("expires_at")}).unix_seconds;
    }
    auth.private_key = optional_secret_of(fields, "private_key");
    auth.service_client = line_member(fields, "service_client", max_user_name).value_or("");
    check_combination(fields, auth);
    return auth;
}

}  // namespace mailsend
