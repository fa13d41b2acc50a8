/// Encoded words for headers (RFC 2047), always in UTF-8.
///
/// Guarantees: a word is at most 75 octets, whole characters only, and safe in a phrase (section 5 (3)) as in
/// unstructured text. Folds no lines: header.cpp does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailsend {

enum class WordEncoding { b, q };

/// Octets that a word with one character may need: with less room, go to the next line.
inline constexpr std::size_t least_word_room = 24;
/// RFC 2047 section 2.
inline constexpr std::size_t word_limit = 75;

/// The one that makes `text` shorter.
WordEncoding shorter_encoding(std::string_view text) noexcept;

/// Octets of one word that holds all of `text`; only as good as `text` is short: see word_limit.
std::size_t encoded_word_size(std::string_view text, WordEncoding encoding) noexcept;

/// Appends one word of at most `room` octets (no less than least_word_room) and takes from `rest`, which is
/// UTF-8 and not empty, what is in it. Returns the octets appended.
std::size_t append_encoded_word(std::string& out, std::string_view& rest, std::size_t room,
                                WordEncoding encoding);

/// True when a reader might take part of `text` for an encoded word.
bool looks_encoded(std::string_view text) noexcept;

}  // namespace mailsend
