#include "message/message.hpp"

#include <algorithm>
#include <utility>

#include "message/attachment.hpp"
#include "message/mime_tree.hpp"
#include "message/standard_headers.hpp"
#include "message/transfer_encoding.hpp"

namespace mailsend {

namespace {

/// Segments and attachments, read one after the other.
class ComposedMessage final : public Message {
  public:
    ComposedMessage(Envelope envelope, const HeaderBlock& header, const MimePart& root,
                    std::vector<Attachment> attachments)
        : envelope_(std::move(envelope)),
          headers_(header.fields()),
          parts_(facts_of(root)),
          segments_(flatten(header, root)),
          attachments_(std::move(attachments)) {
        auto content = root.header.fields();
        std::move(content.begin(), content.end(), std::back_inserter(headers_));
    }

    const Envelope& envelope() const noexcept override { return envelope_; }
    const std::vector<std::pair<std::string, std::string>>& headers() const noexcept override {
        return headers_;
    }
    std::vector<PartFacts> parts() const override { return parts_; }

    std::optional<std::uint64_t> size() const noexcept override {
        std::uint64_t total = 0;
        for (const Segment& segment : segments_) total += segment.bytes.size();
        for (const Attachment& attachment : attachments_) {
            if (!attachment.size) return std::nullopt;
            total += base64_body_size(*attachment.size);
        }
        return total;
    }

    std::size_t read(char* into, std::size_t capacity) override {
        std::size_t filled = 0;
        while (filled < capacity) {
            if (pending_.empty() && !advance()) break;
            const std::size_t n = pending_.copy(into + filled, capacity - filled);
            pending_.remove_prefix(n);
            filled += n;
        }
        return filled;
    }

    bool rewind() override {
        for (Attachment& attachment : attachments_) {
            if (!attachment.source.rewind()) return false;
            attachment.peeked.clear();
        }
        body_.reset();
        pending_ = {};
        segment_ = 0;
        return true;
    }

  private:
    /// Puts the next bytes into `pending_`, which may stay empty; false at the end.
    bool advance() {
        if (body_) {
            pending_ = body_->next();
            if (pending_.empty()) body_.reset();
            return true;
        }
        if (segment_ == segments_.size()) return false;
        const Segment& segment = segments_[segment_++];
        pending_ = segment.bytes;
        if (segment.attachment) body_.emplace(attachments_[*segment.attachment]);
        return true;
    }

    Envelope envelope_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::vector<PartFacts> parts_;
    std::vector<Segment> segments_;
    std::vector<Attachment> attachments_;
    std::size_t segment_ = 0;           ///< the next one
    std::optional<Base64Stream> body_;  ///< of the attachment at hand
    std::string_view pending_;          ///< borrowed from a segment or from body_
};

}  // namespace

std::unique_ptr<Message> compose(const Draft& draft, const Circumstances& circumstances, const Opener& open) {
    // Cheap checks first: nothing is opened for a draft that cannot be sent.
    Envelope envelope = envelope_of(draft);
    const HeaderBlock header = standard_headers(draft, circumstances);
    std::vector<Attachment> attachments = open_attachments(draft.attachments, open);
    const MimePart root = build_tree(draft, attachments, circumstances.boundary_seed);
    return std::make_unique<ComposedMessage>(std::move(envelope), header, root, std::move(attachments));
}

}  // namespace mailsend
