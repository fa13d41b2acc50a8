/// Media types (RFC 2045 section 5.1) of attachments: as the user says, by the file's extension, by its first
/// bytes.
///
/// Guarantees: the type is a valid `type/subtype` in lower case. The tables are short on purpose: what is not
/// in them is application/octet-stream, which every reader can save.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "message/parameter.hpp"

namespace mailsend {

inline constexpr std::string_view unknown_media_type = "application/octet-stream";
/// First bytes that media_type_by_content wants to see.
inline constexpr std::size_t signature_size = 16;

struct MediaType {
    std::string name;  ///< "text/csv"
    std::vector<Parameter> parameters;
};

/// Reads `type/subtype; attribute=value; …` Throws std::invalid_argument with a sentence.
MediaType parse_media_type(std::string_view text);

/// By the extension of a file name, case ignored; empty when it is not in the table.
std::string_view media_type_by_name(std::string_view file_name) noexcept;

/// By the first bytes of the content; unknown_media_type when no signature fits.
std::string_view media_type_by_content(std::string_view first_bytes) noexcept;

}  // namespace mailsend
