#include "message/mime_tree.hpp"

#include <stdexcept>
#include <utility>

#include "crypto/digest.hpp"
#include "message/characters.hpp"
#include "message/transfer_encoding.hpp"
#include "wfc/problem.hpp"

namespace mailsend {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t usual_size = 96;  ///< octets of a text part's header

/// Boundaries of one message: same seed, same boundaries. "=_" never occurs in base64 or quoted-printable
/// (RFC 2045 section 6.7), and choose_encoding keeps lines that begin with it out of 7bit.
class Boundaries {
  public:
    explicit Boundaries(std::string_view seed) : seed_(seed) {}
    std::string next() {
        if (digest_.empty()) digest_ = crypto::sha256_hex(seed_).substr(0, 32);
        return "=_" + std::to_string(++count_) + "_" + digest_;
    }

  private:
    std::string_view seed_;
    std::string digest_;  ///< made when the first one is needed: a message of one part has none
    int count_ = 0;
};

MimePart text_part(std::string_view text, std::string_view type, const char* pointer) {
    if (!is_ascii(text) && !is_utf8(text)) {
        throw wfc::Problem(WFC_INVALID_INPUT, pointer, std::string(pointer) + " is not valid UTF-8");
    }
    const BodyFacts body = examine_body(text);
    const TransferEncoding encoding = body.encoding;
    MimePart part;
    part.text = text;
    part.encoding = encoding;
    part.header.reserve(usual_size);
    const Parameter charset[] = {{"charset", "utf-8"}};
    part.header.structured("Content-Type", type, charset);
    part.header.structured("Content-Transfer-Encoding", to_string(encoding));
    part.facts.type = type;
    part.facts.transfer_encoding = to_string(encoding);
    part.facts.size = body.size;
    return part;
}

MimePart attachment_part(const Attachment& attachment, std::size_t index, std::string_view disposition) {
    MimePart part;
    part.attachment = index;
    std::vector<Parameter> parameters = attachment.type.parameters;
    bool named = attachment.name.empty();
    for (const Parameter& parameter : parameters) named = named || parameter.name.starts_with("name");
    // Outlook and older readers know the name only from here, and only in this form.
    if (!named) parameters.push_back({"name", attachment.name, ParameterForm::encoded_words});
    const std::vector<Parameter> file_name(attachment.name.empty() ? 0 : 1,
                                           Parameter{"filename", attachment.name});
    try {
        part.header.structured("Content-Type", attachment.type.name, parameters);
        part.header.structured("Content-Transfer-Encoding", to_string(TransferEncoding::base64));
        part.header.structured("Content-Disposition", disposition, file_name);
        if (!attachment.content_id.empty())
            part.header.structured("Content-ID", "<" + attachment.content_id + ">");
    } catch (const std::invalid_argument& why) {
        throw wfc::Problem(attachment.fault, attachment.pointer,
                           attachment.pointer + " cannot be sent: " + why.what());
    }
    part.facts = {attachment.type.name,
                  std::string(disposition),
                  attachment.name,
                  attachment.content_id,
                  std::string(to_string(TransferEncoding::base64)),
                  attachment.size,
                  0};
    return part;
}

MimePart multipart(std::string_view type, std::vector<MimePart> children, Boundaries& boundaries) {
    MimePart part;
    part.boundary = boundaries.next();
    std::vector<Parameter> parameters;
    // RFC 2387 section 3.1: the type of the part that is shown first.
    if (type == "multipart/related") parameters.push_back({"type", "text/html"});
    parameters.push_back({"boundary", part.boundary});
    part.header.structured("Content-Type", type, parameters);
    part.children = std::move(children);
    part.facts.type = type;
    return part;
}

void write(const MimePart& part, std::vector<Segment>& out) {
    out.back().bytes += line_end;
    if (!part.text.empty()) append_body(out.back().bytes, part.text, part.encoding);
    if (part.attachment) {
        out.back().attachment = part.attachment;
        out.emplace_back();
    }
    if (part.children.empty()) return;
    const std::string delimiter = "--" + part.boundary;
    bool first = true;
    for (const MimePart& child : part.children) {
        // The line end before a delimiter is the delimiter's own (RFC 2046 section 5.1.1).
        if (!std::exchange(first, false)) out.back().bytes += line_end;
        out.back().bytes.append(delimiter).append(line_end).append(child.header.wire());
        write(child, out);
    }
    out.back().bytes.append(line_end).append(delimiter).append("--");
}

void collect(MimePart& part, std::size_t depth, std::vector<PartFacts>& out) {
    out.push_back(std::move(part.facts));
    out.back().depth = depth;
    for (MimePart& child : part.children) collect(child, depth + 1, out);
}

}  // namespace

MimePart build_tree(const Draft& draft, const std::vector<Attachment>& attachments,
                    std::string_view boundary_seed) {
    Boundaries boundaries(boundary_seed);
    std::vector<MimePart> inline_parts;
    std::vector<MimePart> others;
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        const bool shown_in_html = draft.html && !attachments[i].content_id.empty();
        auto& group = shown_in_html ? inline_parts : others;
        group.push_back(attachment_part(attachments[i], i, shown_in_html ? "inline" : "attachment"));
    }
    std::vector<MimePart> bodies;
    if (draft.text || (!draft.html && others.empty())) {
        bodies.push_back(text_part(draft.text ? std::string_view(*draft.text) : "", "text/plain", "/text"));
    }
    if (draft.html) {
        MimePart html = text_part(*draft.html, "text/html", "/html");
        if (inline_parts.empty()) {
            bodies.push_back(std::move(html));
        } else {
            inline_parts.insert(inline_parts.begin(), std::move(html));
            bodies.push_back(multipart("multipart/related", std::move(inline_parts), boundaries));
        }
    }
    if (bodies.size() > 1) {
        MimePart alternative = multipart("multipart/alternative", std::move(bodies), boundaries);
        bodies.clear();
        bodies.push_back(std::move(alternative));
    }
    if (others.empty()) return std::move(bodies.front());
    for (MimePart& other : others) bodies.push_back(std::move(other));
    return multipart("multipart/mixed", std::move(bodies), boundaries);
}

std::vector<Segment> flatten(std::string header, const MimePart& root) {
    std::vector<Segment> out(1);
    out.front().bytes = std::move(header);
    // One line in sixteen octets is a rare text; it costs a second allocation.
    out.front().bytes.reserve(out.front().bytes.size() + root.text.size() + root.text.size() / 16 + 64);
    write(root, out);
    std::string& last = out.back().bytes;
    if (!last.ends_with(line_end)) last += line_end;
    return out;
}

std::vector<PartFacts> facts_of(MimePart& root) {
    std::vector<PartFacts> out;
    collect(root, 0, out);
    return out;
}

}  // namespace mailsend
