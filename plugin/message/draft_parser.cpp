#include "message/draft_parser.hpp"

#include <functional>

#include "message/draft_layers.hpp"
#include "message/draft_plain.hpp"
#include "wfc/json.hpp"
#include "wfc/json_reader.hpp"

namespace mailsend {

namespace {

std::string body_of(const nlohmann::json& value, const Place& place) {
    if (!value.is_string()) place.refuse("must be a string, not " + wfc::Fields::describe(value));
    const auto& text = value.get_ref<const std::string&>();
    check_body(text, place);
    return text;
}

/// A payload that stands in for the body.
std::string payload_as_body(const nlohmann::json& payload, const Place& place) {
    if (payload.is_string()) return body_of(payload, place);
    std::string text = payload.dump(2) + "\n";
    if (text.size() > max_body_bytes) place.refuse("is larger than 16 MiB as text; send it as an attachment");
    return text;
}

/// Gives a member to its reader, if there is one.
using Members = std::function<void(std::string_view member, const MemberReader& reader)>;

Priority priority_of(const nlohmann::json& value, const Place& place) {
    const nlohmann::json one{{"priority", value}};
    wfc::Fields fields(one, place.pointer.substr(0, place.pointer.rfind('/')), place.status);
    const auto word = fields.choice("priority", {"normal", "high", "low"});
    return word == "high" ? Priority::high : word == "low" ? Priority::low : Priority::normal;
}

SendTerms terms_of(wfc::Fields& fields, Layers& layers) {
    SendTerms terms;
    layers.read("idempotency_key", [&](const auto& value, const Place& place) {
        terms.idempotency_key = line_of(value, place, max_idempotency_key);
        if (terms.idempotency_key->empty())
            place.refuse("is empty; leave it out to have the call's own id as the key");
    });
    if (const auto word = fields.choice("on_unknown", {"report", "resend"}))
        terms.on_unknown = *word == "resend" ? OnUnknown::resend : OnUnknown::report;
    return terms;
}

/// Reads what makes up a message, wherever each member comes from.
void read_members(const Members& with, Draft& draft) {
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
    with("priority",
         [&](const auto& value, const Place& place) { draft.priority = priority_of(value, place); });
    with("date", [&](const auto& value, const Place& place) { draft.date = zoned_time_of(value, place); });
    with("attachments",
         [&](const auto& value, const Place& place) { draft.attachments = attachments_of(value, place); });
    with("headers", [&](const auto& value, const Place& place) { draft.headers = headers_of(value, place); });
}

}  // namespace

void check_members(const nlohmann::json& members, const Place& place) {
    Draft ignored;
    read_members(
        [&](std::string_view member, const MemberReader& reader) {
            const auto found = members.find(member);
            if (found == members.end()) return;
            const Place at = place.at(member);
            holds_tags(*found) ? reader(stand_in(*found, member, at), at) : reader(*found, at);
        },
        ignored);
}

namespace {

/// Members that a plain input lacks. False where templates would have to be rendered for them.
bool add_defaults(const nlohmann::json& defaults, const PlainInput& input, Draft& draft) {
    if (!defaults.is_object() || defaults.empty()) return true;
    if (defaults.contains("template") || defaults.contains("idempotency_key")) return false;
    bool plain = true;
    read_members(
        [&](std::string_view member, const MemberReader& reader) {
            const auto found = defaults.find(member);
            if (found == defaults.end() || input.has(member) || !plain) return;
            plain = !holds_tags(*found);
            if (plain) reader(*found, Place{WFC_INVALID_SETTINGS, "/message"}.at(member));
        },
        draft);
    return plain;
}

/// A draft without templates; nothing where there are some, or where anything is at fault: then the members
/// are read from a tree, in the order in which faults are told.
std::optional<Draft> without_tree(std::string_view input_json, const nlohmann::json& defaults,
                                  std::optional<nlohmann::json>& payload) {
    try {
        std::optional<PlainInput> input = plain_input(input_json);
        if (!input || !add_defaults(defaults, *input, input->draft)) return std::nullopt;
        const bool body = input->draft.text || input->draft.html;
        if (!body && !input->payload.empty()) payload = nlohmann::json::parse(input->payload);
        return std::move(input->draft);
    } catch (const wfc::JsonFault&) {
        return std::nullopt;
    } catch (const wfc::Problem&) {
        return std::nullopt;
    }
}

/// What is not a matter of one member: a sender, recipients, something to read.
void complete(Draft& draft, const std::optional<Mailbox>& account_from, const nlohmann::json* payload) {
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
    if (draft.text || draft.html) return;
    if (payload != nullptr && !payload->is_null()) {
        draft.text = payload_as_body(*payload, {WFC_INVALID_INPUT, "/payload"});
    } else if (draft.attachments.empty()) {
        draft.text.emplace();
    }
}

}  // namespace

Draft parse_draft(std::string_view input_json, const nlohmann::json& defaults,
                  const std::optional<Mailbox>& account_from, const nlohmann::json* templates) {
    std::optional<nlohmann::json> payload;
    if (std::optional<Draft> plain = without_tree(input_json, defaults, payload)) {
        complete(*plain, account_from, payload ? &*payload : nullptr);
        return std::move(*plain);
    }
    const nlohmann::json input =
        wfc::parse_json(input_json, WFC_INVALID_INPUT, "input", {.bytes = max_input_bytes, .depth = 32});
    wfc::Fields fields(input, {}, WFC_INVALID_INPUT);
    allow_only(fields, {"from", "sender", "to", "cc", "bcc", "reply_to", "subject", "text", "html",
                        "template", "priority", "date", "attachments", "headers", "render", "payload",
                        "idempotency_key", "on_unknown", "format"});
    fields.format();
    Layers layers(input, fields.boolean("render").value_or(false), defaults, templates);
    return draft_of(fields, layers, account_from);
}

Draft draft_of(wfc::Fields& fields, Layers& layers, const std::optional<Mailbox>& account_from) {
    Draft draft;
    draft.terms = terms_of(fields, layers);
    layers.choose_template();
    read_members([&](std::string_view member, const MemberReader& reader) { layers.read(member, reader); },
                 draft);
    layers.trace(draft.attachments);
    complete(draft, account_from, fields.find("payload"));
    return draft;
}

void check_message_defaults(const nlohmann::json& defaults) {
    wfc::Fields fields(defaults, "/message", WFC_INVALID_SETTINGS);
    allow_only(fields, {"from", "sender", "to", "cc", "bcc", "reply_to", "subject", "text", "html",
                        "template", "priority", "date", "attachments", "headers", "render", "payload",
                        "idempotency_key", "on_unknown"});
    for (const char* member : {"payload", "idempotency_key", "on_unknown"}) {
        if (defaults.contains(member)) {
            fields.refuse(member, "cannot have a default; it belongs to the input of each message");
        }
    }
    if (fields.boolean("render").value_or(false)) {
        fields.refuse("render",
                      "cannot be true here: these defaults are templates in any case, and only an "
                      "input says of itself that it is one");
    }
    const Place place{WFC_INVALID_SETTINGS, "/message"};
    if (const nlohmann::json* name = fields.find("template")) {
        const Place at = place.at("template");
        check_template_name(holds_tags(*name) ? stand_in(*name, "template", at) : *name, at);
    }
    check_members(defaults, place);
}

void check_templates(const nlohmann::json& templates) {
    const Place place{WFC_INVALID_SETTINGS, "/templates"};
    if (!templates.is_object()) {
        place.refuse("must be an object of names and templates, not " + wfc::Fields::describe(templates));
    }
    for (const auto& [name, members] : templates.items()) {
        const Place entry = place.at(name);
        check_template_name(name, entry);
        wfc::Fields fields(members, entry.pointer, WFC_INVALID_SETTINGS);
        allow_only(fields, {"from", "sender", "to", "cc", "bcc", "reply_to", "subject", "text", "html",
                            "priority", "date", "attachments", "headers"});
        check_members(members, entry);
    }
}

}  // namespace mailsend
