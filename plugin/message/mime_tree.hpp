/// The tree of parts of a message (RFC 2045-2049, 2183, 2387) and its order on the wire.
///
/// text -> text/plain; html -> text/html; both -> multipart/alternative; attachments with a Content-ID beside
/// html -> multipart/related; all others -> multipart/mixed. Guarantees: a text is examined once and encoded
/// straight into its place in the message; attachments are only referred to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/attachment.hpp"
#include "message/header.hpp"
#include "message/transfer_encoding.hpp"

namespace mailsend {

/// A leaf has a body or refers to an attachment; a multipart has children.
struct MimePart {
    HeaderBlock header;                                       ///< Content-* fields
    std::string_view text;                                    ///< of the draft, as it was given
    TransferEncoding encoding = TransferEncoding::seven_bit;  ///< of `text`
    std::optional<std::size_t> attachment;                    ///< index
    std::string boundary;
    std::vector<MimePart> children;
    PartFacts facts;
};

/// Throws wfc::Problem(WFC_INVALID_INPUT) for a body that is not UTF-8. The draft outlives the tree, which
/// refers to its texts; the seed needs to live as long as the call.
MimePart build_tree(const Draft& draft, const std::vector<Attachment>& attachments,
                    std::string_view boundary_seed);

/// A stretch of the message: bytes, then the base64 body of an attachment.
struct Segment {
    std::string bytes;
    std::optional<std::size_t> attachment;
};

/// The whole message as segments: `header` (all fields of the message, `root`'s own Content-* among them) and
/// the tree below it.
std::vector<Segment> flatten(std::string header, const MimePart& root);

/// Facts of all parts, the root first, children after their parent; the tree has none then.
std::vector<PartFacts> facts_of(MimePart& root);

}  // namespace mailsend
