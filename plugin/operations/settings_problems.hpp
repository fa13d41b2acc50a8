/// What is doubtful or wrong about settings that can be parsed: the things that fail at night.
///
/// Guarantees: a pure function of settings and what is known beside them; connects to nothing, looks up
/// nothing. Does not repeat what parse_settings refuses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace mailsend {

/// `error`: it cannot work. `warning`: it may not, or not for long, or not safely.
enum class Severity { error, warning };

struct SettingsProblem {
    std::string pointer;  ///< RFC 6901, into the settings
    Severity severity = Severity::warning;
    std::string message;  ///< in the language of the settings
};

/// What the password looks like; nothing of it is kept.
enum class PasswordShape {
    unknown,       ///< there is none, or the host's store did not answer
    missing,       ///< the host has no secret of that name
    app_password,  ///< 16 letters, in groups or not, as Google and Yahoo make them
    other
};

PasswordShape shape_of(std::string_view password) noexcept;

/// `now_unix_ms`: some answers depend on the date. Errors first.
std::vector<SettingsProblem> problems_of(const Settings& settings, PasswordShape password,
                                         std::int64_t now_unix_ms);

}  // namespace mailsend
