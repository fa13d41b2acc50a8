#include "template/parsed_templates.hpp"

#include <nlohmann/json.hpp>

namespace mailsend {

void ParsedTemplates::add(const nlohmann::json& document) {
    if (document.is_structured()) {
        for (const nlohmann::json& inner : document) add(inner);
        return;
    }
    if (!document.is_string()) return;
    const auto& source = document.get_ref<const std::string&>();
    if (source.find("{{") == std::string::npos) return;
    try {
        templates_.emplace(&source, Template(source));
    } catch (const TemplateFault&) {  // said of the message that would use it
    }
}

const Template* ParsedTemplates::of(const std::string& source) const noexcept {
    const auto found = templates_.find(&source);
    return found == templates_.end() ? nullptr : &found->second;
}

}  // namespace mailsend
