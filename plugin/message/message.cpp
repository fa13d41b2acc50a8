#include "message/message.hpp"

#include <new>
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
    ComposedMessage(Envelope envelope, std::string header, MimePart& root,
                    std::vector<Attachment> attachments)
        : envelope_(std::move(envelope)),
          header_size_(header.size()),
          parts_(facts_of(root)),
          segments_(flatten(std::move(header), root)),
          attachments_(std::move(attachments)) {}

    const Envelope& envelope() const noexcept override { return envelope_; }
    const std::vector<std::pair<std::string, std::string>>& headers() const noexcept override {
        if (headers_.empty()) unfold();
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
            if (!pending_.empty()) {
                const std::size_t n = pending_.copy(into + filled, capacity - filled);
                pending_.remove_prefix(n);
                filled += n;
            } else if (body_) {
                const std::size_t n = body_->read(into + filled, capacity - filled);
                if (n == 0) body_.reset();
                filled += n;
            } else if (!advance()) {
                break;
            }
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
    /// To the next segment; false at the end.
    bool advance() {
        if (segment_ == segments_.size()) return false;
        const Segment& segment = segments_[segment_++];
        pending_ = segment.bytes;
        if (segment.attachment) body_.emplace(attachments_[*segment.attachment]);
        return true;
    }

    void unfold() const noexcept {
        try {
            headers_ = unfolded(std::string_view(segments_.front().bytes).substr(0, header_size_));
        } catch (const std::bad_alloc&) {
            headers_.clear();  // a preview without them, and a process that goes on
        }
    }

    Envelope envelope_;
    std::size_t header_size_;  ///< octets of the first segment
    /// Made when they are asked for: few messages are previewed.
    mutable std::vector<std::pair<std::string, std::string>> headers_;
    std::vector<PartFacts> parts_;
    std::vector<Segment> segments_;
    std::vector<Attachment> attachments_;
    std::size_t segment_ = 0;           ///< the next one
    std::string_view pending_;          ///< borrowed from a segment
    std::optional<Base64Stream> body_;  ///< of the attachment behind it
};

}  // namespace

std::unique_ptr<Message> compose(const Draft& draft, const Circumstances& circumstances, const Opener& open) {
    // Cheap checks first: nothing is opened for a draft that cannot be sent.
    Envelope envelope = envelope_of(draft);
    HeaderBlock header = standard_headers(draft, circumstances);
    std::vector<Attachment> attachments = open_attachments(draft.attachments, open);
    MimePart root = build_tree(draft, attachments, circumstances.boundary_seed);
    std::string fields = header.take_wire() + root.header.wire();
    return std::make_unique<ComposedMessage>(std::move(envelope), std::move(fields), root,
                                             std::move(attachments));
}

}  // namespace mailsend
