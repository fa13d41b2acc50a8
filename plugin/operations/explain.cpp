#include "operations/explain.hpp"

#include <algorithm>
#include <optional>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/pasted_text.hpp"
#include "outcome/document.hpp"
#include "settings/providers.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::ordered_json;

struct Asked {
    std::string text;
    std::optional<Stage> stage;
    std::string provider;
    Language language;
};

std::string provider_in(wfc::Fields& fields) {
    const std::optional<std::string> id = fields.string("provider");
    if (!id || find_provider(*id) != nullptr) return id.value_or("");
    std::vector<std::string_view> ids;
    for (const Provider& each : providers()) ids.emplace_back(each.id);
    const std::string near(wfc::nearest(*id, ids));
    fields.refuse("provider", near.empty() ? "is not among the providers of providers.json; leave it out"
                                           : "is not among the providers of providers.json; did you mean \"" +
                                                 near + "\"?");
}

Asked asked_by(std::string_view input, Language language) {
    // What is pasted is data, and may be long: its end is left out, not refused.
    const nlohmann::json json = wfc::parse_json(input, WFC_INVALID_INPUT, "input");
    wfc::Fields fields(json, "", WFC_INVALID_INPUT);
    fields.format();
    Asked out{fields.required_string("reply"), std::nullopt, {}, language};
    if (const auto stage = fields.choice(
            "stage", {"settings", "input", "resolve", "connect", "tls", "greeting", "ehlo", "starttls",
                      "token", "auth", "mail", "rcpt", "data", "dot", "quit", "api", "host"})) {
        out.stage = stage_named(*stage);
    }
    out.provider = provider_in(fields);
    if (const auto named = fields.choice("language", {"en", "ja"}))
        out.language = language_named(*named).value_or(language);
    fields.done();
    if (!readable(out.text)) {
        fields.refuse("reply",
                      "holds nothing that can be read; put the server's answer there, or a line of a log");
    }
    return out;
}

bool of_a_host(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/// The provider whose host is named in the text ("host smtp.gmail.com[192.0.2.1] said"); empty where none is.
std::string provider_named_in(std::string_view text) {
    text = text.substr(0, longest_pasted);
    while (!text.empty()) {
        const auto* const begin = std::find_if(text.begin(), text.end(), of_a_host);
        const auto* const end = std::find_if_not(begin, text.end(), of_a_host);
        const std::string_view word(begin, static_cast<std::size_t>(end - begin));
        if (word.size() <= 253 && word.find('.') != word.npos) {
            if (const Provider* provider = provider_of_host(word)) return provider->id;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
    return {};
}

std::string cut_warning(Language language) {
    return language == Language::ja ? "テキストが 64 KiB を超えているため、先頭だけを調べました。"
                                    : "The text is longer than 64 KiB: only its beginning was looked at.";
}

}  // namespace

wfc_status explain_pasted(wfc::Call& call, Language language) {
    const Asked asked = asked_by(call.input(), language);
    const std::string provider = asked.provider.empty() ? provider_named_in(asked.text) : asked.provider;
    PastedText read = read_pasted(asked.text, asked.stage, provider);
    const Error error = explained(std::move(read.facts), Reader(asked.language));
    ordered_json document{{"format", 1}, {"outcome", "succeeded"}, {"explained", to_json(error)}};
    if (const Provider* known = find_provider(error.facts.provider))
        document["explained"]["provider"] = known->id;
    if (read.cut) document["warnings"] = {cut_warning(asked.language)};
    call.result(document.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    return WFC_OK;
}

}  // namespace mailsend
