/// The tree of parts of a message (RFC 2045-2049, 2183, 2387) and its order on the wire.
///
/// text -> text/plain; html -> text/html; both -> multipart/alternative; attachments with a Content-ID beside
/// html -> multipart/related; all others -> multipart/mixed. Guarantees: text parts are encoded in memory,
/// attachments are only referred to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/attachment.hpp"
#include "message/header.hpp"

namespace mailsend {

/// A leaf has a body or refers to an attachment; a multipart has children.
struct MimePart {
    HeaderBlock header;  ///< Content-* fields
    std::string body;
    std::optional<std::size_t> attachment;  ///< index
    std::string boundary;
    std::vector<MimePart> children;
    PartFacts facts;
};

/// Throws wfc::Problem(WFC_INVALID_INPUT) for a body that is not UTF-8.
MimePart build_tree(const Draft& draft, const std::vector<Attachment>& attachments,
                    std::string_view boundary_seed);

/// A stretch of the message: bytes, then the base64 body of an attachment.
struct Segment {
    std::string bytes;
    std::optional<std::size_t> attachment;
};

/// The whole message as segments: `header` (the fields of the message itself) and the tree below it, `root`'s
/// own Content-* fields included in `header`.
std::vector<Segment> flatten(const HeaderBlock& header, const MimePart& root);

/// Facts of all parts, the root first, children after their parent.
std::vector<PartFacts> facts_of(const MimePart& root);

}  // namespace mailsend
