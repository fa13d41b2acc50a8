#include "diagnosis/pasted_document.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "outcome/challenge.hpp"
#include "outcome/document.hpp"

namespace mailsend::diagnosis {
namespace {

using nlohmann::json;

constexpr int most_causes = 2;
constexpr std::size_t most_lines = 100;
constexpr std::size_t longest_value = 2048;

const json* member(const json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

std::string text_of(const json& object, const char* name) {
    const json* found = member(object, name);
    return found != nullptr && found->is_string()
               ? printable(found->get_ref<const std::string&>(), longest_value)
               : std::string();
}

std::string number_of(const json& object, const char* name) {
    const json* found = member(object, name);
    return found != nullptr && found->is_number_unsigned() ? found->dump() : std::string();
}

void put(Facts& facts, const char* name, std::string value) {
    if (!value.empty()) facts.details[name] = std::move(value);
}

std::optional<Reply> reply_of(const json& error) {
    const json* smtp = member(error, "smtp");
    const json* code = smtp == nullptr ? nullptr : member(*smtp, "code");
    if (code == nullptr || !code->is_number_integer()) return std::nullopt;
    const auto number = code->get<std::int64_t>();
    if (number < 200 || number > 599) return std::nullopt;
    Reply out{static_cast<int>(number), {}};
    if (const json* lines = member(*smtp, "lines"); lines != nullptr && lines->is_array()) {
        for (const json& line : *lines) {
            if (line.is_string() && out.lines.size() < most_lines)
                out.lines.push_back(line.get<std::string>());
        }
    }
    if (out.lines.empty())
        out.lines.push_back(std::to_string(number) + " " + text_of(*smtp, "enhanced") + " " +
                            text_of(*smtp, "text"));
    return out;
}

/// The condition is not in the document; most ids are that of their condition.
std::string condition_of(const json& error, Facts& facts) {
    std::string id = text_of(error, "id");
    constexpr std::string_view of_token = "_token";
    if (id.starts_with("auth.") && id.ends_with(of_token)) {
        facts.details["proof"] = "access_token";
        id.resize(id.size() - of_token.size());
    }
    return id;
}

void add_oauth(const json& error, Facts& facts) {
    const json* oauth = member(error, "oauth");
    if (oauth == nullptr || !oauth->is_object()) return;
    put(facts, "oauth_error", text_of(*oauth, "error"));
    put(facts, "oauth_description", text_of(*oauth, "description"));
    put(facts, "oauth_uri", text_of(*oauth, "uri"));
    put(facts, "trace_id", text_of(*oauth, "trace_id"));
    put(facts, "correlation_id", text_of(*oauth, "correlation_id"));
    put(facts, "oauth_timestamp", text_of(*oauth, "timestamp"));
    put(facts, "http_status", number_of(*oauth, "http_status"));
    put(facts, "endpoint", text_of(*oauth, "endpoint"));
    if (const json* codes = member(*oauth, "codes");
        codes != nullptr && codes->is_array() && !codes->empty() && codes->front().is_number_unsigned()) {
        facts.details["aadsts"] = codes->front().dump();
    }
    const std::string id = text_of(error, "id");
    if (id.starts_with("google.")) facts.provider = "gmail";
    if (id.starts_with("microsoft.")) facts.provider = "microsoft365";
    const bool later = text_of(error, "class") == "transient";
    facts.condition = later ? "token.unavailable" : "token.refused";
}

void add_api(const json& error, Facts& facts) {
    const json* api = member(error, "api");
    if (api == nullptr || !api->is_object()) return;
    facts.condition = "api.refused";
    put(facts, "api", text_of(*api, "api"));
    put(facts, "http_status", number_of(*api, "http_status"));
    put(facts, "api_message", text_of(*api, "message"));
    std::string codes;
    if (const json* list = member(*api, "codes"); list != nullptr && list->is_array()) {
        for (const json& code : *list) {
            if (code.is_string() && codes.size() < longest_value)
                codes += (codes.empty() ? "" : " ") + code.get<std::string>();
        }
    }
    put(facts, "api_code", std::move(codes));
}

std::optional<Facts> error_facts(const json& error, int causes) {
    const auto stage = stage_named(text_of(error, "stage"));
    if (!stage || text_of(error, "id").empty()) return std::nullopt;
    Facts facts;
    facts.stage = *stage;
    facts.reply = reply_of(error);
    facts.pointer = text_of(error, "pointer");
    put(facts, "pointer", facts.pointer);
    facts.provider = text_of(error, "provider");
    facts.sentence = text_of(error, "message");
    if (facts.sentence.starts_with(message_prefix)) facts.sentence.erase(0, message_prefix.size());
    if (!facts.reply) {
        facts.condition = condition_of(error, facts);
        add_oauth(error, facts);
        add_api(error, facts);
    } else if (const json* challenge = member(error.at("smtp"), "challenge")) {
        add_challenge(facts, challenge->is_string() ? challenge->get<std::string>() : challenge->dump());
    }
    if (const json* cause = member(error, "cause"); cause != nullptr && causes > 0) {
        if (auto led = error_facts(*cause, causes - 1))
            facts.cause = std::make_shared<const Facts>(std::move(*led));
    }
    return facts;
}

}  // namespace

std::optional<Facts> own_document(const json& object) {
    if (auto facts = error_facts(object, most_causes)) return facts;
    for (const char* name : {"error", "explained"}) {
        const json* error = member(object, name);
        if (error == nullptr) continue;
        if (auto facts = error_facts(*error, most_causes)) return facts;
    }
    const json* rejected = member(object, "rejected");
    if (rejected == nullptr || !rejected->is_array() || rejected->empty()) return std::nullopt;
    const json* error = member(rejected->front(), "error");
    return error == nullptr ? std::nullopt : error_facts(*error, most_causes);
}

void add_challenge(Facts& facts, const std::string& challenge) {
    facts.challenge = kept_challenge(challenge, [](std::span<std::string>) {});
    facts.details["proof"] = "access_token";
    put(facts, "challenge", printable(facts.challenge, longest_value));
    put(facts, "challenge_status", challenge_status(facts.challenge));
    facts.details.emplace("mechanism",
                          facts.challenge.find("schemes") != std::string::npos ? "xoauth2" : "oauthbearer");
}

Facts challenge_facts(const std::string& challenge) {
    Facts facts;
    facts.stage = Stage::auth;
    facts.condition = "auth.refused_in_challenge";
    facts.sentence = "the server refused the access token";
    add_challenge(facts, challenge);
    if (!facts.challenge.empty()) facts.sentence += ": " + printable(facts.challenge, longest_value);
    return facts;
}

}  // namespace mailsend::diagnosis
