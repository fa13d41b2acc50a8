#include "diagnosis/pasted_oauth.hpp"

#include <algorithm>
#include <array>

#include "crypto/base64.hpp"
#include "diagnosis/diagnosis.hpp"
#include "diagnosis/pasted_lines.hpp"
#include "outcome/challenge.hpp"

namespace mailsend::diagnosis {
namespace {

using namespace std::string_view_literals;

/// Of the base64; more is none.
constexpr std::size_t longest_challenge = 8192;

// Names of errors that are no words of everyday (RFC 6749, 6750, 8628, OpenID Connect; Google's own).
constexpr std::array names{"invalid_grant"sv,
                           "invalid_client"sv,
                           "unauthorized_client"sv,
                           "unsupported_grant_type"sv,
                           "unsupported_response_type"sv,
                           "invalid_scope"sv,
                           "invalid_request"sv,
                           "invalid_token"sv,
                           "insufficient_scope"sv,
                           "access_denied"sv,
                           "server_error"sv,
                           "temporarily_unavailable"sv,
                           "authorization_pending"sv,
                           "slow_down"sv,
                           "expired_token"sv,
                           "interaction_required"sv,
                           "login_required"sv,
                           "consent_required"sv,
                           "deleted_client"sv,
                           "redirect_uri_mismatch"sv,
                           "admin_policy_enforced"sv,
                           "org_internal"sv,
                           "disallowed_useragent"sv,
                           "rate_limit_exceeded"sv,
                           "internal_failure"sv,
                           "invalid_resource"sv};
// Errors that a person sees in the browser, not a program at the token endpoint.
constexpr std::array in_browser{"access_denied"sv, "redirect_uri_mismatch"sv, "admin_policy_enforced"sv,
                                "org_internal"sv, "disallowed_useragent"sv};
// What Google says where it says it.
constexpr std::array of_google{"google"sv,
                               "expired or revoked"sv,
                               "reauth related error"sv,
                               "invalid_rapt"sv,
                               "malformed auth code"sv,
                               "invalid jwt"sv,
                               "token used too"sv,
                               "gmail"sv,
                               "account has been deleted"sv,
                               "invalid email or user id"sv,
                               "error_subtype"sv,
                               "bad request"sv,
                               "client is unauthorized to retrieve access tokens"sv};

bool holds_one_of(std::string_view text, const auto& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != text.npos; });
}

bool part_of_word(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}

/// The first name of an error that stands alone in `text`, which is in lower case; npos where there is none.
std::pair<std::size_t, std::string_view> error_name(std::string_view text) {
    std::pair<std::size_t, std::string_view> out{text.npos, {}};
    for (const std::string_view name : names) {
        for (std::size_t at = text.find(name); at != text.npos && at < out.first;
             at = text.find(name, at + 1)) {
            const bool alone = (at == 0 || !part_of_word(text[at - 1])) &&
                               (at + name.size() >= text.size() || !part_of_word(text[at + name.size()]));
            if (alone) out = {at, name};
        }
    }
    return out;
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// A value of application/x-www-form-urlencoded.
std::string form_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const int high = text[at] == '%' && at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[at + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            out += text[at] == '+' ? ' ' : text[at];
        }
    }
    return out;
}

/// The value of a parameter of an address in `text`; empty where there is none.
std::string parameter(std::string_view text, std::string_view name) {
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const bool begins = at > 0 && (text[at - 1] == '?' || text[at - 1] == '&' || text[at - 1] == '#');
        const std::size_t value = at + name.size();
        if (!begins || value >= text.size() || text[value] != '=') continue;
        const std::size_t end = std::min(text.find_first_of("& \n\"'<>", value), text.size());
        return form_decoded(text.substr(value + 1, end - value - 1));
    }
    return {};
}

/// What stands behind an error's name, without what sets the two apart.
std::string description_after(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n:\"',-=()"), text.size()));
    for (const std::string_view label : {"error_description"sv, "description"sv, "error description"sv}) {
        if (!lowered(text.substr(0, label.size())).starts_with(label)) continue;
        text.remove_prefix(label.size());
        text.remove_prefix(std::min(text.find_first_not_of(" \t\n:\"',-=("), text.size()));
    }
    text = text.substr(0, text.find("\n\n"));
    text = text.substr(0, std::min(text.find("\n    at "), text.find("\nTraceback")));
    text = trimmed(text);
    while (!text.empty() && "\"'})]"sv.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return std::string(trimmed(text));
}

/// A number of Microsoft's without the name of its error: of two entries the one that stands for a fault.
void settle_number(Facts& facts) {
    Facts passing = facts;
    passing.condition = "token.unavailable";
    if (diagnose(passing, Language::en).id == "microsoft.AADSTS" + facts.details["aadsts"])
        facts = std::move(passing);
}

}  // namespace

Facts oauth_facts(const ErrorWords& words, int http_status, const std::string& endpoint,
                  std::string_view around) {
    Facts facts = refusal_facts(words, http_status, "the authorization server");
    const std::string all = lowered(around);
    if (facts.details.contains("aadsts") || all.find("microsoft") != all.npos) {
        facts.provider = "microsoft365";
    } else if (holds_one_of(all, of_google) || words.error == "org_internal" ||
               words.error == "admin_policy_enforced" || words.error == "redirect_uri_mismatch" ||
               words.error == "disallowed_useragent" || words.error == "deleted_client") {
        facts.provider = "gmail";
    }
    facts.details["endpoint"] = endpoint;
    return facts;
}

std::optional<Facts> oauth_in_text(std::string_view text) {
    ErrorWords words;
    words.error = parameter(text, "error");
    const bool telling = names_oauth_error(words.error) || !parameter(text, "error_description").empty() ||
                         !parameter(text, "state").empty() || !aadsts_in(text).empty();
    if (!words.error.empty() && telling) {
        words.description = parameter(text, "error_description");
        words.uri = parameter(text, "error_uri");
        return oauth_facts(words, 0, "authorize", text);
    }
    const std::string low = lowered(text);
    const auto [at, name] = error_name(low);
    words.error = name;
    words.aadsts = aadsts_in(text);
    if (!words.aadsts.empty()) {
        words.description = description_after(text.substr(text.find("AADSTS")));
    } else if (at != low.npos) {
        words.description = description_after(text.substr(at + name.size()));
        if (words.description.empty()) words.description = std::string(trimmed(text.substr(0, at)));
    } else {
        return std::nullopt;
    }
    const bool browser = std::find(in_browser.begin(), in_browser.end(), name) != in_browser.end();
    const char* endpoint = browser ? "authorize" : "token";
    // What a service says to the token that it was shown (RFC 6750 section 3).
    if (low.find("www-authenticate") != low.npos || low.find("bearer error=") != low.npos)
        endpoint = "resource";
    Facts facts = oauth_facts(words, 0, endpoint, text);
    if (words.error.empty()) settle_number(facts);
    return facts;
}

bool names_oauth_error(std::string_view word) noexcept {
    return std::find(names.begin(), names.end(), word) != names.end();
}

std::string challenge_in_text(std::string_view text) {
    constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::size_t end = 0;
    for (std::size_t at = text.find("ey"); at != text.npos; at = text.find("ey", std::max(end, at + 1))) {
        if (at > 0 && base64.find(text[at - 1]) != base64.npos) continue;
        end = std::min(text.find_first_not_of(base64, at), text.size());
        if (end - at > longest_challenge || text.substr(end).starts_with('.')) continue;  // a token
        std::string piece(text.substr(at, end - at));
        while (piece.size() % 4 != 0) piece += '=';
        const std::optional<std::string> decoded = crypto::base64_decode(piece);
        if (decoded && decoded->starts_with("{") && !challenge_status(*decoded).empty()) return *decoded;
    }
    return {};
}

}  // namespace mailsend::diagnosis
