/// Asking a person for a value that the terminal does not show.
///
/// Guarantees: what is typed is not echoed, and nothing is asked where that cannot be had; the terminal is as
/// before when the question ends, however it ends (silent_terminal.hpp). Keys without a character are not
/// part of the value: the bell rings.
#pragma once

#include <optional>
#include <string>

#include "wfc/secret.hpp"

namespace wfc::tool {

/// One line without its end, at most 64 KiB; nothing where this process has no terminal. Throws Stop(6) when
/// the person leaves with Ctrl-C, Ctrl-D or Ctrl-\, Stop(66) when the terminal cannot be silenced. One thread
/// at a time.
std::optional<SecretString> ask_hidden(const std::string& question);

}  // namespace wfc::tool
