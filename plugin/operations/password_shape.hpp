/// What a stored password looks like, and application passwords as people paste them: "abcd efgh ijkl mnop".
///
/// Guarantees: the one rule for sending and for `validate`. Does not ask anybody whether a password is right.
#pragma once

#include <string_view>

#include "wfc/secret.hpp"

namespace mailsend {

enum class PasswordShape {
    unknown,       ///< there is none, or the host's store did not answer
    missing,       ///< the host has no secret of that name
    empty,         ///< sending refuses it
    broken,        ///< holds CR, LF or NUL: sending refuses it
    app_password,  ///< 16 letters, with blanks anywhere or without, as Google makes them
    other
};

/// Of a value: never `unknown` or `missing`.
PasswordShape shape_of(std::string_view password);

/// `pasted` without what web pages put between groups and people around them: blanks, tabs and the spaces of
/// Unicode.
wfc::SecretString without_blanks(std::string_view pasted);

/// True for exactly 16 letters of ASCII.
bool is_sixteen_letters(std::string_view password) noexcept;

}  // namespace mailsend
