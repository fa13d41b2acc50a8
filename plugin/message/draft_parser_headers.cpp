#include <algorithm>
#include <array>

#include "message/characters.hpp"
#include "message/draft_parser.hpp"
#include "wfc/json.hpp"
#include "wfc/json_reader.hpp"

namespace mailsend {

namespace {

constexpr std::size_t max_field_name = 100;

/// A field that MailSend or a server on the way writes, and what to do instead.
struct Owned {
    std::string_view name;  ///< lower case; a final "-" stands for every field that begins so
    std::string_view instead;
};

constexpr std::array owned{
    Owned{"from", "cannot stand among the headers; use the member from"},
    Owned{"sender", "cannot stand among the headers; use the member sender"},
    Owned{"reply-to", "cannot stand among the headers; use the member reply_to"},
    Owned{"to", "cannot stand among the headers; use the member to"},
    Owned{"cc", "cannot stand among the headers; use the member cc"},
    Owned{"bcc", "cannot stand among the headers; use the member bcc"},
    Owned{"subject", "cannot stand among the headers; use the member subject"},
    Owned{"date", "cannot stand among the headers; use the member date"},
    Owned{"message-id",
          "cannot be chosen: MailSend derives it from the call, so that a deliberate resend carries the same "
          "one"},
    Owned{"mime-version", "cannot be chosen: MailSend writes it"},
    Owned{"content-", "cannot be chosen: MailSend writes it from text, html and attachments"},
    Owned{"x-priority", "cannot stand among the headers; use the member priority"},
    Owned{"importance", "cannot stand among the headers; use the member priority"},
    Owned{"return-path", "cannot be chosen: the server that delivers the message writes it"},
    Owned{"received", "cannot be chosen: the servers on the way write it"},
    Owned{"dkim-signature", "cannot be chosen: it signs the message as it is sent, so the server writes it"},
    Owned{"resent-", "cannot be chosen: MailSend sends new messages and resends none"},
};

void check_name(const std::string& name, const Place& place) {
    if (name.empty()) place.refuse("has an empty header name");
    if (name.size() > max_field_name) place.refuse("has a header name longer than 100 characters");
    // RFC 5322 section 3.6.8: printable ASCII but the colon.
    const bool printable =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
    if (!printable)
        place.refuse("is no header name: only printable ASCII without blanks and colons may stand there");
    const std::string lower = lower_case(name);
    for (const Owned& field : owned) {
        const bool family = field.name.back() == '-';
        if (family ? lower.starts_with(field.name) : lower == field.name)
            place.refuse(std::string(field.instead));
    }
}

void check_value(std::string_view text, const Place& place) {
    if (const char* why = forbidden_character(text)) place.refuse(why);
    if (text.size() > max_header_value_octets) place.refuse("is longer than 998 octets");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> headers_of(const nlohmann::json& value, const Place& place) {
    if (!value.is_object()) place.refuse("must be an object, not " + wfc::Fields::describe(value));
    if (value.size() > max_headers)
        place.refuse("holds more than " + std::to_string(max_headers) + " headers");
    std::vector<std::pair<std::string, std::string>> headers;
    for (const auto& [name, content] : value.items()) {
        const Place field = place.at(name);
        check_name(name, field);
        if (!content.is_string()) field.refuse("must be a string, not " + wfc::Fields::describe(content));
        const auto& text = content.get_ref<const std::string&>();
        check_value(text, field);
        headers.emplace_back(name, text);
    }
    return headers;
}

std::vector<std::pair<std::string, std::string>> headers_of(wfc::JsonReader& in) {
    std::vector<std::pair<std::string, std::string>> headers;
    in.enter_object();
    for (std::string_view name; in.next_member(name);) {
        if (headers.size() == max_headers) Place{}.refuse("holds too many headers");
        std::string kept(name);
        check_name(kept, {});
        const std::string_view text = in.string();
        check_value(text, {});
        headers.emplace_back(std::move(kept), text);
    }
    std::sort(headers.begin(), headers.end());  // as a tree orders them
    return headers;
}

}  // namespace mailsend
