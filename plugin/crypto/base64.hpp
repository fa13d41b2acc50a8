/// Base64 (RFC 4648 section 4), for SASL and for MIME bodies.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/secret.hpp"

namespace mailsend::crypto {

/// A line of a MIME body (RFC 2045 section 6.8): bytes that go into it, characters that come out.
inline constexpr std::size_t base64_line_bytes = 57;
inline constexpr std::size_t base64_line_size = 76;

/// Encodes with padding, without line breaks.
std::string base64_encode(std::string_view bytes);

/// Encodes a secret; no copy is left behind.
wfc::SecretString base64_encode_secret(std::string_view bytes);

/// What `secret` looks like inside a text that was encoded whole: base64 takes three octets at a time, so
/// there are three ways, but for its ends.
std::vector<wfc::SecretString> base64_alignments(std::string_view secret);

/// Decodes strictly: length a multiple of four, canonical padding, nothing foreign. Nothing when it is not
/// base64.
std::optional<std::string> base64_decode(std::string_view text);

/// Encodes exactly 3n bytes into 4n characters at `out`.
void base64_encode_block(const char* bytes, std::size_t size, char* out) noexcept;

/// Encodes `count` lines of a MIME body (RFC 2045 section 6.8): 57 bytes each become CR LF and 76 characters
/// at `out`. The body's first line has no CR LF before it: it is base64_encode_block's.
void base64_encode_lines(const char* bytes, std::size_t count, char* out) noexcept;

/// Encodes with padding into (bytes.size() + 2) / 3 * 4 characters at `out`, and returns how many they are.
std::size_t base64_encode_to(std::string_view bytes, char* out) noexcept;

}  // namespace mailsend::crypto
