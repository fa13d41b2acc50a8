#include "oauth/remembered_facts.hpp"

#include <nlohmann/json.hpp>

namespace mailsend::oauth {

namespace {

constexpr std::size_t longest_text = 2000, most_details = 32, deepest_cause = 2, largest = 512u << 10;

std::string cut(const std::string& text) {
    return text.substr(0, longest_text);  // dump() replaces half a character
}

nlohmann::json json_of(const Facts& facts, std::size_t causes) {
    nlohmann::json details = nlohmann::json::object();
    for (const auto& [name, value] : facts.details) {
        if (details.size() < most_details) details[cut(name)] = cut(value);
    }
    nlohmann::json out = {{"stage", to_string(facts.stage)}, {"condition", cut(facts.condition)},
                          {"sentence", cut(facts.sentence)}, {"pointer", cut(facts.pointer)},
                          {"provider", cut(facts.provider)}, {"details", std::move(details)}};
    if (facts.cause != nullptr && causes > 0) out["cause"] = json_of(*facts.cause, causes - 1);
    return out;
}

Facts facts_in(const nlohmann::json& json, std::size_t causes) {
    Facts facts;
    facts.stage = stage_named(json.at("stage").get<std::string>()).value_or(Stage::token);
    facts.condition = json.at("condition").get<std::string>();
    facts.sentence = json.at("sentence").get<std::string>();
    facts.pointer = json.at("pointer").get<std::string>();
    facts.provider = json.at("provider").get<std::string>();
    facts.details = json.at("details").get<std::map<std::string, std::string>>();
    if (const auto cause = json.find("cause"); cause != json.end() && causes > 0)
        facts.cause = std::make_shared<const Facts>(facts_in(*cause, causes - 1));
    return facts;
}

}  // namespace

std::string remembered(const Facts& facts) {
    return json_of(facts, deepest_cause).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Facts> recalled(std::string_view json) {
    if (json.size() > largest) return std::nullopt;
    try {
        return facts_in(nlohmann::json::parse(json), deepest_cause);
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
}

}  // namespace mailsend::oauth
