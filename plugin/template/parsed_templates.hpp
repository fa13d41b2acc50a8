/// The templates of documents that many messages are made from, parsed once.
///
/// Guarantees: once filled it is read only, and any number of threads may ask it. Borrows nothing but the
/// addresses of the strings: the documents must stay where they are, unchanged, as long as they are asked
/// for. A string that is no template is left out: whoever renders it says what is wrong.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <unordered_map>

#include "template/template.hpp"

namespace mailsend {

class ParsedTemplates {
  public:
    /// Takes every string in `document` that holds a tag.
    void add(const nlohmann::json& document);

    /// Of this very string, not of one that is equal; null where it was not added.
    const Template* of(const std::string& source) const noexcept;

  private:
    std::unordered_map<const std::string*, Template> templates_;
};

}  // namespace mailsend
