#include "panel/words.hpp"

#include "wfc/embedded.hpp"

WFC_EMBEDDED(own_words_en, wfc_panel_words_en)
WFC_EMBEDDED(own_words_ja, wfc_panel_words_ja)

namespace wfc::panel {

namespace {

Texts texts_of(const Manifest& manifest, const std::string& language) {
    const auto found = manifest.texts.find(language);
    if (found == manifest.texts.end()) return {};
    return read_texts(manifest.read(found->second), found->second);
}

}  // namespace

Words::Words(const Manifest& manifest, std::string_view language)
    : english_(texts_of(manifest, "en")), own_(texts_of(manifest, std::string(language))) {}

bool Words::has(const std::string& key) const {
    return english_.count(key) != 0;
}

std::string Words::text(const std::string& key, const std::string& otherwise) const {
    if (!has(key)) return otherwise;
    const auto own = own_.find(key);
    return own != own_.end() ? own->second : english_.at(key);
}

std::vector<std::string> Words::below(std::string_view prefix) const {
    std::vector<std::string> out;
    for (auto at = english_.lower_bound(std::string(prefix)); at != english_.end(); ++at) {
        if (at->first.compare(0, prefix.size(), prefix) != 0) break;
        out.push_back(at->first.substr(prefix.size()));
    }
    return out;
}

Texts own_words(std::string_view language) {
    return language == "ja" ? read_texts(own_words_ja(), "ja.json") : read_texts(own_words_en(), "en.json");
}

}  // namespace wfc::panel
