#include "outcome/document.hpp"

#include <nlohmann/json.hpp>

#include "outcome/api_refusal.hpp"
#include "outcome/challenge.hpp"
#include "outcome/token_refusal.hpp"
#include "outcome/utc_time.hpp"

namespace mailsend {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t message_limit = 4096;
constexpr std::size_t lines_limit = 65536;

/// Nothing that came from outside may make a document that is no JSON.
std::string dumped(const Json& document) {
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json reply_object(const Reply& reply) {
    Json out = {{"code", reply.code}};
    if (const auto status = reply.enhanced()) out["enhanced"] = status->to_string();
    out["text"] = printable(reply.text(), message_limit);
    return out;
}

Json smtp_object(const Reply& reply) {
    Json out = reply_object(reply);
    Json lines = Json::array();
    std::size_t room = lines_limit;
    for (const std::string& line : reply.lines) {
        std::string shown = printable(line, room);
        if (shown.empty() && !line.empty()) break;
        room -= shown.size();
        lines.push_back(std::move(shown));
        if (room == 0) break;
    }
    out["lines"] = std::move(lines);
    return out;
}

Json explanation_object(const Explanation& explanation) {
    Json out = {{"title", explanation.title},
                {"cause", explanation.cause},
                {"steps", explanation.steps},
                {"actor", to_string(explanation.actor)}};
    if (!explanation.link.empty()) out["link"] = explanation.link;
    return out;
}

Json attempt_object(const Attempt& attempt) {
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

Json server_object(const ServerFacts& server) {
    Json out = {{"host", server.host}};
    if (!server.tls.empty()) out["tls"] = server.tls;
    if (!server.auth.empty()) out["auth"] = server.auth;
    return out;
}

/// Members of `extra` that `out` lacks.
void add(const Json& extra, Json& out) {
    if (!extra.is_object()) return;
    for (const auto& [name, value] : extra.items()) {
        if (!out.contains(name)) out[name] = value;
    }
}

}  // namespace

std::string message_of(const Facts& facts) {
    std::string said;
    const bool refused =
        facts.reply && (facts.reply->transient_negative() || facts.reply->permanent_negative());
    if (facts.reply && (refused || facts.sentence.empty())) {  // "250 ok" would explain nothing
        said = facts.reply->words();
    } else if (!facts.sentence.empty()) {
        said = facts.sentence;
    } else if (!facts.condition.empty()) {
        said = facts.condition;
    } else {
        said = "failure in stage " + std::string(to_string(facts.stage));
    }
    return std::string(message_prefix) + printable(said, message_limit - message_prefix.size());
}

Json to_json(const Error& error) {
    const Diagnosis& diagnosis = error.diagnosis;
    Json retry = {{"advice", to_string(diagnosis.advice)}};
    if (diagnosis.delay) retry["delay_ms"] = diagnosis.delay->count();
    Json out = {{"id", diagnosis.id},
                {"stage", to_string(error.facts.stage)},
                {"class", to_string(diagnosis.error_class)},
                {"retry", std::move(retry)},
                {"message", message_of(error.facts)}};
    if (!error.facts.pointer.empty()) out["pointer"] = printable(error.facts.pointer, message_limit);
    if (error.facts.reply) {
        out["smtp"] = smtp_object(*error.facts.reply);
        if (!error.facts.challenge.empty()) out["smtp"]["challenge"] = challenge_value(error.facts.challenge);
    }
    if (Json oauth = oauth_object(error.facts); !oauth.empty()) out["oauth"] = std::move(oauth);
    if (Json api = api_object(error.facts); !api.empty()) out["api"] = std::move(api);
    out["explanation"] = explanation_object(diagnosis.explanation);
    if (error.cause) out["cause"] = to_json(*error.cause);
    return out;
}

std::string send_document(const SendResult& result) {
    return send_document(result, Json::object());
}

std::string send_document(const SendResult& result, const Json& extra) {
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

std::string failed_document(Verdict verdict, const Error& error) {
    return failed_document(verdict, error, Json::object());
}

std::string failed_document(Verdict verdict, const Error& error, const Json& extra) {
    Json out = {{"format", 1}, {"outcome", to_string(verdict)}, {"error", to_json(error)}};
    add(extra, out);
    return dumped(out);
}

}  // namespace mailsend
