#include "message/draft_plain.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "message/draft_parser.hpp"
#include "wfc/json_reader.hpp"

namespace mailsend {

namespace {

using Kind = wfc::JsonReader::Kind;

std::string line(wfc::JsonReader& in, std::size_t limit) {
    const std::string_view text = in.string();
    check_line(text, {}, limit);
    return std::string(text);
}

std::string body(wfc::JsonReader& in) {
    const std::string_view text = in.string();
    check_body(text, {});
    return std::string(text);
}

/// One of the words of `priority`; false for any other.
bool read_priority(wfc::JsonReader& in, Priority& into) {
    const std::string_view word = in.string();
    into = word == "high" ? Priority::high : word == "low" ? Priority::low : Priority::normal;
    return into != Priority::normal || word == "normal";
}

/// A member that makes up the message; false if it is none, or at fault.
bool read_content(wfc::JsonReader& in, std::string_view name, Draft& draft) {
    if (name == "to") {
        draft.to = mailboxes_of(in, max_recipients);
    } else if (name == "subject") {
        draft.subject = line(in, max_subject);
    } else if (name == "text") {
        draft.text = body(in);
    } else if (name == "html") {
        draft.html = body(in);
    } else if (name == "from") {
        draft.from = mailbox_of(in);
    } else if (name == "cc") {
        draft.cc = mailboxes_of(in, max_recipients);
    } else if (name == "bcc") {
        draft.bcc = mailboxes_of(in, max_recipients);
    } else if (name == "reply_to") {
        draft.reply_to = mailboxes_of(in, max_reply_to);
    } else if (name == "sender") {
        draft.sender = mailbox_of(in);
    } else if (name == "headers") {
        draft.headers = headers_of(in);
    } else if (name == "attachments") {  // opening one takes longer than a small tree
        draft.attachments = attachments_of(nlohmann::json::parse(in.raw()), Place{}.at(name));
    } else if (name == "date") {
        draft.date = zoned_time_of(in.string(), {});
    } else if (name == "priority") {
        return read_priority(in, draft.priority);
    } else {
        return false;
    }
    return true;
}

/// A member that is no part of the message; false if it is none, at fault, or asks for templates.
bool read_terms(wfc::JsonReader& in, std::string_view name, PlainInput& input) {
    SendTerms& terms = input.draft.terms;
    if (name == "payload") {
        input.payload = in.raw();
    } else if (name == "idempotency_key") {
        terms.idempotency_key = line(in, max_idempotency_key);
        return !terms.idempotency_key->empty();
    } else if (name == "on_unknown") {
        const std::string_view word = in.string();
        terms.on_unknown = word == "resend" ? OnUnknown::resend : OnUnknown::report;
        return word == "resend" || word == "report";
    } else if (name == "render") {
        return !in.boolean();
    } else if (name == "format") {
        return in.number() == "1";
    } else {
        return false;
    }
    return true;
}

}  // namespace

bool PlainInput::has(std::string_view member) const noexcept {
    const auto there = [&](std::string_view name) {
        return std::find(members.begin(), members.end(), name) != members.end();
    };
    return member == "text" || member == "html" ? there("text") || there("html") : there(member);
}

std::optional<PlainInput> plain_input(std::string_view input_json) {
    wfc::JsonReader in(input_json, {max_input_bytes, 32});
    PlainInput input;
    input.members.reserve(8);
    in.enter_object();
    for (std::string_view name; in.next_member(name);) {
        if (read_content(in, name, input.draft)) {
            input.members.emplace_back(name);
        } else if (!read_terms(in, name, input)) {
            return std::nullopt;
        }
    }
    in.finish();
    return input;
}

}  // namespace mailsend
