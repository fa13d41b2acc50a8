/// Asking a person for a value that the terminal does not show.
///
/// Guarantees: what is typed is not echoed; the terminal is as before when the question ends, also by Ctrl-C,
/// SIGINT, SIGTERM, SIGHUP or SIGQUIT, which then do what they do otherwise. SIGKILL leaves it silent: `stty
/// sane` helps then.
#pragma once

#include <optional>
#include <string>

#include "wfc/secret.hpp"

namespace wfc::tool {

/// One line without its end, at most 64 KiB; nothing where this process has no terminal. Throws Stop(6) when
/// the person leaves with Ctrl-C or Ctrl-D. One thread at a time.
std::optional<SecretString> ask_hidden(const std::string& question);

/// Puts the terminal back if a question is open, for a thread that is about to end the process. Safe at any
/// time and in a signal handler.
void restore_terminal() noexcept;

}  // namespace wfc::tool
