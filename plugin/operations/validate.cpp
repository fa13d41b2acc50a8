// The operation `validate`: what is wrong with the settings, without connecting.
#include "operations/invocation.hpp"
#include "operations/settings_problems.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

PasswordShape password_shape(const Settings& settings, const wfc::Host& host) {
    if (!settings.auth) return PasswordShape::unknown;
    try {
        return shape_of(host.secrets().get(settings.auth->password.name).reveal());
    } catch (const wfc::ServiceFailed& failed) {
        const bool missing = failed.status() == WFC_NOT_FOUND || failed.status() == WFC_UNSUPPORTED;
        return missing ? PasswordShape::missing : PasswordShape::unknown;
    }
}

}  // namespace

wfc_status validate(Invocation& invocation) {
    const nlohmann::json input = wfc::parse_json(invocation.call.input(), WFC_INVALID_INPUT, "input");
    wfc::Fields fields(input, "", WFC_INVALID_INPUT);
    fields.format();
    fields.done();
    const Settings& settings = invocation.account.settings();
    nlohmann::ordered_json problems = nlohmann::ordered_json::array();
    for (const SettingsProblem& problem : problems_of(settings, password_shape(settings, invocation.host),
                                                      invocation.host.clock().unix_ms())) {
        problems.push_back({{"pointer", problem.pointer},
                            {"severity", problem.severity == Severity::error ? "error" : "warning"},
                            {"message", problem.message}});
    }
    const nlohmann::ordered_json document{
        {"format", 1}, {"outcome", "succeeded"}, {"problems", std::move(problems)}};
    invocation.call.result(document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return WFC_OK;
}

}  // namespace mailsend
