#include "flow/account_findings.hpp"

#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "host/printable.hpp"

namespace wfc::flow {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_warnings = 20, longest_warning = 2048;

std::string text_in(const Json& in, const char* member) {
    const auto found = in.find(member);
    return found != in.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json* object_in(const Json& in, const char* member) {
    const auto found = in.find(member);
    return found != in.end() && found->is_object() ? &*found : nullptr;
}

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
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

}  // namespace

std::optional<Findings> findings_of(std::string_view document) {
    const Json parsed = Json::parse(document, nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    const std::string outcome = text_in(parsed, "outcome");
    if (outcome == "cancelled") return std::nullopt;
    Findings out;
    const auto add = [&](const std::string& warning) {
        if (out.warnings.size() < most_warnings)
            out.warnings.push_back(printable(warning, false, longest_warning));
    };
    if (const Json* account = object_in(parsed, "account")) {
        out.account = text_of(*account);
        const auto warnings = account->find("warnings");
        if (warnings != account->end() && warnings->is_array()) {
            for (const Json& warning : *warnings) {
                if (warning.is_string()) add(warning.get<std::string>());
            }
        }
    }
    if (outcome == "succeeded" || outcome == "accepted") return out;
    const Json* error = object_in(parsed, "error");
    if (error != nullptr) out.error = text_of(*error);
    const std::string sentence = error != nullptr ? sentence_of(*error) : std::string();
    add(sentence.empty() ? "how the account is could not be found out" : sentence);
    return out;
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
    if (!findings.account.empty()) out["account"] = Json::parse(findings.account);
    if (!findings.error.empty()) out["error"] = Json::parse(findings.error);
    return text_of(out);
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
