#include "tool/support_bundle.hpp"

#include <nlohmann/json.hpp>

#include "host/support_archive.hpp"
#include "host/support_mask.hpp"
#include "tool/documents.hpp"
#include "tool/machine_facts.hpp"
#include "tool/shareable_settings.hpp"
#include "tool/stop.hpp"
#include "tool/support_texts.hpp"
#include "wfc/component.h"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_result = std::size_t{16} << 20;

std::string pretty(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Masked JSON; what is none is left out, since nobody knows what it is.
Json masked(std::string_view document, SupportMask& mask) {
    if (detail::nests_deeper(document, deepest_document)) return "(left out: nests too deeply)";
    Json json = Json::parse(document, nullptr, false);
    if (json.is_discarded()) return "(left out: this is no JSON)";
    mask.document(json);
    return json;
}

std::string masked_lines(KeptLines lines, SupportMask& mask) {
    lines.change([&](const std::string& line) {
        return masked(line, mask).dump(-1, ' ', false, Json::error_handler_t::replace);
    });
    return lines.text();
}

std::string masked_result(std::string_view document, SupportMask& mask) {
    Json json = masked(document, mask);
    std::string out = pretty(json);
    if (out.size() <= most_result || !json.is_object()) return out;
    for (const char* member : {"outcome", "error"}) {
        if (json.contains(member)) continue;
        json[member] = nullptr;
    }
    const Json less = {{"outcome", json["outcome"]},
                       {"error", json["error"]},
                       {"left_out", "the other members: the document is larger than 16 MiB"}};
    out = pretty(less);
    return out.size() <= most_result ? out : pretty({{"left_out", "larger than 16 MiB"}});
}

/// Names and sizes alone.
Json outline(const std::string& input) {
    constexpr std::size_t most_members = 100, longest_name = 64;
    Json out = {{"bytes", input.size()}};
    const Json parsed =
        detail::nests_deeper(input, deepest_document) ? Json() : Json::parse(input, nullptr, false);
    if (!parsed.is_object()) {
        out["is_an_object"] = false;
        return out;
    }
    Json members = Json::object();
    for (const auto& [name, value] : parsed.items()) {
        if (members.size() >= most_members) break;
        Json member = {{"type", value.type_name()},
                       {"bytes", value.dump(-1, ' ', false, Json::error_handler_t::replace).size()}};
        if (value.is_array()) member["items"] = value.size();
        members[name.substr(0, longest_name)] = std::move(member);
    }
    out["members"] = std::move(members);
    return out;
}

void learn(const std::string& document, SupportMask& mask) {
    try {
        mask.learn(parse_json(document, WFC_INVALID_INPUT, "document"));
    } catch (const Problem&) {  // then there is nothing to learn
    }
}

}  // namespace

SupportBundle::SupportBundle(const InvokeOptions& options, const Manifest& manifest)
    : options_(options), manifest_(manifest) {
    try {
        check_archive(options.support);
    } catch (const ArchiveUnusable& fault) {
        throw Stop(exit_unreadable, std::string("--support: ") + fault.what());
    }
}

void SupportBundle::begins(std::string call_id, std::string settings, const std::string& input) {
    call_id_ = std::move(call_id);
    settings_ = std::move(settings);
    input_ = input;
    began_ = utc_now();
    start_ = std::chrono::steady_clock::now();
}

SupportBundle::Outcome SupportBundle::finish(int exit_code, const SecretView& secrets) try {
    if (exit_code == exit_ok) return {2, "the call succeeded, so nothing was written for --support"};
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
    SupportMask mask(MachineNames::here());
    ShareableSettings settings =
        shareable_settings(manifest_.settings.empty() ? "" : manifest_.read(manifest_.settings), settings_);
    for (const SecretString& each : settings.misplaced) mask.secret(each.reveal());
    secrets.passed([&](std::string_view value) { mask.secret(value); });
    learn(settings_, mask);
    learn(input_, mask);

    Json versions = {
        {"wfc", WFC_TOOL_VERSION},
        {"abi", std::to_string(WFC_ABI_MAJOR) + "." + std::to_string(WFC_ABI_MINOR)},
        {"component",
         {{"type", manifest_.type},
          {"version", manifest_.version},
          {"abi", std::to_string(manifest_.abi_major) + "." + std::to_string(manifest_.abi_minor)}}}};
    versions.update(machine_facts());
    Json changes = Json::array();
    for (const auto& [pointer, value] : options_.changes) changes.push_back(pointer);
    Json call = {{"type", manifest_.type},
                 {"operation", options_.operation},
                 {"call_id", call_id_},
                 {"exit_code", exit_code},
                 {"began", began_},
                 {"ended", utc_now()},
                 {"duration_ms", took.count()},
                 {"deadline_ms", options_.timeout ? Json(options_.timeout->count()) : Json()},
                 {"changed_settings", std::move(changes)},
                 {"private_addresses", options_.private_addresses},
                 {"input", outline(input_)}};
    for (Json* json : {&versions, &call}) mask.document(*json);
    write_archive(options_.support, {{"README.txt", support_readme},
                                     {"result.json", masked_result(result_, mask)},
                                     {"transcript.jsonl", masked_lines(record_.logged(), mask)},
                                     {"progress.jsonl", masked_lines(record_.progressed(), mask)},
                                     {"settings.json", pretty(masked(settings.document, mask))},
                                     {"versions.json", pretty(versions)},
                                     {"call.json", pretty(call)}});
    return {2, options_.support.string() +
                   " holds what happened, without secrets and addresses of people; look through it before "
                   "you pass it on"};
} catch (const std::exception& fault) {
    return {3, std::string("nothing was written for --support: ") + fault.what()};
}

}  // namespace wfc::tool
