/// What a panel says: the texts of a component, and the generator's own words, which are the same for every
/// component.
#pragma once

#include <string>
#include <string_view>

#include "manifest/manifest.hpp"
#include "manifest/texts.hpp"

namespace wfc::panel {

/// A component's texts in one language. Immutable; any thread.
class Words {
  public:
    /// What `language` lacks is English. Throws Refused for a catalogue that cannot be read.
    Words(const Manifest& manifest, std::string_view language);

    /// True where the English texts have it: every language has the same.
    bool has(const std::string& key) const;
    /// The text, or `otherwise`.
    std::string text(const std::string& key, const std::string& otherwise = {}) const;
    /// The English keys that begin so, without the beginning.
    std::vector<std::string> below(std::string_view prefix) const;

  private:
    Texts english_, own_;
};

/// The generator's own words in `language` (English where it has none in it), by the key of the catalogue
/// under which they stand ("panel.action.running").
Texts own_words(std::string_view language);

}  // namespace wfc::panel
