#include "operations/oauth_presets.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "settings/providers.hpp"

namespace mailsend {
namespace {

/// They ask for an identity or for a refresh token, and give no access to anything.
constexpr std::array<std::string_view, 5> no_access{"openid", "email", "profile", "offline_access",
                                                    "address"};

bool among(const auto& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

const ProviderOAuth& preset_of(const OAuthAuth& auth) {
    static const ProviderOAuth none{};
    const Provider* preset = auth.provider == "google"      ? find_provider("gmail")
                             : auth.provider == "microsoft" ? find_provider("microsoft365")
                                                            : nullptr;
    return preset == nullptr ? none : preset->oauth;
}

std::string filled(const std::string& own, std::string preset, const std::string& tenant) {
    if (!own.empty()) return own;
    constexpr std::string_view mark = "{tenant}";
    if (const std::size_t at = preset.find(mark); at != std::string::npos)
        preset.replace(at, mark.size(), tenant.empty() ? "common" : tenant);
    return preset;
}

std::string lower_last_part(std::string_view scope) {
    std::string part(scope.substr(scope.rfind('/') + 1));
    std::transform(part.begin(), part.end(), part.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return part;
}

}  // namespace

oauth::Provider oauth_provider(const OAuthAuth& auth) {
    if (auth.provider == "google") return oauth::Provider::google;
    if (auth.provider == "microsoft") return oauth::Provider::microsoft;
    return oauth::Provider::custom;
}

oauth::Endpoints oauth_endpoints(const OAuthAuth& auth) {
    const ProviderOAuth& preset = preset_of(auth);
    oauth::Endpoints out;
    out.authorize = filled(auth.endpoints.authorize, preset.authorize, auth.tenant);
    out.token = filled(auth.endpoints.token, preset.token, auth.tenant);
    out.device = filled(auth.endpoints.device, preset.device, auth.tenant);
    // What another token endpoint handed out is not for the provider's own place to revoke tokens.
    const bool own_server = !auth.endpoints.token.empty();
    out.revoke = filled(auth.endpoints.revoke, own_server ? "" : preset.revoke, auth.tenant);
    out.issuer = filled(auth.endpoints.issuer, own_server ? "" : preset.issuer, auth.tenant);
    return out;
}

oauth::Scopes oauth_scopes(const OAuthAuth& auth) {
    if (!auth.scopes.empty()) return auth.scopes;
    const ProviderOAuth& preset = preset_of(auth);
    if (auth.grant == "client-credentials") return preset.smtp_application_scopes;
    oauth::Scopes scopes = preset.smtp_scopes;
    const bool person = auth.grant == "authorization-code" || auth.grant == "device-code";
    if (person && auth.provider != "custom") {
        scopes.emplace_back("openid");
        scopes.emplace_back(auth.provider == "google" ? "email" : "profile");
    }
    return scopes;
}

oauth::Scopes scopes_withheld(oauth::Provider provider, const oauth::Scopes& asked,
                              const oauth::Scopes& granted) {
    const auto same = [&](const std::string& left, const std::string& right) {
        if (provider == oauth::Provider::microsoft) return lower_last_part(left) == lower_last_part(right);
        return left == right;
    };
    oauth::Scopes withheld;
    for (const std::string& scope : asked) {
        // ".default" stands for whatever the application was given.
        if (among(no_access, scope) || scope.ends_with("/.default")) continue;
        const bool given = std::any_of(granted.begin(), granted.end(),
                                       [&](const std::string& each) { return same(scope, each); });
        if (!given) withheld.push_back(scope);
    }
    return withheld;
}

}  // namespace mailsend
