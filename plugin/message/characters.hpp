/// Octets and characters of text that goes into a message: UTF-8 (RFC 3629), controls, atoms (RFC 5322
/// section 3.2.3).
///
/// Guarantees: pure functions, no locale, no allocation but where a string is returned. Knows nothing of
/// grapheme clusters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailsend {

/// True when all of `text` is well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// True when no octet is above 127.
bool is_ascii(std::string_view text) noexcept;

/// Octets of the character that begins at `at`; 1 where the text is not UTF-8.
std::size_t character_size(std::string_view text, std::size_t at) noexcept;

/// The longest prefix of at most `limit` octets that ends between two characters.
std::string_view prefix(std::string_view text, std::size_t limit) noexcept;

/// What forbids `text` in a header or an address, as the end of a sentence ("holds a line break (CR or LF)");
/// null when nothing does. Forbidden are C0 controls but TAB, DEL and malformed UTF-8.
const char* forbidden_character(std::string_view text) noexcept;

/// True when `text` holds one of the C1 controls U+0080-U+009F.
bool holds_c1_control(std::string_view text) noexcept;

/// What makes `text` unfit as a name that its reader trusts, as the end of a sentence; null when nothing
/// does: C1 controls, and the characters that reorder or break the line around them (U+2028-U+202E,
/// U+2066-U+2069), with which "fdp.exe" is shown as "exe.pdf".
const char* misleading_character(std::string_view text) noexcept;

/// True for the characters of an atom; every octet above 127 counts (RFC 6532 section 3.2).
bool is_atext(char c) noexcept;

/// True for `atom *("." atom)`.
bool is_dot_atom(std::string_view text) noexcept;

/// A quoted-string (RFC 5322 section 3.2.4): quotation marks around, `"` and `\` escaped.
std::string quoted_string(std::string_view text);

/// `text` in quotation marks, at most about 80 octets of it, controls shown as `?`: for sentences.
std::string shown(std::string_view text);

/// ASCII letters in lower case, everything else as it is.
std::string lower_case(std::string_view text);

/// True when both are the same but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace mailsend
