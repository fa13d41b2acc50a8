// `message` and `templates`: judged by the rules of messages, and by what a template in them can become.
#include "message/draft.hpp"
#include "message/draft_parser.hpp"
#include "settings/sections.hpp"

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::size_t max_templates = 100;

/// A tag stands for text: no template becomes a list or an object. The rules of messages look at tags alone
/// where there are any.
void check_shapes(const json& members, const std::string& pointer) {
    Fields fields(members, pointer, WFC_INVALID_SETTINGS);
    for (const char* text : {"subject", "text", "html", "template", "priority", "date"}) fields.string(text);
    if (const json* headers = fields.find("headers"))
        const Fields object(*headers, fields.pointer_of("headers"), WFC_INVALID_SETTINGS);
    const json* attachments = fields.find("attachments");
    if (attachments == nullptr) return;
    if (!attachments->is_array())
        fields.refuse("attachments", "must be a list, not " + Fields::describe(*attachments));
    for (std::size_t i = 0; i < attachments->size(); ++i) {
        Fields attachment((*attachments)[i],
                          wfc::pointer_to(fields.pointer_of("attachments"), std::to_string(i)),
                          WFC_INVALID_SETTINGS);
        for (const char* text : {"path", "blob", "name", "type", "content_id"}) attachment.string(text);
        attachment.done();
    }
}

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
    const std::string pointer = root.pointer_of("message");
    check_shapes(*message, pointer);
    Fields fields(*message, pointer, WFC_INVALID_SETTINGS);
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
    for (const auto& [name, members] : templates->items()) check_shapes(members, fields.pointer_of(name));
    return *templates;
}

}  // namespace mailsend
