#include "message/attachment.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "crypto/base64.hpp"
#include "message/characters.hpp"
#include "message/transfer_encoding.hpp"
#include "wfc/problem.hpp"

namespace mailsend {

namespace {

constexpr std::size_t chunk = 512 * base64_line_bytes;  ///< whole lines, 29 184 bytes
constexpr std::size_t wrapped_line = base64_line_size + 2;
constexpr std::size_t content_id_limit = 250;

[[noreturn]] void refuse(const AttachmentSpec& spec, std::string_view member, const std::string& why) {
    const std::string pointer = member.empty() ? spec.pointer : wfc::pointer_to(spec.pointer, member);
    throw wfc::Problem(spec.fault, pointer, pointer + " " + why + origin_of(spec));
}

std::string name_of(const AttachmentSpec& spec) {
    if (!spec.name.empty()) {
        if (const char* why = forbidden_character(spec.name)) refuse(spec, "name", why);
        return spec.name;
    }
    const bool by_path = !spec.path.empty();
    std::string name = by_path ? spec.path.substr(spec.path.find_last_of('/') + 1) : spec.blob;
    const char* why = forbidden_character(name);
    if (why == nullptr) why = misleading_character(name);
    if (why != nullptr) refuse(spec, by_path ? "path" : "blob", std::string(why) + "; give a name");
    return name;
}

void check_content_id(const AttachmentSpec& spec, std::set<std::string_view>& seen) {
    const std::string_view id = spec.content_id;
    const bool sound = id.size() <= content_id_limit && std::all_of(id.begin(), id.end(), [](char c) {
                           return c > ' ' && c < 0x7F && c != '<' && c != '>';
                       });
    if (!sound)
        refuse(spec, "content_id", "must be at most 250 printable ASCII characters without blanks, < and >");
    if (!seen.insert(id).second)
        refuse(spec, "content_id", "stands twice: another attachment has the same content_id");
}

/// Reads until `wanted` bytes are there or the source ends.
std::size_t read_fully(wfc::Source& source, char* into, std::size_t wanted) {
    std::size_t have = 0;
    while (have < wanted) {
        const std::size_t n = source.read(into + have, wanted - have);
        if (n == 0) break;
        have += n;
    }
    return have;
}

void peek(Attachment& attachment, const AttachmentSpec& spec) {
    attachment.peeked.resize(signature_size);
    try {
        attachment.peeked.resize(read_fully(attachment.source, attachment.peeked.data(), signature_size));
    } catch (const wfc::StreamFailed&) {
        refuse(spec, spec.path.empty() ? "blob" : "path", "cannot be read");
    }
}

MediaType type_of(Attachment& attachment, const AttachmentSpec& spec) {
    MediaType type;
    if (!spec.type.empty()) {
        try {
            type = parse_media_type(spec.type);
        } catch (const std::invalid_argument& why) {
            refuse(spec, "type", std::string("is not usable: ") + why.what());
        }
        if (type.name.starts_with("multipart/"))
            refuse(spec, "type", "cannot be multipart: an attachment is one part");
    } else {
        type.name = media_type_by_name(attachment.name);
        if (type.name.empty()) {
            peek(attachment, spec);
            type.name = media_type_by_content(attachment.peeked);
        }
    }
    if (type.name.starts_with("message/")) return {std::string(unknown_media_type), {}};
    return type;
}

}  // namespace

std::string origin_of(const AttachmentSpec& spec) {
    return spec.rendered_from.empty() ? "" : " (rendered from " + wfc::shortened(spec.rendered_from) + ")";
}

std::vector<Attachment> open_attachments(const std::vector<AttachmentSpec>& specs, const Opener& open) {
    std::vector<Attachment> attachments;
    attachments.reserve(specs.size());
    std::set<std::string_view> content_ids;
    for (const AttachmentSpec& spec : specs) {
        if (!spec.content_id.empty()) check_content_id(spec, content_ids);
        Attachment attachment;
        attachment.name = name_of(spec);
        attachment.content_id = spec.content_id;
        attachment.pointer = spec.pointer;
        attachment.fault = spec.fault;
        attachment.source = open(spec);
        attachment.size = attachment.source.size();
        attachment.type = type_of(attachment, spec);
        attachments.push_back(std::move(attachment));
    }
    return attachments;
}

Base64Stream::Base64Stream(Attachment& attachment)
    : attachment_(attachment), raw_(std::make_unique_for_overwrite<char[]>(chunk)) {}

void Base64Stream::fill() {
    // The first bytes may have been read already; they come again only after a rewind, which drops them.
    std::size_t have = delivered_ > 0 ? 0 : attachment_.peeked.copy(raw_.get(), chunk);
    try {
        have += read_fully(attachment_.source, raw_.get() + have, chunk - have);
    } catch (const wfc::StreamFailed& failed) {
        throw SourceBroken(SourceFault::unreadable, attachment_.pointer,
                           attachment_.pointer + " could not be read to its end: " + failed.what());
    }
    waiting_ = {raw_.get(), have};
    delivered_ += have;
    ended_ = have < chunk;
    if (!attachment_.size) return;
    const bool more = delivered_ > *attachment_.size;
    if (more || (ended_ && delivered_ < *attachment_.size)) {
        throw SourceBroken(SourceFault::size_changed, attachment_.pointer,
                           attachment_.pointer + " changed while it was sent: it delivered " +
                               (more ? "more" : "fewer") + " than the " + std::to_string(*attachment_.size) +
                               " bytes it promised");
    }
}

void Base64Stream::stage_line() noexcept {
    const std::string_view bytes = waiting_.substr(0, base64_line_bytes);
    std::size_t size = begun_ ? std::string_view("\r\n").copy(line_.data(), 2) : 0;
    size += crypto::base64_encode_to(bytes, line_.data() + size);
    staged_ = {line_.data(), size};
    waiting_.remove_prefix(bytes.size());
    begun_ = true;
}

std::size_t Base64Stream::read(char* into, std::size_t capacity) {
    std::size_t filled = 0;
    while (filled < capacity) {
        if (!staged_.empty()) {
            const std::size_t n = staged_.copy(into + filled, capacity - filled);
            staged_.remove_prefix(n);
            filled += n;
            continue;
        }
        if (waiting_.empty() && !ended_) fill();
        if (waiting_.empty()) break;
        const std::size_t lines =
            begun_ ? std::min(waiting_.size() / base64_line_bytes, (capacity - filled) / wrapped_line) : 0;
        if (lines == 0) {
            stage_line();
            continue;
        }
        crypto::base64_encode_lines(waiting_.data(), lines, into + filled);
        waiting_.remove_prefix(lines * base64_line_bytes);
        filled += lines * wrapped_line;
    }
    return filled;
}

}  // namespace mailsend
