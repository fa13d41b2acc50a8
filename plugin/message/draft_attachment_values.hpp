/// Values that a template put into the path, the blob's name or the media type of an attachment.
///
/// Guarantees: a value inside a larger path names no other folder than the template does, and one inside a
/// larger media type adds no parameter to it. Does not check that the whole is sound: the reader of
/// attachments does. Not for strings that are one variable: those are the payload's as a whole, bounded only
/// by the files that the host opens.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "template/template.hpp"

namespace mailsend {

/// What is wrong with the first of `values` (in order, inside `path`) that holds a slash, a backslash or NUL,
/// or leaves a component ".", ".." or empty; the end of a sentence, or nothing if all are fine.
std::optional<std::string> value_out_of_path(std::string_view path, const std::vector<Span>& values);

/// The same for a media type, where a value may be a part of a token (RFC 2045 section 5.1).
std::optional<std::string> value_out_of_type(std::string_view type, const std::vector<Span>& values);

}  // namespace mailsend
