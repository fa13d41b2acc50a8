/// Asking a person for a value that the terminal does not show.
///
/// Guarantees: what is typed is not echoed, and nothing is asked where that cannot be had; the terminal is as
/// before when the question ends, also by Ctrl-C, SIGINT, SIGTERM, SIGHUP or SIGQUIT, which then do what they
/// do otherwise (other threads have these blocked, or they end the process first). SIGKILL leaves it silent:
/// `stty sane` helps then. Control characters and the sequences of cursor keys are not part of the value: the
/// bell rings.
#pragma once

#include <optional>
#include <string>

#include "wfc/secret.hpp"

namespace wfc::tool {

/// One line without its end, at most 64 KiB; nothing where this process has no terminal. Throws Stop(6) when
/// the person leaves with Ctrl-C, Ctrl-D or Ctrl-\, Stop(66) when the terminal cannot be silenced. One thread
/// at a time.
std::optional<SecretString> ask_hidden(const std::string& question);

/// Puts the terminal back if a question is open, for a thread that is about to end the process. Safe at any
/// time and in a signal handler.
void restore_terminal() noexcept;

}  // namespace wfc::tool
