#include "diagnosis/catalogue.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "diagnosis/resident.hpp"
#include "wfc/embedded.hpp"

WFC_EMBEDDED(errors_json, mailsend_errors_json)

namespace mailsend::diagnosis {
namespace {

using Json = nlohmann::json;

template <class Value>
Value required(std::optional<Value> value, const std::string& word) {
    if (!value) throw std::runtime_error("'" + word + "' is not in the closed set");
    return *value;
}

std::vector<std::string> strings(const Json& object, const char* name) {
    return object.contains(name) ? object.at(name).get<std::vector<std::string>>()
                                 : std::vector<std::string>{};
}

std::uint32_t provider_bit(const std::vector<Fingerprint>& fingerprints, const std::string& id) {
    for (std::size_t i = 0; i < fingerprints.size(); ++i) {
        if (fingerprints[i].id == id) return 1u << i;
    }
    throw std::runtime_error("'" + id + "' is not among the providers");
}

std::vector<Fingerprint> read_fingerprints(const Json& list) {
    std::vector<Fingerprint> out;
    for (const Json& one : list) {
        Fingerprint fingerprint{one.at("id"), strings(one, "presets"), std::nullopt};
        if (one.contains("text")) fingerprint.text.emplace(one.at("text").get<std::string>());
        out.push_back(std::move(fingerprint));
    }
    if (out.size() > 32) throw std::runtime_error("more than 32 providers");
    return out;
}

Matcher read_matcher(const Json& json, const std::vector<Fingerprint>& fingerprints) {
    Matcher out;
    out.condition = json.value("condition", "");
    for (const std::string& word : strings(json, "stage")) {
        out.stages.push_back(required(stage_named(word), word));
    }
    if (json.contains("provider")) out.providers = provider_bit(fingerprints, json.at("provider"));
    for (const std::string& word : strings(json, "code")) out.codes.push_back(CodePattern::parse(word));
    for (const std::string& word : strings(json, "enhanced"))
        out.statuses.push_back(StatusPattern::parse(word));
    if (json.contains("text")) out.text.emplace(json.at("text").get<std::string>());
    if (json.contains("details")) {
        for (const auto& [name, pattern] : json.at("details").items()) {
            out.details.emplace_back(name, Expression(pattern.get<std::string>()));
        }
    }
    return out;
}

Wording read_wording(const Json& json) {
    return {json.at("title"), json.at("cause"), strings(json, "steps")};
}

Entry read_entry(const Json& json, const std::vector<Fingerprint>& fingerprints) {
    Entry out;
    out.id = json.at("id");
    out.match = read_matcher(json.at("match"), fingerprints);
    out.error_class = required(class_named(json.at("class").get<std::string>()), json.at("class"));
    const Json& retry = json.at("retry");
    out.advice = required(advice_named(retry.at("advice").get<std::string>()), retry.at("advice"));
    if (retry.contains("delay_ms")) {
        out.delay = std::chrono::milliseconds(retry.at("delay_ms").get<std::int64_t>());
    }
    out.actor = required(actor_named(json.at("actor").get<std::string>()), json.at("actor"));
    out.link = json.value("link", "");
    out.wordings = {read_wording(json.at("en")), read_wording(json.at("ja"))};
    return out;
}

Words read_words(const Json& json) {
    Words out;
    for (const auto& [name, word] : json.items()) out.emplace(name, word.get<std::string>());
    return out;
}

}  // namespace

Catalogue Catalogue::parse(std::string_view json) {
    std::string reading = "the catalogue of errors";
    try {
        const Json document = Json::parse(json);
        if (document.at("format") != 1) throw std::runtime_error("its format is not 1");
        Catalogue out;
        out.fingerprints = read_fingerprints(document.at("providers"));
        out.words = {read_words(document.at("words").at("en")), read_words(document.at("words").at("ja"))};
        for (const Json& entry : document.at("entries")) {
            reading = "the error '" + entry.value("id", "?") + "'";
            out.entries.push_back(read_entry(entry, out.fingerprints));
        }
        if (out.entries.empty()) throw std::runtime_error("it has no entries");
        return out;
    } catch (const std::exception& problem) {
        throw std::runtime_error(reading + " cannot be used: " + problem.what());
    }
}

const Catalogue& Catalogue::embedded() {
    // Belongs to this library: unloading the library destroys it.
    static const Catalogue catalogue = [] {
        keep_re2_mapped();
        return parse(errors_json());
    }();
    return catalogue;
}

}  // namespace mailsend::diagnosis
