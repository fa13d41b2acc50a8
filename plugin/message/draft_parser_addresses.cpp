#include <stdexcept>

#include "message/characters.hpp"
#include "message/draft_parser.hpp"
#include "wfc/json.hpp"
#include "wfc/json_reader.hpp"

namespace mailsend {

namespace {

constexpr std::size_t max_display_name = 255;
constexpr std::size_t max_address = 1000;  ///< characters of one `address`, quoting and comments included
constexpr std::size_t max_list = 1 << 20;  ///< characters of a string that may hold many

/// A limit on what comes back would come too late for a hostile text: it is bounded before it is read.
void check_length(std::string_view text, const Place& place, std::size_t limit) {
    if (longer_than(text, limit)) place.refuse("is longer than " + std::to_string(limit) + " characters");
}

const std::string& bounded(const nlohmann::json& value, const Place& place, std::size_t limit) {
    if (!value.is_string()) {
        place.refuse("must be a string or an object with name and address, not " +
                     wfc::Fields::describe(value));
    }
    const auto& text = value.get_ref<const std::string&>();
    check_length(text, place, limit);
    return text;
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(' ') == std::string_view::npos;
}

/// `parse` with what it throws turned into a Problem at `place`.
template <class Parse>
auto located(const Place& place, const Parse& parse) {
    try {
        return parse();
    } catch (const std::invalid_argument& fault) {
        place.refuse(std::string("is no usable address: ") + fault.what());
    }
}

Mailbox mailbox_object(const nlohmann::json& value, const Place& place) {
    wfc::Fields fields(value, place.pointer, place.status);
    allow_only(fields, {"name", "address"});
    Mailbox mailbox;
    const Place address = place.at("address");
    const std::string text = bounded(fields.require("address"), address, max_address);
    if (const nlohmann::json* name = fields.find("name")) {
        mailbox.display_name = line_of(*name, place.at("name"), max_display_name);
    }
    mailbox.address = located(address, [&] { return parse_addr_spec(text); });
    return mailbox;
}

Mailbox mailbox_text(std::string_view text, const Place& place) {
    if (is_blank(text)) place.refuse("is empty");
    return located(place, [&] { return parse_mailbox(text); });
}

/// One string or object; no list.
Mailbox single(const nlohmann::json& value, const Place& place) {
    if (value.is_object()) return mailbox_object(value, place);
    return mailbox_text(bounded(value, place, max_address + max_display_name), place);
}

Mailbox mailbox_object(wfc::JsonReader& in) {
    Mailbox mailbox;
    bool addressed = false;
    in.enter_object();
    for (std::string_view name; in.next_member(name);) {
        const bool address = name == "address";
        if (!address && name != "name") Place{}.refuse("has an unknown member");
        const std::string_view text = in.string();
        if (address) {
            addressed = true;
            check_length(text, {}, max_address);
            mailbox.address = located({}, [&] { return parse_addr_spec(text); });
        } else {
            check_line(text, {}, max_display_name);
            mailbox.display_name = text;
        }
    }
    if (!addressed) Place{}.refuse("has no address");
    return mailbox;
}

Mailbox single(wfc::JsonReader& in) {
    if (in.peek() == wfc::JsonReader::Kind::object) return mailbox_object(in);
    const std::string_view text = in.string();
    check_length(text, {}, max_address + max_display_name);
    return mailbox_text(text, {});
}

}  // namespace

Mailbox mailbox_of(const nlohmann::json& value, const Place& place) {
    if (!value.is_array()) return single(value, place);
    if (value.size() != 1) place.refuse("must hold exactly one address");
    return single(value.front(), place.at(std::size_t{0}));
}

std::vector<Mailbox> mailboxes_of(const nlohmann::json& value, const Place& place, std::size_t limit) {
    std::vector<Mailbox> mailboxes;
    const auto too_many = "names more than " + std::to_string(limit) + " addresses";
    if (value.is_array()) {
        if (value.size() > limit) place.refuse(too_many);
        mailboxes.reserve(value.size());
        for (std::size_t i = 0; i < value.size(); ++i) mailboxes.push_back(single(value[i], place.at(i)));
    } else if (value.is_object()) {
        mailboxes.push_back(mailbox_object(value, place));
    } else {
        const std::string& text = bounded(value, place, max_list);
        if (is_blank(text)) return mailboxes;
        mailboxes = located(place, [&] { return parse_mailbox_list(text); });
        if (mailboxes.size() > limit) place.refuse(too_many);
    }
    return mailboxes;
}

Mailbox mailbox_of(wfc::JsonReader& in) {
    if (in.peek() != wfc::JsonReader::Kind::list) return single(in);
    in.enter_list();
    if (!in.next_element()) Place{}.refuse("is empty");
    Mailbox mailbox = single(in);
    if (in.next_element()) Place{}.refuse("holds more than one address");
    return mailbox;
}

std::vector<Mailbox> mailboxes_of(wfc::JsonReader& in, std::size_t limit) {
    std::vector<Mailbox> mailboxes;
    if (in.peek() == wfc::JsonReader::Kind::list) {
        for (in.enter_list(); in.next_element();) {
            if (mailboxes.size() == limit) Place{}.refuse("names too many addresses");
            mailboxes.push_back(single(in));
        }
    } else if (in.peek() == wfc::JsonReader::Kind::object) {
        mailboxes.push_back(mailbox_object(in));
    } else {
        const std::string_view text = in.string();
        check_length(text, {}, max_list);
        if (is_blank(text)) return mailboxes;
        mailboxes = located({}, [&] { return parse_mailbox_list(text); });
        if (mailboxes.size() > limit) Place{}.refuse("names too many addresses");
    }
    return mailboxes;
}

}  // namespace mailsend
