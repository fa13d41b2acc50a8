#include "settings/oauth_grants.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "settings/members.hpp"

namespace mailsend {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 3> code_needs{"client_id", "redirect_uri", "tokens"};
constexpr std::array<std::string_view, 8> code_takes{
    "sign_in_as", "client_secret", "certificate", "client_secret_expires",
    "tenant",     "scopes",        "endpoints",   "publishing"};
constexpr std::array<std::string_view, 2> device_needs{"client_id", "tokens"};
constexpr std::array<std::string_view, 7> device_takes{
    "sign_in_as", "client_secret", "certificate", "client_secret_expires", "tenant", "scopes", "endpoints"};
constexpr std::array<std::string_view, 1> credentials_needs{"client_id"};
constexpr std::array<std::string_view, 7> credentials_takes{
    "client_secret", "certificate", "client_secret_expires", "tenant", "scopes", "tokens", "endpoints"};
constexpr std::array<std::string_view, 2> service_needs{"service_client", "private_key"};
constexpr std::array<std::string_view, 3> service_takes{"scopes", "tokens", "endpoints"};
constexpr std::array<std::string_view, 2> refresh_needs{"client_id", "refresh_token"};
constexpr std::array<std::string_view, 10> refresh_takes{
    "client_secret", "certificate", "client_secret_expires", "tenant",    "scopes", "tokens",
    "endpoints",     "publishing",  "access_token",          "expires_at"};
constexpr std::array<std::string_view, 1> access_needs{"access_token"};
constexpr std::array<std::string_view, 1> access_takes{"expires_at"};

/// What a grant does with the members that not all grants have.
struct Grant {
    std::string_view name;
    Names needs;
    Names takes;

    bool uses(std::string_view member) const {
        const auto holds = [&](Names names) {
            return std::find(names.begin(), names.end(), member) != names.end();
        };
        return holds(needs) || holds(takes);
    }
};

constexpr std::array<Grant, 6> grants{Grant{"authorization-code", code_needs, code_takes},
                                      Grant{"device-code", device_needs, device_takes},
                                      Grant{"client-credentials", credentials_needs, credentials_takes},
                                      Grant{"service-account", service_needs, service_takes},
                                      Grant{"refresh-token", refresh_needs, refresh_takes},
                                      Grant{"access-token", access_needs, access_takes}};

constexpr std::array<std::string_view, 16> members_of_some{
    "sign_in_as",    "client_id",  "client_secret", "certificate",   "client_secret_expires",
    "tenant",        "scopes",     "redirect_uri",  "tokens",        "endpoints",
    "publishing",    "expires_at", "access_token",  "refresh_token", "private_key",
    "service_client"};

std::string users_of(std::string_view member) {
    std::vector<std::string> names;
    for (const Grant& grant : grants) {
        if (grant.uses(member)) names.push_back(in_quotes(grant.name));
    }
    return alternatives(names);
}

void check_provider(const wfc::Fields& fields, std::string_view provider, std::string_view grant) {
    if (provider == "google" && grant == "device-code") {
        fields.refuse("grant",
                      "cannot be \"device-code\" with Google, whose device sign-in gives no access to mail; "
                      "choose \"authorization-code\"");
    }
    if (provider == "google" && grant == "client-credentials") {
        fields.refuse("grant",
                      "cannot be \"client-credentials\" with Google, which lets an application in without a "
                      "person through a service account only; choose \"service-account\"");
    }
    if (provider == "microsoft" && grant == "service-account") {
        fields.refuse("grant",
                      "cannot be \"service-account\" with Microsoft; choose \"client-credentials\" to send "
                      "without a person signing in");
    }
}

/// Members that belong to some providers only.
void check_members_of_provider(wfc::Fields& fields, std::string_view provider) {
    if (provider != "microsoft" && fields.find("tenant") != nullptr) {
        fields.refuse("tenant", "belongs to the provider \"microsoft\" only; remove it");
    }
    if (provider != "google" && fields.find("publishing") != nullptr) {
        fields.refuse("publishing", "belongs to the provider \"google\" only; remove it");
    }
    if (provider == "google" && fields.find("certificate") != nullptr) {
        fields.refuse("certificate", "cannot be used with Google, whose clients have a client_secret");
    }
}

/// A custom server is known by its endpoints alone.
void check_endpoints(const wfc::Fields& fields, const OAuthAuth& auth) {
    if (auth.provider != "custom" || auth.grant == "access-token") return;
    const auto need = [&](bool given, std::string_view member) {
        if (given) return;
        const std::string where = fields.pointer_of("endpoints") + "/" + std::string(member);
        throw wfc::Problem(WFC_INVALID_SETTINGS, where,
                           where + " is missing: with the provider \"custom\" the grant " +
                               in_quotes(auth.grant) + " needs this URL of its authorization server");
    };
    need(!auth.endpoints.token.empty(), "token");
    if (auth.grant == "authorization-code") need(!auth.endpoints.authorize.empty(), "authorize");
    if (auth.grant == "device-code") need(!auth.endpoints.device.empty(), "device");
}

/// What is written to `tokens` replaces whatever is stored under that name.
void check_names(const wfc::Fields& fields, const OAuthAuth& auth) {
    if (!auth.tokens) return;
    for (const auto* other : {&auth.client_secret, &auth.certificate, &auth.refresh_token, &auth.access_token,
                              &auth.private_key}) {
        if (*other && (*other)->name == auth.tokens->name) {
            fields.refuse("tokens",
                          "must have a name that no other secret of the account has: MailSend writes the "
                          "tokens there");
        }
    }
}

}  // namespace

void check_members(wfc::Fields& fields, const std::string& provider, const std::string& grant) {
    check_provider(fields, provider, grant);
    const Grant& chosen =
        *std::find_if(grants.begin(), grants.end(), [&](const Grant& each) { return each.name == grant; });
    for (const std::string_view member : members_of_some) {
        if (fields.find(member) == nullptr || chosen.uses(member)) continue;
        fields.refuse(member, "is not used by the grant " + in_quotes(grant) +
                                  "; remove it, or choose the grant " + users_of(member));
    }
    for (const std::string_view member : chosen.needs) {
        if (fields.find(member) == nullptr)
            fields.refuse(member, "is missing: the grant " + in_quotes(grant) + " needs it");
    }
    check_members_of_provider(fields, provider);
}

void check_combination(const wfc::Fields& fields, const OAuthAuth& auth) {
    if (auth.client_secret && auth.certificate) {
        fields.refuse("certificate",
                      "cannot stand beside client_secret: an application proves itself with one "
                      "of them; remove the other");
    }
    const bool proof = auth.client_secret || auth.certificate;
    if (auth.grant == "client-credentials" && !proof) {
        fields.refuse("client_secret",
                      "is missing: the grant \"client-credentials\" needs a client_secret or a "
                      "certificate");
    }
    if (auth.client_secret_expires && !proof) {
        fields.refuse("client_secret_expires",
                      "has no use without a client_secret or a certificate; remove it");
    }
    if (auth.provider == "microsoft" && auth.grant == "client-credentials" &&
        (auth.tenant.empty() || auth.tenant == "common" || auth.tenant == "organizations" ||
         auth.tenant == "consumers")) {
        fields.refuse("tenant",
                      "must be the directory (tenant) ID or a domain of the organisation: without a "
                      "person signing in, Microsoft cannot find it out");
    }
    if (auth.expires_at && !auth.access_token) {
        fields.refuse("expires_at", "has no use without an access_token; remove it");
    }
    check_endpoints(fields, auth);
    check_names(fields, auth);
}

}  // namespace mailsend
