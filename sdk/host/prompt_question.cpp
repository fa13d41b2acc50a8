#include "host/prompt_question.hpp"

#include <algorithm>

#include "wfc/json.hpp"

namespace wfc {

namespace {

constexpr JsonBounds bounds{256 * 1024, 8};

std::string openable(Fields& fields, std::string_view member) {
    std::string url = fields.required_string(member);
    if (!is_openable(url)) {
        fields.refuse(member, "must be an https address of at most 16 KiB, or http to this machine");
    }
    return url;
}

std::string language_of(Fields& fields) {
    return fields.string("language").value_or("en") == "ja" ? "ja" : "en";
}

std::int64_t seconds(Fields& fields, const nlohmann::json& value) {
    if (!value.is_number_integer()) fields.refuse("expires_in_s", "must be a whole number");
    return value.get<std::int64_t>();
}

RedirectQuestion redirect(Fields& fields) {
    RedirectQuestion out;
    out.url = openable(fields, "url");
    out.redirect_uri = fields.required_string("redirect_uri");
    const auto address = redirect_address(out.redirect_uri);
    if (!address) {
        fields.refuse("redirect_uri",
                      "must be http to 127.0.0.1, [::1] or localhost with a port and a path, such as "
                      "http://127.0.0.1:48888/callback");
    }
    out.redirect = *address;
    out.state = SecretString(fields.required_string("state"));
    if (out.state.empty()) fields.refuse("state", "must not be empty");
    out.language = language_of(fields);
    if (const nlohmann::json* left = fields.find("expires_in_s"); left != nullptr) {
        constexpr std::int64_t day = 24 * 3600;
        out.expires_in_ms =
            static_cast<std::uint64_t>(std::clamp<std::int64_t>(seconds(fields, *left), 0, day)) * 1000;
    }
    return out;
}

DeviceQuestion device(Fields& fields) {
    DeviceQuestion out;
    out.url = openable(fields, "url");
    if (fields.find("complete_url") != nullptr) out.complete_url = openable(fields, "complete_url");
    out.user_code = fields.required_string("user_code");
    out.expires_in_s = seconds(fields, fields.require("expires_in_s"));
    return out;
}

PageText page(const nlohmann::json& json, const std::string& pointer) {
    Fields fields(json, pointer, WFC_INVALID_INPUT);
    PageText out{fields.required_string("title"), fields.string("text").value_or("")};
    const nlohmann::json* steps = fields.find("steps");
    if (steps == nullptr) return out;
    if (!steps->is_array()) fields.refuse("steps", "must be a list, not " + Fields::describe(*steps));
    for (const nlohmann::json& step : *steps) {
        if (!step.is_string()) fields.refuse("steps", "must be a list of strings");
        out.steps.push_back(step.get<std::string>());
    }
    return out;
}

OutcomeQuestion outcome(Fields& fields) {
    OutcomeQuestion out;
    const auto succeeded = fields.boolean("succeeded");
    if (!succeeded) fields.refuse("succeeded", "is missing");
    out.succeeded = *succeeded;
    Fields pages(fields.require("pages"), "/pages", WFC_INVALID_INPUT);
    for (const char* language : {"en", "ja"}) {
        if (const nlohmann::json* found = pages.find(language); found != nullptr) {
            out.pages.emplace(language, page(*found, pages.pointer_of(language)));
        }
    }
    if (out.pages.empty()) fields.refuse("pages", "must have \"en\" or \"ja\"");
    return out;
}

}  // namespace

PromptQuestion read_prompt_question(std::string_view json) {
    const nlohmann::json document = parse_json(json, WFC_INVALID_INPUT, "question", bounds);
    Fields fields(document, {}, WFC_INVALID_INPUT);
    const auto kind = fields.choice("kind", {"redirect", "device", "outcome"});
    if (!kind) fields.refuse("kind", "is missing");
    if (*kind == "redirect") return redirect(fields);
    if (*kind == "device") return device(fields);
    return outcome(fields);
}

}  // namespace wfc
