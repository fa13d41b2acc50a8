#include "tool/component_texts.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "host/printable.hpp"

namespace wfc::tool {

namespace {

/// A text that is none is left out; the others are shown.
Texts lenient(const std::string& document) {
    const nlohmann::json parsed = nlohmann::json::parse(document, nullptr, false);
    Texts out;
    if (!parsed.is_object()) return out;
    for (const auto& [key, text] : parsed.items()) {
        if (text.is_string()) out.emplace(key, text.get<std::string>());
    }
    return out;
}

}  // namespace

std::string language_of(const std::string& wanted) {
    if (!wanted.empty()) return wanted;
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0')
            return std::string(value).substr(0, std::string_view(value).find_first_of("_.@-"));
    }
    return "en";
}

ComponentTexts::ComponentTexts(const Manifest& manifest, const std::string& language) {
    for (const std::string& name : {language, std::string("en")}) {
        const auto found = manifest.texts.find(name);
        if (found != manifest.texts.end()) catalogues_.push_back(lenient(manifest.read(found->second)));
    }
}

ComponentTexts::ComponentTexts(Texts texts) {
    catalogues_.push_back(std::move(texts));
}

std::string ComponentTexts::operator()(const std::string& key) const {
    for (const Texts& catalogue : catalogues_) {
        const auto found = catalogue.find(key);
        if (found != catalogue.end()) return printable(found->second);
    }
    return {};
}

std::vector<std::string> ComponentTexts::below(std::string_view prefix) const {
    std::vector<std::string> out;
    for (const Texts& catalogue : catalogues_) {
        for (auto at = catalogue.lower_bound(std::string(prefix)); at != catalogue.end(); ++at) {
            if (at->first.compare(0, prefix.size(), prefix) != 0) break;
            // As `operator()` has it: what the first language lacks is English.
            if (&catalogue == &catalogues_.front() || catalogues_.front().count(at->first) == 0)
                out.push_back(printable(at->second));
        }
    }
    return out;
}

std::string ComponentTexts::both(const std::string& key) const {
    const std::string title = (*this)(key), help = (*this)(key + ".help");
    return title.empty() || help.empty() ? title + help : title + ": " + help;
}

}  // namespace wfc::tool
