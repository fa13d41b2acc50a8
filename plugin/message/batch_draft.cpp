#include "message/batch_draft.hpp"

#include "message/draft_layers.hpp"
#include "message/draft_parser.hpp"
#include "wfc/json.hpp"

namespace mailsend {

void check_batch_message(const nlohmann::json& message) {
    const Place place{WFC_INVALID_INPUT, "/message"};
    wfc::Fields fields(message, place.pointer, place.status);
    allow_only(fields, {"from", "sender", "to", "cc", "bcc", "reply_to", "subject", "text", "html",
                        "template", "priority", "date", "attachments", "headers"});
    if (const nlohmann::json* name = fields.find("template")) {
        const Place at = place.at("template");
        check_template_name(holds_tags(*name) ? stand_in(*name, "template", at) : *name, at);
    }
    check_members(message, place);
}

Draft parse_row(const nlohmann::json& row, const RowSources& sources) {
    wfc::Fields fields(row, {}, WFC_INVALID_INPUT);
    allow_only(fields,
               {"from", "sender", "to", "cc", "bcc", "reply_to", "subject", "text", "html", "template",
                "priority", "date", "attachments", "headers", "payload", "idempotency_key"});
    Layers layers(row, false, sources.defaults, sources.templates, {&sources.message, sources.parsed});
    return draft_of(fields, layers, sources.account_from);
}

}  // namespace mailsend
