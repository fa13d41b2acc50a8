/// The argument of MAIL and RCPT: a path and parameters (RFC 5321 section 4.1.2).
///
/// Strict on purpose: an inbox for testing that forgives a client's mistakes hides them. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace inbox {

struct Path {
    std::string address;                            ///< without brackets; empty for <>
    std::map<std::string, std::string> parameters;  ///< keyword in upper case; value empty when there is none
    bool ascii = true;
};

/// Reads `FROM:<a@b.test> SIZE=10` where `keyword` is "FROM". Nothing when it is not well formed: a blank
/// after the colon, no brackets, no domain, controls, a source route, a local part over 64 or an address over
/// 254 octets.
std::optional<Path> parse_path(std::string_view argument, std::string_view keyword);

/// ASCII letters to upper case.
std::string upper(std::string_view text);

}  // namespace inbox
