/// A composed message: envelope, and the bytes as a pull stream (RFC 5322, 2045-2049, 2183, 2231, 2387,
/// 6532).
///
/// Guarantees: lines end in CR LF and are at most 998 octets; Bcc never appears; attachments are read while
/// they are sent and never held; a source whose size changed ends the stream with SourceBroken. Not done
/// here: dot-stuffing (smtp), DKIM.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "message/draft.hpp"
#include "wfc/stream.hpp"

namespace mailsend {

/// RFC 5321 section 2.3.1: who sends and who receives, apart from the headers.
struct Envelope {
    AddrSpec reverse_path;
    std::vector<AddrSpec> forward_paths;  ///< To, Cc, Bcc in that order, without repetitions; at least one
    bool needs_smtputf8 = false;
};

/// What is wrong with a source that the message was being read from.
enum class SourceFault { size_changed, unreadable };

/// An attachment's source delivered more or fewer bytes than it promised, or failed; the message must not be
/// completed.
class SourceBroken : public std::runtime_error {
  public:
    SourceBroken(SourceFault fault, std::string pointer, const std::string& what)
        : std::runtime_error(what), fault_(fault), pointer_(std::move(pointer)) {}
    SourceFault fault() const noexcept { return fault_; }
    /// RFC 6901 pointer of the attachment in the input.
    const std::string& pointer() const noexcept { return pointer_; }
    /// Id of errors.json.
    const char* condition() const noexcept {
        return fault_ == SourceFault::size_changed ? "content.size_changed" : "content.source_failed";
    }

  private:
    SourceFault fault_;
    std::string pointer_;
};

/// Opens what an AttachmentSpec names; throws wfc::Problem(WFC_INVALID_INPUT) with its pointer.
using Opener = std::function<wfc::Source(const AttachmentSpec&)>;

/// What composing needs besides the draft.
struct Circumstances {
    std::string message_id;  ///< without angle brackets, "hash@domain"
    std::int64_t now_unix_ms = 0;
    int utc_offset_minutes = 0;
    std::string boundary_seed;  ///< boundaries are derived from it: same seed, same bytes
};

/// One part, for `preview`.
struct PartFacts {
    std::string type;
    std::string disposition;
    std::string name;
    std::string content_id;
    std::string transfer_encoding;
    std::optional<std::uint64_t> size;  ///< decoded bytes
    std::size_t depth = 0;
};

/// One thread at a time.
class Message {
  public:
    virtual ~Message() = default;
    virtual const Envelope& envelope() const noexcept = 0;
    /// Header fields in order, unfolded and still encoded, for `preview`.
    virtual const std::vector<std::pair<std::string, std::string>>& headers() const noexcept = 0;
    virtual std::vector<PartFacts> parts() const = 0;
    /// Octets of the whole message where every source knows its size (RFC 1870).
    virtual std::optional<std::uint64_t> size() const noexcept = 0;
    /// The next bytes, at most `capacity`; 0 is the end. Throws SourceBroken, wfc::StreamFailed.
    virtual std::size_t read(char* into, std::size_t capacity) = 0;
    /// Back to the first byte; false if a source cannot.
    virtual bool rewind() = 0;
};

/// Opens every source and composes the headers; reads no attachment yet, but for the first bytes of those
/// without a known type. Throws wfc::Problem(WFC_INVALID_INPUT).
std::unique_ptr<Message> compose(const Draft& draft, const Circumstances& circumstances, const Opener& open);

}  // namespace mailsend
