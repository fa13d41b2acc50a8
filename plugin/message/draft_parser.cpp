#include "message/draft_parser.hpp"

#include "wfc/json.hpp"

namespace mailsend {

namespace {

/// Text of a body. Controls but NUL are the writer's own business: the composer encodes them.
std::string body_of(const nlohmann::json& value, const Place& place) {
    if (!value.is_string()) place.refuse("must be a string, not " + wfc::Fields::describe(value));
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > max_body_bytes) place.refuse("is larger than 16 MiB; send it as an attachment");
    if (text.find('\0') != std::string::npos) place.refuse("holds a NUL character");
    return text;
}

/// A payload that stands in for the body.
std::string payload_as_body(const nlohmann::json& payload, const Place& place) {
    if (payload.is_string()) return body_of(payload, place);
    std::string text = payload.dump(2) + "\n";
    if (text.size() > max_body_bytes) place.refuse("is larger than 16 MiB as text; send it as an attachment");
    return text;
}

/// Reads the members that input and defaults have in common over what `draft` holds already: called for the
/// defaults first and for the input after, so a member of the input replaces that of the defaults as a whole.
void read_members(wfc::Fields& fields, wfc_status status, Draft& draft) {
    const bool input = status == WFC_INVALID_INPUT;
    allow_only(fields, {"from", "sender", "to", "cc", "bcc", "reply_to", "subject", "text", "html",
                        "template", "priority", "date", "attachments", "headers", "render", "payload",
                        "idempotency_key", input ? "format" : "payload"});
    const Place here{status, fields.pointer()};
    const auto with = [&](std::string_view member, const auto& read) {
        if (const nlohmann::json* value = fields.find(member)) read(*value, here.at(member));
    };
    const auto mailbox = [&](std::string_view member, std::optional<Mailbox>& into) {
        with(member, [&](const auto& value, const Place& place) { into = mailbox_of(value, place); });
    };
    const auto mailboxes = [&](std::string_view member, std::vector<Mailbox>& into, std::size_t limit) {
        with(member,
             [&](const auto& value, const Place& place) { into = mailboxes_of(value, place, limit); });
    };
    mailbox("from", draft.from);
    mailbox("sender", draft.sender);
    mailboxes("to", draft.to, max_recipients);
    mailboxes("cc", draft.cc, max_recipients);
    mailboxes("bcc", draft.bcc, max_recipients);
    mailboxes("reply_to", draft.reply_to, max_reply_to);
    with("subject",
         [&](const auto& value, const Place& place) { draft.subject = line_of(value, place, max_subject); });
    with("text", [&](const auto& value, const Place& place) { draft.text = body_of(value, place); });
    with("html", [&](const auto& value, const Place& place) { draft.html = body_of(value, place); });
    if (const auto priority = fields.choice("priority", {"normal", "high", "low"})) {
        draft.priority = *priority == "high"  ? Priority::high
                         : *priority == "low" ? Priority::low
                                              : Priority::normal;
    }
    with("date", [&](const auto& value, const Place& place) { draft.date = zoned_time_of(value, place); });
    with("attachments",
         [&](const auto& value, const Place& place) { draft.attachments = attachments_of(value, place); });
    with("headers", [&](const auto& value, const Place& place) { draft.headers = headers_of(value, place); });
    fields.planned({"template"});
    if (fields.boolean("render").value_or(false)) {
        fields.refuse("render", "cannot be true: rendering templates is not in this version");
    }
}

}  // namespace

Draft parse_draft(std::string_view input_json, const nlohmann::json& defaults,
                  const std::optional<Mailbox>& account_from) {
    const nlohmann::json input =
        wfc::parse_json(input_json, WFC_INVALID_INPUT, "input", {.bytes = max_input_bytes, .depth = 32});
    Draft draft;
    if (!defaults.is_null()) {
        wfc::Fields fields(defaults, "/message", WFC_INVALID_SETTINGS);
        read_members(fields, WFC_INVALID_SETTINGS, draft);
    }
    wfc::Fields fields(input, {}, WFC_INVALID_INPUT);
    fields.format();
    const nlohmann::json* payload = fields.find("payload");
    read_members(fields, WFC_INVALID_INPUT, draft);
    fields.planned({"idempotency_key"});

    if (!draft.from) draft.from = account_from;
    if (!draft.from) {
        throw wfc::Problem(WFC_INVALID_INPUT, "/from",
                           "/from is missing, and neither the account's from nor its message.from is set");
    }
    const std::size_t recipients = draft.to.size() + draft.cc.size() + draft.bcc.size();
    if (recipients == 0) {
        throw wfc::Problem(WFC_INVALID_INPUT, "/to",
                           "/to names no recipient, and cc and bcc name none either: at least one is needed");
    }
    if (recipients > max_recipients) {
        throw wfc::Problem(WFC_INVALID_INPUT, "/to",
                           "/to, cc and bcc name " + std::to_string(recipients) + " recipients; at most " +
                               std::to_string(max_recipients) + " fit one message");
    }
    if (!draft.text && !draft.html) {
        if (payload != nullptr && !payload->is_null()) {
            draft.text = payload_as_body(*payload, {WFC_INVALID_INPUT, "/payload"});
        } else if (draft.attachments.empty()) {
            draft.text.emplace();
        }
    }
    return draft;
}

void check_message_defaults(const nlohmann::json& defaults) {
    Draft draft;
    wfc::Fields fields(defaults, "/message", WFC_INVALID_SETTINGS);
    read_members(fields, WFC_INVALID_SETTINGS, draft);
    for (const char* member : {"payload", "idempotency_key"}) {
        if (defaults.contains(member)) {
            fields.refuse(member, "cannot have a default; it belongs to the input of each message");
        }
    }
}

}  // namespace mailsend
