/// Opened attachments and their base64 stream.
///
/// Guarantees: at most about 30 KiB of an attachment are held, whatever its size; a source that delivers more
/// or fewer bytes than it promised ends in SourceBroken. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base64.hpp"
#include "message/media_type.hpp"
#include "message/message.hpp"
#include "wfc/stream.hpp"

namespace mailsend {

/// One attachment: what the headers say of it, and its bytes.
struct Attachment {
    MediaType type;
    std::string name;                      ///< file name shown to the reader
    std::string content_id;                ///< empty for plain attachments
    wfc_status fault = WFC_INVALID_INPUT;  ///< as AttachmentSpec
    std::string pointer;                   ///< RFC 6901, for errors
    std::optional<std::uint64_t> size;
    wfc::Source source;
    std::string peeked;  ///< bytes already read to tell the type; delivered first
};

/// For the end of a sentence about an attachment: the settings' template that became it, if one did.
std::string origin_of(const AttachmentSpec& spec);

/// Opens all of them, in order, and settles names and types. Throws wfc::Problem(WFC_INVALID_INPUT) with the
/// pointer of the member. A `message/*` type becomes application/octet-stream: it may not be base64 (RFC 2046
/// section 5.2), and whether it could do without is only known when all of it has been read.
std::vector<Attachment> open_attachments(const std::vector<AttachmentSpec>& specs, const Opener& open);

/// The base64 body of an attachment, encoded straight into the reader's memory. The attachment outlives it.
class Base64Stream {
  public:
    explicit Base64Stream(Attachment& attachment);

    /// The next characters of the body, `capacity` of them but at its end; 0 is the end. Throws SourceBroken.
    std::size_t read(char* into, std::size_t capacity);

  private:
    void fill();
    /// Encodes one line, whole or the last, for a reader with less room than a line.
    void stage_line() noexcept;

    Attachment& attachment_;
    std::unique_ptr<char[]> raw_;
    std::string_view waiting_;  ///< of raw_: read, not encoded yet
    std::array<char, crypto::base64_line_size + 2> line_{};
    std::string_view staged_;  ///< of line_: encoded, not read yet
    std::uint64_t delivered_ = 0;
    bool ended_ = false;
    bool begun_ = false;  ///< a line of the body has been encoded: a CR LF stands before the next
};

}  // namespace mailsend
