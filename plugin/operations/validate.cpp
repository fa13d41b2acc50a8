// The operation `validate`: what is wrong with the settings, without connecting.
#include "operations/account_secret.hpp"
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

}  // namespace

wfc_status validate(Invocation& invocation) {
    const nlohmann::json input = wfc::parse_json(invocation.call.input(), WFC_INVALID_INPUT, "input");
    wfc::Fields fields(input, "", WFC_INVALID_INPUT);
    fields.format();
    fields.done();
    const Settings& settings = invocation.account.settings();
    SecretsSeen seen;
    seen.password = password_seen(settings, invocation.host);
    look_at_certificate(invocation.account, seen);
    nlohmann::ordered_json problems = nlohmann::ordered_json::array();
    for (const SettingsProblem& problem : problems_of(settings, seen, invocation.host.clock().unix_ms())) {
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
