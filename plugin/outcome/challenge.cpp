#include "outcome/challenge.hpp"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t challenge_limit = 4096;
/// A line of the exchange has at most 12288 octets (RFC 4954 section 4); what is not printable takes more.
constexpr std::size_t longest_said = 64 * 1024;
constexpr std::size_t value_limit = 1024;
constexpr std::array members{"status", "schemes",          "scope", "openid-configuration",
                             "error",  "error_description"};

/// A string or a number as text; servers write the status either way.
std::string text_of(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return {};
    if (found->is_string()) return printable(found->get_ref<const std::string&>(), value_limit);
    if (found->is_number_integer()) return found->dump();
    return {};
}

/// What `text` says as JSON; discarded where it is none.
nlohmann::json parsed(std::string_view text) {
    constexpr wfc::JsonBounds bounds{longest_said, 16};
    try {
        return wfc::parse_json(text, WFC_FAILED, "challenge", bounds);
    } catch (const wfc::Problem&) {  // shown as it is
        return nlohmann::json(nlohmann::json::value_t::discarded);
    }
}

/// Every string in `value`, names of members too, in the order in which rebuilt() takes them.
void collect(const nlohmann::json& value, std::vector<std::string>& strings) {
    if (value.is_string()) strings.push_back(value.get<std::string>());
    if (!value.is_structured()) return;
    for (const auto& [name, member] : value.items()) {
        if (value.is_object()) strings.push_back(name);
        collect(member, strings);
    }
}

/// `value` with what became of its strings.
nlohmann::json rebuilt(const nlohmann::json& value, const std::vector<std::string>& strings,
                       std::size_t& next) {
    if (value.is_string()) return strings[next++];
    if (!value.is_structured()) return value;
    nlohmann::json out = value.is_object() ? nlohmann::json::object() : nlohmann::json::array();
    for (const auto& [name, member] : value.items()) {
        if (value.is_object()) {
            const std::string& shown = strings[next++];
            out[shown] = rebuilt(member, strings, next);
        } else {
            out.push_back(rebuilt(member, strings, next));
        }
    }
    return out;
}

std::string written(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Of an object that is too long, the members that are known.
nlohmann::json shortened(const nlohmann::json& value) {
    nlohmann::json out = nlohmann::json::object();
    for (const char* name : members) {
        if (std::string text = text_of(value, name); !text.empty())
            out[name] = printable(text, challenge_limit / 8);
    }
    return out;
}

/// `text`, which says `value`, without secrets.
std::string without_secrets(const nlohmann::json& value, std::string text, const Hide& hide) {
    std::vector<std::string> strings;
    collect(value, strings);
    const std::vector<std::string> said = strings;
    hide(strings);
    if (strings != said || text.size() > challenge_limit) {
        std::size_t next = 0;
        const nlohmann::json clean = rebuilt(value, strings, next);
        text = written(clean);
        if (text.size() > challenge_limit && clean.is_object()) text = written(shortened(clean));
    }
    hide({&text, 1});  // numbers, too
    return printable(text, challenge_limit);
}

/// Line breaks between the members of a JSON text say nothing; as escapes they would make it none.
std::string on_one_line(std::string_view said) {
    std::string text(said);
    for (char& c : text) {
        if (c == '\r' || c == '\n' || c == '\t') c = ' ';
    }
    return printable(text, longest_said);
}

/// The ASCII character that an escape of JSON at the beginning of `text` stands for.
std::optional<char> escaped_ascii(std::string_view text) {
    unsigned value = 0;
    if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
    const char* const end = text.data() + 6;
    if (std::from_chars(text.data() + 2, end, value, 16).ptr != end || value >= 0x80) return std::nullopt;
    return static_cast<char>(value);
}

/// `text` without the escapes of JSON that may stand in a token.
std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (const std::optional<char> c = escaped_ascii(text)) {
            out += *c;
            text.remove_prefix(6);
            continue;
        }
        if (text.starts_with("\\/")) text.remove_prefix(1);
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

/// `text`, which is no JSON but may be a piece of some, without secrets.
std::string without_secrets(std::string text, const Hide& hide) {
    hide({&text, 1});
    const std::string plain = unescaped(text);
    std::string shown = plain;
    hide({&shown, 1});
    return shown == plain ? text : printable(shown, longest_said);
}

}  // namespace

std::string kept_challenge(std::string_view said, const Hide& hide) {
    std::string text = on_one_line(said);
    // Twice: what is no JSON may be some once its end is cut off, and whoever reads it undoes its escapes.
    for (int turn = 0; turn < 2; ++turn) {
        if (const nlohmann::json value = parsed(text); !value.is_discarded())
            return without_secrets(value, std::move(text), hide);
        text = printable(without_secrets(std::move(text), hide), challenge_limit);
    }
    return text;
}

Json challenge_value(std::string_view challenge) {
    const nlohmann::json said = parsed(challenge);
    Json out = Json::object();
    if (said.is_object()) {
        for (const char* name : members) {
            if (std::string text = text_of(said, name); !text.empty()) out[name] = std::move(text);
        }
    }
    if (out.empty()) return printable(challenge, challenge_limit);
    return out;
}

std::string challenge_status(std::string_view challenge) {
    const nlohmann::json said = parsed(challenge);
    if (!said.is_object()) return {};
    std::string status = text_of(said, "status");
    if (status.empty()) status = text_of(said, "error");
    for (char& c : status) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return status;
}

}  // namespace mailsend
