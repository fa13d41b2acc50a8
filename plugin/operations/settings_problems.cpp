#include "operations/settings_problems.hpp"

#include "operations/account_identity.hpp"
#include "operations/consent_clock.hpp"
#include "operations/settings_rules.hpp"

namespace mailsend {

namespace {

std::vector<SettingsProblem> found(const Settings& settings, const SecretsSeen& secrets,
                                   std::int64_t now_unix_ms, const ConsentSeen* consent) {
    const Examined examined{settings, secrets, now_unix_ms, provider_of(settings.server)};
    ProblemList problems(settings.language);
    judge_server(examined, problems);
    judge_sign_in(examined, problems);
    judge_secrets(examined, problems);
    if (consent != nullptr) judge_consent(*consent, problems);
    judge_messages(examined, problems);
    judge_network(examined, problems);
    return problems.take();
}

}  // namespace

std::vector<SettingsProblem> problems_of(const Settings& settings, const SecretsSeen& secrets,
                                         std::int64_t now_unix_ms) {
    return found(settings, secrets, now_unix_ms, nullptr);
}

std::vector<SettingsProblem> problems_of(const Settings& settings, const SecretsSeen& secrets,
                                         std::int64_t now_unix_ms, const ConsentSeen& consent) {
    return found(settings, secrets, now_unix_ms, &consent);
}

}  // namespace mailsend
