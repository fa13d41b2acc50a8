#include "ledger/draft_digest.hpp"

#include "crypto/digest.hpp"

namespace mailsend::ledger {

namespace {

constexpr std::string_view version = "draft1:";

/// Every value with its length before it, so that no two sequences of values become the same bytes.
class Values {
  public:
    void add(std::string_view value) { text_.append(std::to_string(value.size())).append(":").append(value); }
    void add(std::size_t number) { add(std::string_view(std::to_string(number))); }
    void add(const std::optional<std::string>& value) {
        add(std::string_view(value ? "+" : "-"));
        if (value) add(std::string_view(*value));
    }
    void add(const Mailbox& mailbox) {
        add(std::string_view(mailbox.display_name));
        add(std::string_view(mailbox.address.local));
        add(std::string_view(mailbox.address.domain));
    }
    void add(const std::optional<Mailbox>& mailbox) {
        add(std::string_view(mailbox ? "+" : "-"));
        if (mailbox) add(*mailbox);
    }
    void add(const std::vector<Mailbox>& mailboxes) {
        add(mailboxes.size());
        for (const Mailbox& mailbox : mailboxes) add(mailbox);
    }
    void add(const AttachmentSpec& spec) {
        add(std::string_view(shown_name(spec)));
        add(std::string_view(spec.type));
        add(std::string_view(spec.content_id));  // with one it is inline, without one an attachment
    }
    std::string digest() const { return crypto::sha256_hex(text_); }

  private:
    /// As open_attachments() names it.
    static std::string shown_name(const AttachmentSpec& spec) {
        if (!spec.name.empty()) return spec.name;
        return spec.path.empty() ? spec.blob : spec.path.substr(spec.path.find_last_of('/') + 1);
    }

    std::string text_;
};

}  // namespace

std::string draft_digest(const Draft& draft) {
    Values values;
    values.add(draft.from);
    values.add(draft.sender);
    values.add(draft.to);
    values.add(draft.cc);
    values.add(draft.bcc);
    values.add(draft.reply_to);
    values.add(std::string_view(draft.subject));
    values.add(draft.text);
    values.add(draft.html);
    values.add(static_cast<std::size_t>(draft.priority));
    values.add(std::string_view(draft.date ? "+" : "-"));
    if (draft.date) {
        values.add(std::string_view(std::to_string(draft.date->unix_seconds)));
        values.add(std::string_view(std::to_string(draft.date->offset_minutes)));
    }
    values.add(draft.headers.size());
    for (const auto& [name, value] : draft.headers) {
        values.add(std::string_view(name));
        values.add(std::string_view(value));
    }
    values.add(draft.attachments.size());
    for (const AttachmentSpec& spec : draft.attachments) values.add(spec);
    return std::string(version) + values.digest();
}

bool different_content(std::string_view one, std::string_view other) noexcept {
    const std::size_t colon = one.find(':');
    if (colon == one.npos || one.substr(0, colon + 1) != other.substr(0, colon + 1)) return false;
    return one != other;
}

}  // namespace mailsend::ledger
