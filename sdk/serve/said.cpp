#include "serve/said.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

#include "serve/line_reader.hpp"

namespace wfc::serve {

namespace {

using Json = nlohmann::ordered_json;

std::string one_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// `head` with one more member, whose value is on one line already.
std::string with(const Json& head, std::string_view member, std::string_view value) {
    std::string out = one_line(head);
    out.pop_back();
    out.append(",\"").append(member).append("\":").append(value).append("}");
    return out;
}

std::string_view status_name(wfc_status status) {
    switch (status) {
        case WFC_OK:
            return "ok";
        case WFC_FAILED:
            return "failed";
        case WFC_CANCELLED:
            return "cancelled";
        case WFC_INVALID_SETTINGS:
            return "invalid-settings";
        case WFC_INVALID_INPUT:
            return "invalid-input";
        case WFC_UNSUPPORTED:
            return "unsupported";
        default:
            return "internal";
    }
}

Json head(std::string_view type, std::uint64_t id) {
    return {{"type", type}, {"id", id}};
}

Json prompt(std::uint64_t id, Json question) {
    Json out = head("prompt", id);
    out["question"] = std::move(question);
    return out;
}

}  // namespace

std::string said_hello(std::uint64_t id, const Greeting& greeting, const std::vector<Manifest>& installed) {
    Json out = head("hello", id);
    out["protocol"] = 1;
    out["host"] = {{"name", "wfc"}, {"version", greeting.version}};
    out["blobs"] = greeting.blobs;
    out["limits"] = {
        {"line_bytes", longest_line}, {"calls", greeting.calls}, {"components", greeting.components}};
    out["components"] = Json::array();
    for (const Manifest& each : installed)
        out["components"].push_back({{"type", each.type}, {"version", each.version}});
    return one_line(out);
}

std::string said_loaded(std::uint64_t id, std::string_view component, const Manifest& manifest) {
    Json out = head("loaded", id);
    out["component"] = component;
    out["of"] = manifest.type;
    out["version"] = manifest.version;
    out["concurrency"] = manifest.parallel ? "parallel" : "serial";
    return one_line(out);
}

std::string said_configured(std::uint64_t id, std::string_view component, std::string_view problem) {
    Json out = head("configured", id);
    out["component"] = component;
    out["status"] = problem.empty() ? "ok" : "invalid-settings";
    return problem.empty() ? one_line(out) : with(out, "document", problem);
}

std::string said_progress(std::uint64_t id, std::string_view event) {
    return with(head("progress", id), "event", event);
}

std::string said_result(std::uint64_t id, const Result& result, const std::vector<std::string>& ports) {
    Json out = head("result", id);
    out["status"] = status_name(result.status);
    if (!result.outcome.empty()) out["outcome"] = result.outcome;
    if (!ports.empty()) {
        const bool has_it = std::find(ports.begin(), ports.end(), result.outcome) != ports.end();
        out["port"] = has_it ? result.outcome : "failed";
    }
    out["blobs"] = Json::object();
    for (const auto& [name, blob] : result.blobs)
        out["blobs"][name] = {{"file", blob.file}, {"bytes", blob.bytes}};
    return with(out, "document", result.document);
}

std::string said_known(std::string_view type, std::uint64_t id, bool known) {
    Json out = head(type, id);
    out["known"] = known;
    return one_line(out);
}

std::string said_released(std::uint64_t id) {
    return one_line(head("released", id));
}

std::string said_unloaded(std::uint64_t id) {
    return one_line(head("unloaded", id));
}

std::string said_log(std::int32_t level, std::string_view event, std::string_view fields,
                     std::string_view component, const CallNames* call) {
    constexpr std::array<std::string_view, 5> levels = {"trace", "debug", "info", "warning", "error"};
    constexpr std::size_t longest_event = 256;
    using namespace std::chrono;
    Json out = {{"type", "log"},
                {"level", levels[static_cast<std::size_t>(std::clamp(level, 0, 4))]},
                {"event", event.substr(0, longest_event)},
                {"at_ms", duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()}};
    if (!component.empty()) out["component"] = component;
    if (call != nullptr) {
        out["call"] = call->id;
        if (call->request) out["request"] = *call->request;
    }
    return with(out, "fields", fields);
}

std::string said_error(std::optional<std::uint64_t> id, std::string_view error, std::string_view sentence) {
    Json out = {{"type", "error"}};
    if (id) out["id"] = *id;
    out["error"] = {{"id", error}, {"message", sentence}};
    return one_line(out);
}

std::string said_url(std::uint64_t id, std::string_view url, std::optional<std::uint64_t> expires_in_s) {
    Json question = {{"kind", "url"}, {"url", url}};
    if (expires_in_s) question["expires_in_s"] = *expires_in_s;
    question["paste"] = true;
    return one_line(prompt(id, std::move(question)));
}

std::string said_code(std::uint64_t id, const DeviceQuestion& device, std::int64_t expires_in_s) {
    Json question = {{"kind", "code"}, {"url", device.url}};
    if (device.complete_url) question["complete_url"] = *device.complete_url;
    question["user_code"] = device.user_code;
    question["expires_in_s"] = expires_in_s;
    return one_line(prompt(id, std::move(question)));
}

std::string said_complaint(std::uint64_t id, std::string_view problem, std::string_view sentence) {
    return one_line(prompt(id, {{"kind", "complaint"}, {"problem", problem}, {"text", sentence}}));
}

std::string said_done(std::uint64_t id, bool succeeded) {
    return one_line(prompt(id, {{"kind", "done"}, {"succeeded", succeeded}}));
}

}  // namespace wfc::serve
