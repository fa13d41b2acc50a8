/// The rules that settings are judged by, in groups. Private to settings_problems.cpp and to them.
#pragma once

#include "operations/problem_list.hpp"
#include "settings/providers.hpp"

namespace mailsend {

/// What the rules look at; borrowed for the length of a call.
struct Examined {
    const Settings& settings;
    const SecretsSeen& secrets;
    std::int64_t now_unix_ms;
    const Provider* provider;  ///< null when unknown
};

/// Host, port and what protects the connection.
void judge_server(const Examined& examined, ProblemList& problems);
/// How the account signs in, or that it does not; its user name.
void judge_sign_in(const Examined& examined, ProblemList& problems);
/// OAuth 2.0: whether server, provider, grant and scopes fit. `settings.oauth` is set.
void judge_oauth(const Examined& examined, ProblemList& problems);
/// Secrets that sending would ask for.
void judge_secrets(const Examined& examined, ProblemList& problems);
/// The sender and the defaults of messages.
void judge_messages(const Examined& examined, ProblemList& problems);
/// The name for EHLO, times and limits.
void judge_network(const Examined& examined, ProblemList& problems);

}  // namespace mailsend
