/// What is doubtful or wrong about settings that can be parsed: the things that fail at night.
///
/// Guarantees: a pure function of settings and what is known beside them; connects to nothing, looks up
/// nothing. Does not repeat what parse_settings refuses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operations/password_shape.hpp"
#include "settings/settings.hpp"

namespace mailsend {

struct ConsentSeen;

/// `error`: it cannot work. `warning`: it may not, or not for long, or not safely.
enum class Severity { error, warning };

struct SettingsProblem {
    std::string pointer;  ///< RFC 6901, into the settings
    Severity severity = Severity::warning;
    std::string message;  ///< in the language of the settings
};

/// What is known about the secrets that the settings name; nothing of their values is kept.
struct SecretsSeen {
    PasswordShape password = PasswordShape::unknown;
    bool certificate_missing = false;        ///< the host has no secret of that name
    std::vector<const char*> oauth_missing;  ///< pointers of members whose secret the host has not
    std::string certificate_fault;  ///< why the client certificate cannot be shown, in English; or empty
};

/// `now_unix_ms`: some answers depend on the date. Errors first.
std::vector<SettingsProblem> problems_of(const Settings& settings, const SecretsSeen& secrets,
                                         std::int64_t now_unix_ms);
/// The same, and what will end the sign-in.
std::vector<SettingsProblem> problems_of(const Settings& settings, const SecretsSeen& secrets,
                                         std::int64_t now_unix_ms, const ConsentSeen& consent);

}  // namespace mailsend
