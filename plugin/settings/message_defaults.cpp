// `message` and `templates`: the rules of messages judge them; here are the limits of their names and number.
#include "message/draft.hpp"
#include "message/draft_parser.hpp"
#include "settings/sections.hpp"

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::size_t max_templates = 100;

void check_name_length(const Fields& fields, std::string_view member, std::string_view name,
                       const char* what) {
    if (character_count(name) <= max_template_name) return;
    fields.refuse(member,
                  std::string(what) + " longer than " + std::to_string(max_template_name) + " characters");
}

}  // namespace

json message_of(Fields& root) {
    const json* message = root.find("message");
    if (message == nullptr) return json::object();
    check_message_defaults(*message);
    Fields fields(*message, root.pointer_of("message"), WFC_INVALID_SETTINGS);
    if (const auto name = fields.string("template")) check_name_length(fields, "template", *name, "is");
    return *message;
}

json templates_of(Fields& root) {
    const json* templates = root.find("templates");
    if (templates == nullptr) return json::object();
    const Fields fields(*templates, root.pointer_of("templates"), WFC_INVALID_SETTINGS);
    if (templates->size() > max_templates) {
        fields.refuse({}, "holds more than " + std::to_string(max_templates) + " templates");
    }
    for (const auto& [name, members] : templates->items())
        check_name_length(fields, name, name, "has a name");
    check_templates(*templates);
    return *templates;
}

}  // namespace mailsend
