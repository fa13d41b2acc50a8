// The operation `preview`: the composed message as a blob, nothing sent.
#include <nlohmann/json.hpp>

#include "operations/sending.hpp"

namespace mailsend {
namespace {

nlohmann::ordered_json envelope_json(const Envelope& envelope) {
    nlohmann::ordered_json recipients = nlohmann::ordered_json::array();
    for (const AddrSpec& path : envelope.forward_paths) recipients.push_back(path.wire());
    return {{"from", envelope.reverse_path.wire()}, {"to", recipients}};
}

nlohmann::ordered_json part_json(const PartFacts& part) {
    nlohmann::ordered_json out{{"type", part.type}, {"depth", part.depth}};
    const auto put = [&](const char* name, const std::string& value) {
        if (!value.empty()) out[name] = value;
    };
    put("disposition", part.disposition);
    put("name", part.name);
    put("content_id", part.content_id);
    put("transfer_encoding", part.transfer_encoding);
    if (part.size) out["size"] = *part.size;
    return out;
}

/// Copies the message into the host's blob; the number of octets.
std::uint64_t emit(Message& message, Invocation& invocation) {
    const wfc_sink sink = invocation.call.emit_blob("message.eml", "message/rfc822");
    std::string chunk(32 * 1024, '\0');
    std::uint64_t octets = 0;
    while (const std::size_t count = message.read(chunk.data(), chunk.size())) {
        invocation.patience.check();
        wfc::write(sink, std::string_view(chunk).substr(0, count));
        octets += count;
    }
    return octets;
}

}  // namespace

wfc_status preview(Invocation& invocation) {
    const Composed composed = compose_input(invocation);
    Message& message = *composed.message;
    nlohmann::ordered_json headers = nlohmann::ordered_json::array();
    for (const auto& [name, value] : message.headers()) headers.push_back({{"name", name}, {"value", value}});
    nlohmann::ordered_json parts = nlohmann::ordered_json::array();
    for (const PartFacts& part : message.parts()) parts.push_back(part_json(part));
    const std::uint64_t octets = emit(message, invocation);
    const nlohmann::ordered_json document{{"format", 1},
                                          {"outcome", "succeeded"},
                                          {"message_id", composed.message_id},
                                          {"preview",
                                           {{"envelope", envelope_json(message.envelope())},
                                            {"headers", headers},
                                            {"parts", parts},
                                            {"size", octets}}}};
    hand_over(invocation, document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return WFC_OK;
}

}  // namespace mailsend
