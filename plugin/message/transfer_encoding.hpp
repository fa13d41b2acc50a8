/// Content transfer encodings (RFC 2045 section 6) of bodies that are held in memory, and the arithmetic of
/// those that are not.
///
/// Guarantees: encoded lines end in CR LF and are at most 78 octets; no line begins with "From " or is a lone
/// dot, so that mail stores and relays that mishandle either do no harm; no encoded body holds "--=_", with
/// which every boundary line begins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base64.hpp"

namespace mailsend {

using crypto::base64_line_bytes;
using crypto::base64_line_size;

enum class TransferEncoding { seven_bit, quoted_printable, base64 };

/// "7bit", "quoted-printable", "base64".
std::string_view to_string(TransferEncoding encoding) noexcept;

/// What a text needs on the wire.
struct BodyFacts {
    TransferEncoding encoding = TransferEncoding::seven_bit;
    std::uint64_t size = 0;  ///< octets before they are encoded, every line end being CR LF
};

/// 7bit for short ASCII lines that nothing on the way can hurt, else the shorter of quoted-printable and
/// base64. Line ends of `text` may be of every kind (LF, CR, CR LF).
BodyFacts examine_body(std::string_view text) noexcept;

/// Appends the text in that encoding, its line ends as CR LF. Base64 has no line end after its last line; the
/// others end as `text` does. Only what examine_body calls 7bit may be sent as such.
void append_body(std::string& out, std::string_view text, TransferEncoding encoding);

/// Size of the base64 body for `bytes` bytes, without a line end after the last line.
std::uint64_t base64_body_size(std::uint64_t bytes) noexcept;

/// Appends to `out` as many base64 lines as `bytes` fills, a rest on a line of its own; a CR LF stands before
/// each line, but not before the first when `first`.
void append_base64_lines(std::string& out, std::string_view bytes, bool first);

}  // namespace mailsend
