// The operation `validate`: what is wrong with the settings, without connecting.
#include "operations/account_secret.hpp"
#include "operations/account_view.hpp"
#include "operations/consent_clock.hpp"
#include "operations/sending.hpp"
#include "operations/settings_problems.hpp"
#include "outcome/failure.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

constexpr const char* password_pointer = "/auth/password";
constexpr std::string_view certificate_prefix = "/tls/client_certificate: ";

PasswordShape password_seen(const Settings& settings, const wfc::Host& host) {
    if (!settings.auth) return PasswordShape::unknown;
    try {
        return shape_of(secret_value(host.secrets(), settings.auth->password, password_pointer).reveal());
    } catch (const MissingSecret&) {
        return PasswordShape::missing;
    } catch (const Failure&) {  // a store that is busy says nothing about the settings
        return PasswordShape::unknown;
    }
}

void look_at_certificate(const Account& account, SecretsSeen& seen) {
    try {
        account.check_client_certificate();
    } catch (const MissingSecret&) {
        seen.certificate_missing = true;
    } catch (const wfc::Problem& problem) {
        std::string_view sentence = problem.what();
        if (sentence.starts_with(certificate_prefix)) sentence.remove_prefix(certificate_prefix.size());
        seen.certificate_fault = sentence;
    } catch (const Failure&) {  // as above
    }
}

/// Secrets that this grant fetches. The record of a sign-in is none of them: a person makes it by signing in.
void look_at_oauth(const OAuthAuth& auth, const wfc::Host& host, SecretsSeen& seen) {
    const std::pair<const std::optional<SecretRef>&, const char*> named[] = {
        {auth.client_secret, "/auth/client_secret"},
        {auth.certificate, "/auth/certificate"},
        {auth.refresh_token, "/auth/refresh_token"},
        {auth.access_token, "/auth/access_token"},
        {auth.private_key, "/auth/private_key"}};
    for (const auto& [secret, pointer] : named) {
        if (!secret) continue;
        try {
            secret_value(host.secrets(), *secret, pointer);
        } catch (const MissingSecret&) {
            seen.oauth_missing.push_back(pointer);
        } catch (const Failure&) {  // a store that is busy says nothing about the settings
        }
    }
}

/// The next run would fail.
SettingsProblem dead_sign_in(const Error& trouble, const Settings& settings) {
    const std::string& pointer = trouble.facts.pointer;
    return {pointer.empty() ? "/auth/tokens" : pointer, Severity::error, told(trouble, settings.language)};
}

std::vector<SettingsProblem> problems_found(Invocation& invocation, const SecretsSeen& seen) {
    const Settings& settings = invocation.account.settings();
    const std::int64_t now = invocation.host.clock().unix_ms();
    const AccountOAuth* const oauth = invocation.account.oauth();
    if (oauth == nullptr) return problems_of(settings, seen, now);
    try {
        const AccountSeen account = look_at(*oauth, invocation.account.reader());
        std::vector<SettingsProblem> problems = problems_of(settings, seen, now, consent_of(*oauth, account));
        if (account.trouble) problems.insert(problems.begin(), dead_sign_in(*account.trouble, settings));
        return problems;
    } catch (const wfc::Problem&) {
        return problems_of(settings, seen, now);
    } catch (const Failure&) {  // a store that is busy, as above
        return problems_of(settings, seen, now);
    }
}

}  // namespace

wfc_status validate(Invocation& invocation) {
    const nlohmann::json input = wfc::parse_json(invocation.call.input(), WFC_INVALID_INPUT, "input");
    wfc::Fields fields(input, "", WFC_INVALID_INPUT);
    fields.format();
    fields.done();
    const Settings& settings = invocation.account.settings();
    SecretsSeen seen;
    seen.password = password_seen(settings, invocation.host);
    if (settings.oauth) look_at_oauth(*settings.oauth, invocation.host, seen);
    look_at_certificate(invocation.account, seen);
    nlohmann::ordered_json problems = nlohmann::ordered_json::array();
    for (const SettingsProblem& problem : problems_found(invocation, seen)) {
        problems.push_back({{"pointer", problem.pointer},
                            {"severity", problem.severity == Severity::error ? "error" : "warning"},
                            {"message", problem.message}});
    }
    const nlohmann::ordered_json document{
        {"format", 1}, {"outcome", "succeeded"}, {"problems", std::move(problems)}};
    hand_over(invocation, document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return WFC_OK;
}

}  // namespace mailsend
