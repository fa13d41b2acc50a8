/// The texts of an installed component, in a person's language.
///
/// Guarantees: what cannot be read counts as missing; control characters are escaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manifest/manifest.hpp"
#include "manifest/texts.hpp"

namespace wfc::tool {

/// `wanted`, else the language of the environment, as "en" or "ja".
std::string language_of(const std::string& wanted);

/// Immutable; any thread.
class ComponentTexts {
  public:
    /// In `language`; where it lacks a text, in English. Throws Refused for a file that leads out of the
    /// component's directory.
    ComponentTexts(const Manifest& manifest, const std::string& language);
    /// These alone.
    explicit ComponentTexts(Texts texts);

    /// The text, or empty.
    std::string operator()(const std::string& key) const;
    /// All texts whose key begins so.
    std::vector<std::string> below(std::string_view prefix) const;
    /// Title and help in one line.
    std::string both(const std::string& key) const;

  private:
    std::vector<Texts> catalogues_;
};

}  // namespace wfc::tool
