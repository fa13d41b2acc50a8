#include "message/standard_headers.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <stdexcept>
#include <unordered_set>

#include "message/characters.hpp"
#include "message/date.hpp"
#include "wfc/problem.hpp"

namespace mailsend {

namespace {

constexpr std::size_t message_id_limit = 512;
constexpr std::size_t few_recipients = 8;
constexpr std::size_t usual_size = 480;  ///< octets of a header without recipients
constexpr std::size_t usual_mailbox = 32;

/// Fields that are never the draft's to give, whether this message has them or not (lower case).
constexpr std::array<std::string_view, 13> reserved = {
    "bcc",      "cc",       "date",        "dkim-signature", "from",    "message-id", "mime-version",
    "received", "reply-to", "return-path", "sender",         "subject", "to"};

/// Runs `add`; what HeaderBlock refuses is the fault of the member at `pointer`.
template <class Add>
void at(const std::string& pointer, Add&& add) {
    try {
        add();
    } catch (const std::invalid_argument& why) {
        throw wfc::Problem(WFC_INVALID_INPUT, pointer, pointer + ": " + why.what());
    }
}

void add_list(HeaderBlock& header, std::string_view name, std::span<const Mailbox> list,
              const std::string& pointer) {
    if (!list.empty()) at(pointer, [&] { header.mailboxes(name, list); });
}

/// Addresses by what they say.
struct Hash {
    std::size_t operator()(const AddrSpec* address) const noexcept {
        const std::hash<std::string_view> hash;
        return hash(address->local) * 31 + hash(address->domain);
    }
};
struct Same {
    bool operator()(const AddrSpec* one, const AddrSpec* other) const noexcept { return *one == *other; }
};

std::string bracketed_message_id(std::string_view id) {
    const bool sound =
        !id.empty() && id.size() <= message_id_limit &&
        std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F && c != '<' && c != '>'; });
    if (!sound) throw std::logic_error("the Message-ID is not printable ASCII without blanks and brackets");
    return "<" + std::string(id) + ">";
}

void add_own_fields(HeaderBlock& header, const Draft& draft) {
    if (draft.headers.empty()) return;
    // What is in the block by now was written here; two fields of the draft may share a name.
    const HeaderBlock written = header;
    for (const auto& [name, value] : draft.headers) {
        const std::string lower = lower_case(name);
        const bool ours = std::find(reserved.begin(), reserved.end(), lower) != reserved.end() ||
                          lower.starts_with("content-") || lower.starts_with("resent-") || written.has(name);
        const std::string pointer = wfc::pointer_to("/headers", name);
        if (ours)
            throw wfc::Problem(WFC_INVALID_INPUT, pointer,
                               "/headers: MailSend writes " + shown(name) + " itself");
        try {
            header.custom(name, value);
        } catch (const std::invalid_argument& why) {
            throw wfc::Problem(WFC_INVALID_INPUT, pointer, std::string("/headers: ") + why.what());
        }
    }
}

}  // namespace

HeaderBlock standard_headers(const Draft& draft, const Circumstances& circumstances) {
    if (!draft.from)
        throw wfc::Problem(WFC_INVALID_INPUT, "/from", "/from is missing: nobody sends this message");
    HeaderBlock header;
    header.reserve(usual_size + (draft.to.size() + draft.cc.size()) * usual_mailbox);
    const ZonedTime now{circumstances.now_unix_ms / 1000, circumstances.utc_offset_minutes};
    at("/date", [&] { header.structured("Date", date_time(draft.date.value_or(now))); });
    add_list(header, "From", {&*draft.from, 1}, "/from");
    // RFC 5322 section 3.6.2: not when it would say the same as From.
    if (draft.sender && draft.sender->address != draft.from->address)
        add_list(header, "Sender", {&*draft.sender, 1}, "/sender");
    add_list(header, "Reply-To", draft.reply_to, "/reply_to");
    add_list(header, "To", draft.to, "/to");
    if (draft.to.empty() && draft.cc.empty()) header.structured("To", "undisclosed-recipients:;");
    add_list(header, "Cc", draft.cc, "/cc");
    at("/subject", [&] { header.text("Subject", draft.subject); });
    header.structured("Message-ID", bracketed_message_id(circumstances.message_id));
    if (draft.priority != Priority::normal) {
        const bool high = draft.priority == Priority::high;
        header.structured("X-Priority", high ? "1" : "5");
        header.structured("Importance", high ? "high" : "low");
    }
    add_own_fields(header, draft);
    header.structured("MIME-Version", "1.0");
    return header;
}

Envelope envelope_of(const Draft& draft) {
    if (!draft.from)
        throw wfc::Problem(WFC_INVALID_INPUT, "/from", "/from is missing: nobody sends this message");
    Envelope envelope;
    envelope.reverse_path = draft.sender ? draft.sender->address : draft.from->address;
    envelope.needs_smtputf8 = draft.from->address.needs_smtputf8() || envelope.reverse_path.needs_smtputf8();
    // All of them: `seen` points to what is in it.
    envelope.forward_paths.reserve(draft.to.size() + draft.cc.size() + draft.bcc.size());
    std::unordered_set<const AddrSpec*, Hash, Same> seen;
    const auto is_new = [&](const AddrSpec& address) {
        const auto& known = envelope.forward_paths;
        // Few are compared faster than they are looked up.
        if (known.size() < few_recipients)
            return std::find(known.begin(), known.end(), address) == known.end();
        if (seen.empty()) {
            seen.reserve(envelope.forward_paths.capacity());
            for (const AddrSpec& one : known) seen.insert(&one);
        }
        return seen.insert(&address).second;
    };
    for (const auto* list : {&draft.to, &draft.cc, &draft.bcc}) {
        for (const Mailbox& mailbox : *list) {
            if (!is_new(mailbox.address)) continue;
            // Checked again: these lines go to the server without passing through a header.
            const char* why = forbidden_character(mailbox.address.local);
            if (why == nullptr) why = forbidden_character(mailbox.address.domain);
            const std::string pointer = list == &draft.to ? "/to" : list == &draft.cc ? "/cc" : "/bcc";
            if (why != nullptr)
                throw wfc::Problem(WFC_INVALID_INPUT, pointer, pointer + ": an address " + why);
            envelope.forward_paths.push_back(mailbox.address);
            envelope.needs_smtputf8 = envelope.needs_smtputf8 || mailbox.address.needs_smtputf8();
        }
    }
    for (const Mailbox& mailbox : draft.reply_to) {
        envelope.needs_smtputf8 = envelope.needs_smtputf8 || mailbox.address.needs_smtputf8();
    }
    if (envelope.forward_paths.empty()) {
        throw wfc::Problem(WFC_INVALID_INPUT, "/to", "there is no recipient: to, cc and bcc are all empty");
    }
    return envelope;
}

}  // namespace mailsend
