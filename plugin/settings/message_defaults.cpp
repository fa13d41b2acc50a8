// `message` and `templates`: the rules of messages judge them; here is the limit of their number.
#include "message/draft.hpp"
#include "settings/sections.hpp"

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::size_t max_templates = 100;

}  // namespace

json message_of(Fields& root) {
    const json* message = root.find("message");
    if (message == nullptr) return json::object();
    check_message_defaults(*message);
    return *message;
}

json templates_of(Fields& root) {
    const json* templates = root.find("templates");
    if (templates == nullptr) return json::object();
    const Fields fields(*templates, root.pointer_of("templates"), WFC_INVALID_SETTINGS);
    if (templates->size() > max_templates) {
        fields.refuse({}, "holds more than " + std::to_string(max_templates) + " templates");
    }
    check_templates(*templates);
    return *templates;
}

}  // namespace mailsend
