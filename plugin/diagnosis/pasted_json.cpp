#include "diagnosis/pasted_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "diagnosis/pasted_document.hpp"
#include "diagnosis/pasted_lines.hpp"
#include "diagnosis/pasted_oauth.hpp"
#include "outcome/api_refusal.hpp"
#include "outcome/challenge.hpp"
#include "wfc/json.hpp"

namespace mailsend::diagnosis {
namespace {

using nlohmann::json;

constexpr int most_objects = 8;
constexpr int deepest = 16;
constexpr std::size_t longest_strings = 64 * 1024;

/// Octets of the object that begins `text`, by its brackets; 0 where it does not end.
std::size_t object_length(std::string_view text) noexcept {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest) return 0;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

const json* member(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? &*found : nullptr;
}

std::string text_of(const json& object, const char* name) {
    const json* found = member(object, name);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

/// The number of an HTTP status in the text in front of a body: "HTTP/1.1 403 Forbidden", "status code 429".
int http_status_in(std::string_view text) {
    const std::string low = lowered(text);
    for (const std::string_view mark : {"http/1.1 ", "http/1.0 ", "http/2 ", "status code ",
                                        "status code: ", "http status ", "status: ", "http error "}) {
        const std::size_t at = low.rfind(mark);
        if (at == low.npos || at + mark.size() + 3 > low.size()) continue;
        const std::string_view digits = std::string_view(low).substr(at + mark.size(), 3);
        if (!std::all_of(digits.begin(), digits.end(), is_digit) || digits[0] < '1' || digits[0] > '5')
            continue;
        return std::stoi(std::string(digits));
    }
    return 0;
}

/// {"error": "invalid_grant", "error_description": …} (RFC 6749 section 5.2).
std::optional<Facts> token_error(const json& object, int http_status) {
    ErrorWords words;
    words.error = text_of(object, "error");
    // Any program may call its error that; a name that nobody knows needs company.
    const bool in_company =
        member(object, "error_description") != nullptr || member(object, "error_codes") != nullptr ||
        member(object, "error_uri") != nullptr || member(object, "error_subtype") != nullptr;
    if (words.error.empty() || !(in_company || names_oauth_error(words.error))) return std::nullopt;
    words.description = text_of(object, "error_description");
    if (words.description.empty()) words.description = text_of(object, "error_subtype");
    words.uri = text_of(object, "error_uri");
    words.trace_id = text_of(object, "trace_id");
    words.correlation_id = text_of(object, "correlation_id");
    words.timestamp = text_of(object, "timestamp");
    if (const json* codes = member(object, "error_codes");
        codes != nullptr && codes->is_array() && !codes->empty() && codes->front().is_number_unsigned()) {
        words.aadsts = codes->front().dump();
    }
    return oauth_facts(words, http_status, "token",
                       object.dump(-1, ' ', false, json::error_handler_t::replace));
}

/// What the challenge of a refused token says, where nothing but it was pasted.
std::optional<Facts> challenge(const json& object) {
    const std::string status = text_of(object, "status");
    if (status.empty() || (member(object, "schemes") == nullptr && member(object, "scope") == nullptr))
        return std::nullopt;
    Facts facts = challenge_facts(object.dump(-1, ' ', false, json::error_handler_t::replace));
    return facts;
}

/// Whether a number called `name` may be the code of a mail server, and not a status of HTTP.
bool may_be_a_reply(const json& object, std::string_view name) {
    constexpr std::string_view others[] = {"errno",       "port",       "status",
                                           "http_status", "httpStatus", "statusCode"};
    if (std::find(std::begin(others), std::end(others), name) != std::end(others)) return false;
    if (name != "code") return true;
    return member(object, "message") == nullptr && member(object, "status") == nullptr &&
           member(object, "reason") == nullptr && member(object, "errors") == nullptr;
}

void collect(const json& value, int depth, std::string& out) {
    if (depth > deepest || out.size() > longest_strings) return;
    if (value.is_string()) out += value.get_ref<const std::string&>() + "\n";
    if (!value.is_structured()) return;
    for (const auto& [name, inner] : value.items()) {
        // A number is known by its name: {"responseCode": 535}.
        if (inner.is_number_integer() && value.is_object() && may_be_a_reply(value, name))
            out += name + ": " + inner.dump() + "\n";
        collect(inner, depth + 1, out);
    }
}

std::optional<Facts> known(const json& object, int http_status) {
    if (auto facts = own_document(object)) return facts;
    if (auto facts = api_refusal(object, http_status)) return facts;
    return token_error(object, http_status);
}

}  // namespace

PastedJson read_json_in(std::string_view text) {
    PastedJson out;
    std::string around;
    std::size_t from = 0;
    int objects = 0;
    for (std::size_t at = text.find('{'); at != text.npos && objects < most_objects;
         at = text.find('{', at + 1)) {
        if (at < from) continue;
        ++objects;
        const std::size_t length = object_length(text.substr(at));
        if (length == 0) continue;
        json object;
        try {
            object = wfc::parse_json(text.substr(at, length), WFC_INVALID_INPUT, "text",
                                     {2 * longest_strings, static_cast<std::size_t>(deepest)});
        } catch (const wfc::Problem&) {
            continue;
        }
        out.facts = known(object, http_status_in(text.substr(0, at)));
        if (out.facts) return out;
        out.facts = challenge(object);
        out.challenge = out.facts.has_value();
        if (out.facts) return out;
        around += std::string(text.substr(from, at - from)) + "\n";
        from = at + length;
        collect(object, 0, out.strings);
        if (out.command.empty()) out.command = lowered(text_of(object, "command"));
    }
    if (from != 0) out.strings = around + out.strings + std::string(text.substr(from));
    return out;
}

}  // namespace mailsend::diagnosis
