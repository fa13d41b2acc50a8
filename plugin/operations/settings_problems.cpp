#include "operations/settings_problems.hpp"

#include "operations/account_identity.hpp"
#include "operations/settings_rules.hpp"

namespace mailsend {

std::vector<SettingsProblem> problems_of(const Settings& settings, const SecretsSeen& secrets,
                                         std::int64_t now_unix_ms) {
    const Examined examined{settings, secrets, now_unix_ms, provider_of(settings.server)};
    ProblemList problems(settings.language);
    judge_server(examined, problems);
    judge_sign_in(examined, problems);
    judge_secrets(examined, problems);
    judge_messages(examined, problems);
    judge_network(examined, problems);
    return problems.take();
}

}  // namespace mailsend
