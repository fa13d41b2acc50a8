#include "diagnosis/compiler/entry_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "diagnosis/compiler/patterns.hpp"
#include "diagnosis/compiler/places.hpp"
#include "wfc/json.hpp"

namespace mailsend::diagnosis::compiler {
namespace {

using nlohmann::json;

constexpr std::int64_t least_delay_ms = 1000;
constexpr std::int64_t most_delay_ms = 86'400'000;
constexpr std::size_t most_steps = 5;

/// A text for people.
std::string text_of(wfc::Fields& fields, const char* member) {
    std::string text = fields.required_string(member);
    if (text.empty()) fields.refuse(member, "must not be empty");
    const std::string fault = fault_of_places(text);
    if (!fault.empty()) fields.refuse(member, fault);
    return text;
}

bool is_name(const std::string& text, std::string_view more) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
               more.find(c) != more.npos;
    });
}

std::string expression(wfc::Fields& fields, const char* member) {
    std::string pattern = fields.string(member).value_or("");
    const bool ascii =
        std::all_of(pattern.begin(), pattern.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!ascii) fields.refuse(member, "may hold ASCII only");
    return pattern;
}

std::uint32_t read_stages(wfc::Fields& fields) {
    std::uint32_t stages = 0;
    for (const std::string& word : strings(fields, "stage")) {
        const auto stage = stage_named(word);
        if (!stage) fields.refuse("stage", "has \"" + word + "\", which is no stage");
        stages |= std::uint32_t{1} << static_cast<int>(*stage);
    }
    return stages;
}

std::uint32_t read_provider(wfc::Fields& fields, const std::vector<ProviderSource>& providers) {
    const auto wanted = fields.string("provider");
    if (!wanted) return 0;
    for (std::size_t i = 0; i < providers.size(); ++i) {
        if (providers[i].id == *wanted) return std::uint32_t{1} << i;
    }
    fields.refuse("provider",
                  "is \"" + *wanted + "\", which catalogue.json does not have among its providers");
}

void read_details(wfc::Fields& fields, EntrySource& entry) {
    const json* found = fields.find("details");
    if (found == nullptr) return;
    wfc::Fields details(*found, fields.pointer_of("details"), WFC_INTERNAL);
    for (const auto& [name, value] : found->items()) {
        std::string pattern = expression(details, name.c_str());
        if (pattern.empty()) details.refuse(name, "must not be empty");
        entry.details.emplace_back(name, std::move(pattern));
    }
    if (entry.details.empty()) fields.refuse("details", "must not be empty");
}

void read_match(const json& object, const std::vector<ProviderSource>& providers, EntrySource& entry) {
    wfc::Fields fields(object, "/match", WFC_INTERNAL);
    entry.condition = fields.string("condition").value_or("");
    if (fields.find("condition") != nullptr && !is_name(entry.condition, ""))
        fields.refuse("condition", "must be a name in small letters");
    entry.stages = read_stages(fields);
    entry.providers = read_provider(fields, providers);
    for (const std::string& word : strings(fields, "code")) entry.codes.push_back(code_range(word));
    for (const std::string& word : strings(fields, "enhanced")) entry.statuses.push_back(status_range(word));
    entry.text = expression(fields, "text");
    if (fields.find("text") != nullptr && entry.text.empty()) fields.refuse("text", "must not be empty");
    read_details(fields, entry);
    fields.done();
}

void read_retry(const json& object, EntrySource& entry) {
    wfc::Fields fields(object, "/retry", WFC_INTERNAL);
    fields.require("advice");
    entry.advice = *advice_named(*fields.choice("advice", {"never", "after-fix", "backoff", "after"}));
    const bool waits = entry.advice == Advice::backoff || entry.advice == Advice::after;
    const json* delay = fields.find("delay_ms");
    if (waits != (delay != nullptr)) fields.refuse("delay_ms", waits ? "is missing" : "has no meaning here");
    if (delay != nullptr) {
        if (!delay->is_number_integer() || *delay < least_delay_ms || *delay > most_delay_ms)
            fields.refuse("delay_ms", "must be a number from 1000 to 86400000");
        entry.delay_ms = delay->get<std::uint32_t>();
    }
    fields.done();
}

WordingSource read_wording(const json& object, const char* language) {
    wfc::Fields fields(object, std::string("/") + language, WFC_INTERNAL);
    WordingSource out{text_of(fields, "title"), text_of(fields, "cause"), strings(fields, "steps")};
    if (out.steps.empty() || out.steps.size() > most_steps)
        fields.refuse("steps", "must be one to five texts");
    for (const std::string& step : out.steps) {
        const std::string fault = fault_of_places(step);
        if (!fault.empty()) fields.refuse("steps", "has a text that " + fault + ": \"" + step + "\"");
    }
    fields.done();
    return out;
}

}  // namespace

std::vector<std::string> strings(wfc::Fields& fields, const char* member) {
    std::vector<std::string> out;
    const json* list = fields.find(member);
    if (list == nullptr) return out;
    if (!list->is_array()) fields.refuse(member, "must be a list of strings");
    for (const json& one : *list) {
        if (!one.is_string() || one.get_ref<const std::string&>().empty())
            fields.refuse(member, "must be a list of strings, none of them empty");
        out.push_back(one.get<std::string>());
    }
    if (out.empty()) fields.refuse(member, "must not be empty");
    return out;
}

EntrySource read_entry(const json& object, const std::vector<ProviderSource>& providers) {
    wfc::Fields fields(object, "", WFC_INTERNAL);
    EntrySource out;
    out.id = fields.required_string("id");
    if (!is_name(out.id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        fields.refuse("id", "must be letters, digits, '_' and '.'");
    read_match(fields.require("match"), providers, out);
    fields.require("class");
    out.error_class = *class_named(*fields.choice("class", {"permanent", "transient", "unknown"}));
    read_retry(fields.require("retry"), out);
    out.penalty = fields.boolean("penalty").value_or(false);
    if (fields.find("penalty") != nullptr && !out.penalty)
        fields.refuse("penalty", "must be true or left out");
    fields.require("actor");
    out.actor = *actor_named(*fields.choice("actor", {"sender", "mailbox-admin", "tenant-admin", "developer",
                                                      "recipient", "provider", "nobody"}));
    out.link = fields.string("link").value_or("");
    if (fields.find("link") != nullptr && !out.link.starts_with("https://"))
        fields.refuse("link", "must begin with https://");
    if (fields.required_string("source").empty()) fields.refuse("source", "must not be empty");
    fields.require("verified");
    fields.choice("verified", {"official", "source-code", "community", "unverified", "component"});
    out.wordings = {read_wording(fields.require("en"), "en"), read_wording(fields.require("ja"), "ja")};
    if (out.wordings[0].steps.size() != out.wordings[1].steps.size())
        fields.refuse("ja", "has another number of steps than /en");
    fields.done();
    return out;
}

}  // namespace mailsend::diagnosis::compiler
