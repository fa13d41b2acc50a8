/// The result document of `send` by way of a tree: slow and obvious, to hold the writer against.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "outcome/document.hpp"
#include "outcome/utc_time.hpp"

namespace mailsend::reference {

using Json = nlohmann::ordered_json;

constexpr std::size_t message_limit = 4096;

/// Nothing that came from outside may make a document that is no JSON.
inline std::string dumped(const Json& document) {
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

inline Json reply_object(const Reply& reply) {
    Json out = {{"code", reply.code}};
    if (const auto status = reply.enhanced()) out["enhanced"] = status->to_string();
    out["text"] = printable(reply.text(), message_limit);
    return out;
}

inline Json attempt_object(const Attempt& attempt) {
    Json out = {{"address", attempt.address},
                {"reused", attempt.reused},
                {"recipients", attempt.recipients},
                {"wait_ms", attempt.wait_ms},
                {"bytes", {{"sent", attempt.bytes_sent}, {"received", attempt.bytes_received}}}};
    Json timing = Json::object();
    for (const auto& [stage, milliseconds] : attempt.timing_ms) timing[stage] = milliseconds;
    out["timing_ms"] = std::move(timing);
    if (attempt.error) out["error"] = to_json(*attempt.error);
    return out;
}

inline Json server_object(const ServerFacts& server) {
    Json out = {{"host", server.host}};
    if (!server.tls.empty()) out["tls"] = server.tls;
    if (!server.auth.empty()) out["auth"] = server.auth;
    return out;
}

/// Members of `extra` that `out` lacks.
inline void add(const Json& extra, Json& out) {
    if (!extra.is_object()) return;
    for (const auto& [name, value] : extra.items()) {
        if (!out.contains(name)) out[name] = value;
    }
}

inline std::string tree_document(const SendResult& result, const Json& extra) {
    Json out = {{"format", 1}, {"outcome", to_string(result.verdict)}};
    if (result.duplicate) {
        out["duplicate"] = true;
        const std::string first = result.first_at_unix_ms > 0 ? utc_text(result.first_at_unix_ms / 1000) : "";
        if (!first.empty()) out["first_at"] = first;
    }
    if (!result.message_id.empty()) out["message_id"] = result.message_id;
    out["accepted"] = result.accepted;
    Json rejected = Json::array();
    for (const RejectedRecipient& refused : result.rejected) {
        rejected.push_back({{"recipient", refused.recipient}, {"error", to_json(refused.error)}});
    }
    out["rejected"] = std::move(rejected);
    if (!result.not_attempted.empty()) out["not_attempted"] = result.not_attempted;
    if (!result.unknown.empty()) out["unknown"] = result.unknown;
    if (result.reply) out["reply"] = reply_object(*result.reply);
    if (result.error) out["error"] = to_json(*result.error);
    Json attempts = Json::array();
    for (const Attempt& attempt : result.attempts) attempts.push_back(attempt_object(attempt));
    out["attempts"] = std::move(attempts);
    if (!result.server.host.empty()) out["server"] = server_object(result.server);
    out["timing_ms"] = {{"total", result.total_ms},
                        {"queue", result.queue_ms},
                        {"ledger", result.ledger_ms},
                        {"retry", result.retry_ms}};
    out["warnings"] = result.warnings;
    add(extra, out);
    return dumped(out);
}

}  // namespace mailsend::reference
