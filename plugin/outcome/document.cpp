#include "outcome/document.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "outcome/api_refusal.hpp"
#include "outcome/challenge.hpp"
#include "outcome/json_text.hpp"
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

void write(const Reply& reply, JsonText& out) {
    out.open_object().member("code").number(static_cast<std::uint64_t>(reply.code));
    if (const auto status = reply.enhanced()) out.member("enhanced").string(status->to_string());
    out.member("text").string(printable(reply.text(), message_limit)).close_object();
}

/// Failures are rare, and what explains them is written nowhere else: they go through a tree.
void write(const Error& error, JsonText& out) {
    out.json(dumped(to_json(error)));
}

void write(const Attempt& attempt, JsonText& out) {
    out.open_object().member("address").string(attempt.address).member("reused").boolean(attempt.reused);
    out.member("recipients").number(attempt.recipients).member("wait_ms").number(attempt.wait_ms);
    out.member("bytes").open_object().member("sent").number(attempt.bytes_sent);
    out.member("received").number(attempt.bytes_received).close_object();
    out.member("timing_ms").open_object();
    for (const auto& [stage, milliseconds] : attempt.timing_ms) out.member(stage).number(milliseconds);
    out.close_object();
    if (attempt.error) write(*attempt.error, out.member("error"));
    out.close_object();
}

void write(const ServerFacts& server, JsonText& out) {
    out.open_object().member("host").string(server.host);
    if (!server.tls.empty()) out.member("tls").string(server.tls);
    if (!server.auth.empty()) out.member("auth").string(server.auth);
    out.close_object();
}

/// Bytes that the document probably takes: all of it but the addresses is short, unless something went wrong.
std::size_t room_for(const SendResult& result) {
    std::size_t room = 1024;
    for (const auto* addresses : {&result.accepted, &result.not_attempted, &result.unknown})
        for (const std::string& address : *addresses) room += address.size() + 3;  // quotation marks, comma
    return room;
}

/// The members of a result document, and which of them it has.
class Members {
  public:
    explicit Members(JsonText& out) : out_(out) { names_.reserve(16); }
    /// The value is to be written next.
    JsonText& operator[](std::string_view name) {
        names_.push_back(name);
        return out_.member(name);
    }
    /// Members of `extra` that are not there yet.
    void add(const Json& extra) {
        if (!extra.is_object()) return;
        for (const auto& [name, value] : extra.items()) {
            if (std::find(names_.begin(), names_.end(), name) == names_.end())
                out_.member(name).json(dumped(value));
        }
    }

  private:
    JsonText& out_;
    std::vector<std::string_view> names_;
};

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
    JsonText out(room_for(result));
    Members members(out);
    out.open_object();
    members["format"].number(1);
    members["outcome"].string(to_string(result.verdict));
    if (result.duplicate) {
        members["duplicate"].boolean(true);
        const std::string first = result.first_at_unix_ms > 0 ? utc_text(result.first_at_unix_ms / 1000) : "";
        if (!first.empty()) members["first_at"].string(first);
    }
    if (!result.message_id.empty()) members["message_id"].string(result.message_id);
    members["accepted"].strings(result.accepted);
    members["rejected"].open_list();
    for (const RejectedRecipient& refused : result.rejected) {
        out.open_object().member("recipient").string(refused.recipient);
        write(refused.error, out.member("error"));
        out.close_object();
    }
    out.close_list();
    if (!result.not_attempted.empty()) members["not_attempted"].strings(result.not_attempted);
    if (!result.unknown.empty()) members["unknown"].strings(result.unknown);
    if (result.reply) write(*result.reply, members["reply"]);
    if (result.error) write(*result.error, members["error"]);
    members["attempts"].open_list();
    for (const Attempt& attempt : result.attempts) write(attempt, out);
    out.close_list();
    if (!result.server.host.empty()) write(result.server, members["server"]);
    members["timing_ms"].open_object().member("total").number(result.total_ms);
    out.member("queue").number(result.queue_ms).member("ledger").number(result.ledger_ms);
    out.member("retry").number(result.retry_ms).close_object();
    members["warnings"].strings(result.warnings);
    members.add(extra);
    return out.close_object().take();
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
