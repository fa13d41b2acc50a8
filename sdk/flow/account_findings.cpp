#include "flow/account_findings.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "host/printable.hpp"

namespace wfc::flow {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_warnings = 20, longest_warning = 2048, most_told = 100, most_causes = 16;
constexpr std::size_t largest_object = std::size_t{64} << 10;

std::string text_in(const Json& in, const char* member) {
    const auto found = in.find(member);
    return found != in.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json* object_in(const Json& in, const char* member) {
    const auto found = in.find(member);
    return found != in.end() && found->is_object() ? &*found : nullptr;
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string bounded(const Json& json) {
    std::string out = dumped(json);
    return out.size() <= largest_object ? out : std::string();
}

/// "the server refused it. Sign-in is over: the password was changed"
std::string sentence_of(const Json& error) {
    std::string out = text_in(error, "message");
    const Json* explanation = object_in(error, "explanation");
    if (explanation == nullptr) return out;
    const std::string title = text_in(*explanation, "title"), cause = text_in(*explanation, "cause");
    const std::string more = title.empty() || cause.empty() ? title + cause : title + ": " + cause;
    return out.empty() || more.empty() ? out + more : out + " (" + more + ")";
}

std::vector<std::string> strings_in(const Json& in, const char* member, std::size_t most) {
    std::vector<std::string> out;
    const auto found = in.find(member);
    if (found == in.end() || !found->is_array()) return out;
    for (const Json& each : *found) {
        if (each.is_string() && out.size() < most)
            out.push_back(printable(each.get<std::string>(), false, longest_warning));
    }
    return out;
}

/// An error and what it came of.
struct Chain {
    std::string ids;
    std::vector<std::string> titles;  ///< of the explanations
};

Chain chain_of(const Json& error) {
    Chain out;
    const Json* next = &error;
    for (std::size_t depth = 0; next != nullptr && depth < most_causes; ++depth) {
        if (const std::string id = text_in(*next, "id"); !id.empty())
            out.ids += (out.ids.empty() ? "" : " < ") + id;
        const Json* explanation = object_in(*next, "explanation");
        std::string title = explanation != nullptr ? text_in(*explanation, "title") : std::string();
        if (!title.empty()) out.titles.push_back(printable(title, false, longest_warning));
        next = object_in(*next, "cause");
    }
    return out;
}

/// Notes the error; false where it has no id to be known by.
bool note_error(const Json& error, const Chain& chain, Findings& out) {
    out.error = bounded(error);
    out.passing = text_in(error, "class") == "transient";
    if (chain.ids.empty()) return false;
    out.marks.push_back(fingerprint({"error", chain.ids}));
    return true;
}

/// Whether the warning is the error, said to people.
bool says(const std::string& warning, const Chain& chain) {
    return std::any_of(chain.titles.begin(), chain.titles.end(), [&](const std::string& title) {
        return warning.compare(0, title.size(), title) == 0;
    });
}

}  // namespace

std::optional<Findings> findings_of(std::string_view document) {
    const Json parsed = Json::parse(document, nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    const std::string outcome = text_in(parsed, "outcome");
    if (outcome == "cancelled") return std::nullopt;
    Findings out;
    if (const Json* account = object_in(parsed, "account")) {
        out.account = bounded(*account);
        out.warnings = strings_in(*account, "warnings", most_warnings);
        const Json* error = object_in(*account, "error");
        const Chain chain = error != nullptr ? chain_of(*error) : Chain{};
        const bool known = error != nullptr && note_error(*error, chain, out);
        for (const std::string& warning : out.warnings) {
            if (!known || !says(warning, chain)) out.marks.push_back(mark_of(warning));
        }
    }
    if (outcome == "succeeded" || outcome == "accepted") return out;
    const Json* error = object_in(parsed, "error");
    std::string sentence = error != nullptr ? sentence_of(*error) : std::string();
    if (sentence.empty()) sentence = "how the account is could not be found out";
    sentence = printable(sentence, false, longest_warning);
    if (error == nullptr || !note_error(*error, chain_of(*error), out))
        out.marks.push_back(mark_of(sentence));
    if (out.warnings.size() < most_warnings) out.warnings.push_back(std::move(sentence));
    return out;
}

std::string text_of(const Findings& findings) {
    return dumped({{"warnings", findings.warnings},
                   {"account", findings.account},
                   {"error", findings.error},
                   {"marks", findings.marks}});
}

Findings kept_findings(const std::string& text) {
    const Json in = Json::parse(text);
    Findings out;
    in.at("warnings").get_to(out.warnings);
    in.at("account").get_to(out.account);
    in.at("error").get_to(out.error);
    in.at("marks").get_to(out.marks);
    return out;
}

std::vector<std::string> warnings_in(std::string_view document) {
    const Json parsed = Json::parse(document, nullptr, false);
    return parsed.is_object() ? strings_in(parsed, "warnings", most_told) : std::vector<std::string>();
}

std::string mark_of(const std::string& sentence) {
    return fingerprint({sentence});
}

bool told_somebody(const std::string& outcome) {
    return outcome == "accepted" || outcome == "succeeded" || outcome == "partial" || outcome == "unknown";
}

StepEnd end_of(std::string_view document) {
    const Json parsed = Json::parse(document, nullptr, false);
    StepEnd out{"failed", {}};
    if (!parsed.is_object()) return out;
    if (std::string said = text_in(parsed, "outcome"); !said.empty()) out.outcome = std::move(said);
    if (const Json* error = object_in(parsed, "error")) out.message = text_in(*error, "message");
    return out;
}

std::string warning_payload(const Flow& flow, const Step& account, const Findings& findings) {
    Json out = {{"format", 1},
                {"outcome", "warning"},
                {"flow", flow.id},
                {"component", account.component},
                {"settings", account.settings.string()},
                {"warnings", findings.warnings}};
    const auto add = [&out](const char* member, const std::string& text) {
        Json object = Json::parse(text, nullptr, false);
        if (object.is_object()) out[member] = std::move(object);
    };
    add("account", findings.account);
    add("error", findings.error);
    return dumped(out);
}

std::string fingerprint(const std::vector<std::string>& texts) {
    if (texts.empty()) return {};
    std::uint64_t hash = 14'695'981'039'346'656'037U;  // FNV-1a
    for (const std::string& text : texts) {
        // Each with the NUL at its end, so that the same letters in other texts are another number.
        for (std::size_t i = 0; i <= text.size(); ++i)
            hash = (hash ^ static_cast<unsigned char>(text.c_str()[i])) * 1'099'511'628'211U;
    }
    char out[17];
    std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(hash));
    return out;
}

}  // namespace wfc::flow
