#include "oauth/token_doctor.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "crypto/jwt.hpp"
#include "oauth/token_life.hpp"
#include "wfc/json.hpp"

namespace mailsend::oauth {

namespace {

using Words = std::vector<std::string>;

constexpr std::int64_t skew_s = 300;
constexpr double last_moment = 253'402'300'799.0;  // the end of the year 9999

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

bool alike(std::string_view left, std::string_view right) {
    return lower(left) == lower(right);
}

/// 8-4-4-4-12 hexadecimal digits.
bool is_guid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !digit) return false;
    }
    return true;
}

std::string joined_for_people(const Words& words) {
    std::string out;
    for (const std::string& word : words) out.append(out.empty() ? "" : " ").append(word);
    return wfc::shortened(out);
}

/// What a token says of itself.
class Claims {
  public:
    explicit Claims(nlohmann::json json) : json_(std::move(json)) {}

    std::string text(const char* name) const {
        const auto found = json_.find(name);
        return found != json_.end() && found->is_string() ? found->get<std::string>() : std::string();
    }
    std::optional<std::int64_t> moment(const char* name) const {
        const auto found = json_.find(name);
        if (found == json_.end() || !found->is_number()) return std::nullopt;
        const auto value = found->get<double>();
        if (!(value >= 0) || value > last_moment) return std::nullopt;
        return static_cast<std::int64_t>(std::floor(value));
    }
    /// A list of strings or one string of words; nothing when there is no such claim.
    std::optional<Words> words(const char* name) const {
        const auto found = json_.find(name);
        if (found == json_.end() || !(found->is_string() || found->is_array())) return std::nullopt;
        Words out;
        if (found->is_array()) {
            for (const auto& word : *found) {
                if (word.is_string()) out.push_back(word.get<std::string>());
            }
            return out;
        }
        const auto& text = found->get_ref<const std::string&>();
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find(' ', at), text.size());
            if (end > at) out.push_back(text.substr(at, end - at));
            at = end + 1;
        }
        return out;
    }

  private:
    nlohmann::json json_;
};

std::optional<Claims> claims_of(std::string_view token) {
    const auto text = crypto::jwt_claims(token);
    if (!text) return std::nullopt;
    try {
        nlohmann::json json = wfc::parse_json(*text, WFC_INVALID_INPUT, "claims", {64u << 10, 8});
        if (!json.is_object()) return std::nullopt;
        return Claims(std::move(json));
    } catch (const wfc::Problem&) {
        return std::nullopt;
    }
}

bool holds(const Words& words, std::string_view wanted) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return alike(word, wanted); });
}

/// In lower case and without the blank end that some tokens have.
std::string audience_key(std::string_view audience) {
    std::string key = lower(audience);
    while (!key.empty() && key.back() == '/') key.pop_back();
    return key;
}

bool is_exchange(std::string_view audience) {
    constexpr std::array<std::string_view, 6> servers = {
        "https://outlook.office.com",           "https://outlook.office365.com",
        "00000002-0000-0ff1-ce00-000000000000", "https://outlook.office365.us",
        "https://partner.outlook.cn",           "https://ps.outlook.com"};
    return std::find(servers.begin(), servers.end(), audience_key(audience)) != servers.end();
}

std::string audience_in_words(const std::string& audience) {
    const std::string key = audience_key(audience);
    if (key == "https://graph.microsoft.com" || key == "00000003-0000-0000-c000-000000000000" ||
        key == "https://microsoftgraph.chinacloudapi.cn" || key == "https://graph.microsoft.us")
        return "Microsoft Graph";
    if (is_exchange(audience)) return "Office 365 Exchange Online";
    return wfc::shortened(audience);
}

/// The scope as it was asked for, which differs between clouds.
std::string smtp_scope(const TokenNeeds& needs) {
    for (const std::string& scope : needs.scopes) {
        if (lower(scope).ends_with("/smtp.send") || (needs.application && scope.ends_with("/.default")))
            return scope;
    }
    return needs.application ? "https://outlook.office365.com/.default"
                             : "https://outlook.office.com/SMTP.Send";
}

TokenFinding finding(std::string fault, std::map<std::string, std::string> details) {
    details["token_fault"] = fault;
    return {std::move(fault), std::move(details)};
}

std::optional<TokenFinding> microsoft_permissions(const Claims& claims, const TokenNeeds& needs) {
    const auto audiences = claims.words("aud");
    if (audiences && !audiences->empty() &&
        std::none_of(audiences->begin(), audiences->end(),
                     [](const auto& one) { return is_exchange(one); })) {
        return finding("audience", {{"token_audience", audience_in_words(audiences->front())},
                                    {"needed_scope", smtp_scope(needs)}});
    }
    const auto scopes = claims.words("scp"), roles = claims.words("roles");
    if (scopes && !needs.application) {
        if (holds(*scopes, "SMTP.Send")) return std::nullopt;
        return finding("scope",
                       {{"token_scopes", joined_for_people(*scopes)}, {"needed_scope", smtp_scope(needs)}});
    }
    // Exchange can allow an application a mailbox without any role in its token (application RBAC).
    if (roles && !roles->empty() && !holds(*roles, "SMTP.SendAsApp")) {
        return finding("role",
                       {{"token_scopes", joined_for_people(*roles)}, {"needed_scope", "SMTP.SendAsApp"}});
    }
    return std::nullopt;
}

std::optional<TokenFinding> asked_scopes(const Claims& claims, const TokenNeeds& needs) {
    auto scopes = claims.words("scope");
    if (!scopes) scopes = claims.words("scp");
    if (!scopes) return std::nullopt;
    // Of OpenID Connect and for the authorization server itself: access tokens need not repeat them.
    constexpr std::array<std::string_view, 6> of_the_server = {"openid", "offline_access", "profile",
                                                               "email",  "address",        "phone"};
    for (const std::string& scope : needs.scopes) {
        if (std::find(of_the_server.begin(), of_the_server.end(), scope) != of_the_server.end()) continue;
        if (std::find(scopes->begin(), scopes->end(), scope) != scopes->end()) continue;
        return finding("scope", {{"token_scopes", joined_for_people(*scopes)}, {"needed_scope", scope}});
    }
    return std::nullopt;
}

std::optional<TokenFinding> time_faults(const Claims& claims, std::int64_t now) {
    if (const auto end = claims.moment("exp"); end && now > *end + skew_s)
        return finding("expired", {{"token_time", utc(*end)}});
    if (const auto start = claims.moment("nbf"); start && now < *start - skew_s)
        return finding("not_yet_valid", {{"token_time", utc(*start)}});
    return std::nullopt;
}

std::optional<TokenFinding> microsoft_identity(const Claims& claims, const TokenNeeds& needs) {
    const std::string tenant = claims.text("tid");
    if (is_guid(tenant) && is_guid(needs.tenant) && !alike(tenant, needs.tenant))
        return finding("tenant", {{"token_tenant", tenant}});
    for (const char* const claim : {"upn", "unique_name", "preferred_username"}) {
        const std::string user = claims.text(claim);
        if (user.empty()) continue;
        if (needs.username.empty() || alike(user, needs.username)) return std::nullopt;
        if (!needs.sign_in_as.empty() && alike(user, needs.sign_in_as)) return std::nullopt;
        return finding("user", {{"token_user", wfc::shortened(user)}});
    }
    return std::nullopt;
}

}  // namespace

std::optional<TokenFinding> examine(std::string_view token, const TokenNeeds& needs) {
    if (needs.provider == Provider::google) return std::nullopt;  // no promise about what its tokens hold
    const auto claims = claims_of(token);
    if (!claims) return std::nullopt;
    const bool microsoft = needs.provider == Provider::microsoft;
    if (auto fault = microsoft ? microsoft_permissions(*claims, needs) : asked_scopes(*claims, needs))
        return fault;
    if (auto fault = time_faults(*claims, needs.now_unix_s)) return fault;
    return microsoft ? microsoft_identity(*claims, needs) : std::nullopt;
}

}  // namespace mailsend::oauth
