#include "operations/batch_input.hpp"

#include "message/batch_draft.hpp"
#include "message/draft_parser.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

constexpr const char* recipients = "/recipients";

std::string name_of(wfc::Fields& fields, const char* member, const std::string& pointer, std::size_t limit) {
    const nlohmann::json* const found = fields.find(member);
    if (found == nullptr) return {};
    const Place place = Place{WFC_INVALID_INPUT, pointer}.at(member);
    std::string name = line_of(*found, place, limit);
    if (name.empty()) place.refuse("is empty");
    return name;
}

void read_recipients(const nlohmann::json& value, BatchInput& out) {
    wfc::Fields fields(value, recipients, WFC_INVALID_INPUT);
    allow_only(fields, {"blob", "path"});
    out.blob = name_of(fields, "blob", recipients, max_blob_name);
    out.path = name_of(fields, "path", recipients, max_path);
    if (out.blob.empty() == out.path.empty())
        fields.refuse({}, "needs either \"blob\" or \"path\": the JSON Lines of the recipients");
}

}  // namespace

BatchInput parse_batch_input(std::string_view input_json) {
    const nlohmann::json json =
        wfc::parse_json(input_json, WFC_INVALID_INPUT, "input", {.bytes = max_input_bytes, .depth = 32});
    wfc::Fields fields(json, {}, WFC_INVALID_INPUT);
    allow_only(fields,
               {"format", "recipients", "message", "payload", "results", "idempotency_key", "on_unknown"});
    fields.format();
    BatchInput out;
    read_recipients(fields.require("recipients"), out);
    if (const nlohmann::json* message = fields.find("message")) {
        check_batch_message(*message);
        out.message = *message;
    }
    if (const nlohmann::json* payload = fields.find("payload")) out.payload = *payload;
    if (fields.find("results") != nullptr) out.results = name_of(fields, "results", {}, max_blob_name);
    if (fields.find("idempotency_key") != nullptr)
        out.idempotency_key = name_of(fields, "idempotency_key", {}, max_idempotency_key);
    if (const auto word = fields.choice("on_unknown", {"report", "resend"}))
        out.on_unknown = *word == "resend" ? OnUnknown::resend : OnUnknown::report;
    return out;
}

wfc::Source open_recipients(const BatchInput& input, const wfc::Call& call, const wfc::Host& host) {
    const Place place{WFC_INVALID_INPUT, recipients};
    if (!input.blob.empty()) {
        try {
            return call.open_blob(input.blob);
        } catch (const wfc::StreamFailed&) {
            place.at("blob").refuse("names a blob the host does not have: \"" + input.blob + "\"");
        }
    }
    try {
        return host.files().open(input.path);
    } catch (const wfc::ServiceFailed& failed) {
        if (failed.status() == WFC_DENIED)
            place.at("path").refuse("may not be opened: \"" + input.path +
                                    "\" is outside the folders the host opens, or not a regular file");
        place.at("path").refuse(
            (failed.status() == WFC_NOT_FOUND ? "was not found: \"" : "could not be opened: \"") +
            input.path + "\"");
    }
}

}  // namespace mailsend
