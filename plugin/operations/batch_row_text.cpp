#include "operations/batch_row_text.hpp"

#include <nlohmann/json.hpp>

#include "outcome/document.hpp"
#include "outcome/utc_time.hpp"

namespace mailsend {
namespace {

using Json = nlohmann::ordered_json;
using wfc::Component;

/// `{"row":3,"outcome":"accepted"` and the key.
std::string begun(std::uint64_t number, RowFate fate, std::string_view own_key) {
    std::string out = "{\"row\":" + std::to_string(number) + ",\"outcome\":\"";
    out.append(to_string(fate == RowFate::already_sent ? RowFate::accepted : fate)).append("\"");
    if (fate == RowFate::already_sent) out += ",\"duplicate\":true";
    if (!own_key.empty()) out += ",\"idempotency_key\":" + Component::quoted(own_key);
    return out;
}

void add_list(std::string& out, const char* name, const std::vector<std::string>& addresses) {
    if (addresses.empty()) return;
    out.append(",\"").append(name).append("\":[");
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (i > 0) out += ',';
        out += Component::quoted(addresses[i]);
    }
    out += ']';
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json without_explanation(const Error& error) {
    Json out = to_json(error);
    for (Json* at = &out; at != nullptr;) {
        at->erase("explanation");
        const auto cause = at->find("cause");
        at = cause == at->end() ? nullptr : &*cause;
    }
    return out;
}

}  // namespace

std::string row_text(std::uint64_t number, RowFate fate, const SendResult& result, std::string_view own_key) {
    std::string out = begun(number, fate, own_key);
    if (result.duplicate && result.first_at_unix_ms > 0)
        out += ",\"first_at\":" + Component::quoted(utc_text(result.first_at_unix_ms / 1000));
    if (!result.message_id.empty()) out += ",\"message_id\":" + Component::quoted(result.message_id);
    add_list(out, "accepted", result.accepted);
    if (!result.rejected.empty()) {
        Json rejected = Json::array();
        for (const RejectedRecipient& refused : result.rejected)
            rejected.push_back(
                {{"recipient", refused.recipient}, {"error", without_explanation(refused.error)}});
        out += ",\"rejected\":" + dumped(rejected);
    }
    add_list(out, "not_attempted", result.not_attempted);
    add_list(out, "unknown", result.unknown);
    if (result.reply)
        out += ",\"reply\":{\"code\":" + std::to_string(result.reply->code) +
               ",\"text\":" + Component::quoted(printable(result.reply->text(), 512)) + "}";
    if (result.error) out += ",\"error\":" + dumped(without_explanation(*result.error));
    return out + "}";
}

std::string row_text(std::uint64_t number, RowFate fate, const Error& error, std::string_view own_key) {
    return begun(number, fate, own_key) + ",\"error\":" + dumped(without_explanation(error)) + "}";
}

}  // namespace mailsend
