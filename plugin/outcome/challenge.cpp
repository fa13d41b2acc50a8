#include "outcome/challenge.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t challenge_limit = 4096;
constexpr std::size_t value_limit = 1024;
constexpr std::array members{"status", "schemes",          "scope", "openid-configuration",
                             "error",  "error_description"};

/// Null where it is no object.
nlohmann::json parsed(std::string_view challenge) {
    constexpr wfc::JsonBounds flat{challenge_limit, 4};
    try {
        nlohmann::json value = wfc::parse_json(challenge, WFC_FAILED, "challenge", flat);
        if (value.is_object()) return value;
    } catch (const wfc::Problem&) {  // shown as it is
    }
    return nullptr;
}

/// A string or a number as text; servers write the status either way.
std::string text_of(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return {};
    if (found->is_string()) return printable(found->get_ref<const std::string&>(), value_limit);
    if (found->is_number_integer()) return found->dump();
    return {};
}

}  // namespace

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
