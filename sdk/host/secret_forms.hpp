/// The forms in which a value travels: base64, hexadecimal, with %, in UTF-16.
///
/// Guarantees: copies are wiped when they end. Never fails; bytes that are no UTF-8 are taken one by one.
#pragma once

#include <cstddef>
#include <string_view>

#include "wfc/secret.hpp"

namespace wfc {

/// The characters of the base64 of `value` that do not depend on what stands before it, `before` bytes modulo
/// three, and behind it. `url`: with - and _.
SecretString base64_core(std::string_view value, std::size_t before, bool url);
/// In small letters.
SecretString hexadecimal(std::string_view value);
/// As a form does it; `plus`: with + in place of blanks.
SecretString percent_encoded(std::string_view value, bool plus);
SecretString with_plus(std::string_view value);
SecretString utf16(std::string_view value, bool big_endian);
/// A-Z as a-z.
SecretString folded(std::string_view value);
/// As Escapes::gaps leaves it, but for the beginnings of lines.
SecretString without_gaps(std::string_view value);

}  // namespace wfc
