#include "tool/support_bundle.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "host/home.hpp"
#include "host/support_archive.hpp"
#include "host/support_mask.hpp"
#include "tool/documents.hpp"
#include "tool/machine_facts.hpp"
#include "tool/public_words.hpp"
#include "tool/settings_change.hpp"
#include "tool/shareable_settings.hpp"
#include "tool/stop.hpp"
#include "tool/support_lines.hpp"
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

/// The members that the schema of the operation's input knows.
std::set<std::string> known_members(const Manifest& manifest, const std::string& operation) try {
    std::set<std::string> out;
    const Operation* found = manifest.operation(operation);
    if (found == nullptr || found->input.empty()) return out;
    const Json schema = Json::parse(manifest.read(found->input), nullptr, false);
    if (schema.is_object() && schema.contains("properties")) {
        for (const auto& [name, unused] : schema["properties"].items()) out.insert(name);
    }
    return out;
} catch (const Refused&) {
    return {};
}

/// Names and sizes alone.
Json outline(const std::string& input, const std::set<std::string>& known) {
    constexpr std::size_t most_members = 100;
    Json out = {{"bytes", input.size()}};
    const Json parsed =
        detail::nests_deeper(input, deepest_document) ? Json() : Json::parse(input, nullptr, false);
    if (!parsed.is_object()) {
        out["is_an_object"] = false;
        return out;
    }
    Json members = Json::object();
    std::size_t unknown = 0;
    for (const auto& [name, value] : parsed.items()) {
        if (known.find(name) == known.end()) {
            ++unknown;
            continue;
        }
        if (members.size() >= most_members) continue;
        Json member = {{"type", value.type_name()},
                       {"bytes", value.dump(-1, ' ', false, Json::error_handler_t::replace).size()}};
        if (value.is_array()) member["items"] = value.size();
        members[name] = std::move(member);
    }
    out["members"] = std::move(members);
    if (unknown != 0) out["unknown_members"] = unknown;
    return out;
}

void learn(const std::string& document, bool content, SupportMask& mask) {
    try {
        const nlohmann::json parsed = parse_json(document, WFC_INVALID_INPUT, "document");
        mask.learn(parsed);
        if (content) mask.content(parsed);
    } catch (const Problem&) {  // then there is nothing to learn
    }
}

bool same_file(const std::filesystem::path& one, const std::filesystem::path& other) {
    std::error_code error;
    if (std::filesystem::equivalent(one, other, error)) return true;
    return std::filesystem::weakly_canonical(one, error) == std::filesystem::weakly_canonical(other, error);
}

/// A file that this call reads or writes would be lost.
void refuse_in_use(const InvokeOptions& options) {
    const auto refuse = [&](const std::string& use) {
        throw Stop(exit_usage, "--support " + options.support.string() + " " + use + ": name another file");
    };
    if (!options.settings.empty() && same_file(options.support, options.settings))
        refuse("holds the settings of this call");
    if (!options.input.empty() && options.input != "-" && same_file(options.support, options.input))
        refuse("holds the input of this call");
    for (const Assignments* blobs : {&options.blobs, &options.saved_blobs}) {
        for (const auto& [name, path] : *blobs) {
            if (same_file(options.support, path)) refuse("is a blob of this call");
        }
    }
    std::filesystem::path home;
    try {
        home = home_location();
    } catch (const HomeUnusable&) {
        return;
    }
    std::error_code error;
    const std::filesystem::path inner = std::filesystem::weakly_canonical(home, error);
    std::filesystem::path folder =
        std::filesystem::weakly_canonical(std::filesystem::absolute(options.support, error), error);
    while (folder.has_relative_path()) {
        folder = folder.parent_path();
        if (!inner.empty() && folder == inner) refuse("is where secrets and state are kept");
    }
}

}  // namespace

SupportBundle::SupportBundle(const InvokeOptions& options, const Manifest& manifest)
    : options_(options), manifest_(manifest) {
    refuse_in_use(options);
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

SupportBundle::Outcome SupportBundle::finish(int exit_code, const SecretView& secrets,
                                             const std::atomic<bool>& cancelled) try {
    if (exit_code == exit_ok) return {2, "the call succeeded, so nothing was written for --support"};
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
    // A call that was cancelled has its archive, too: what counts is what comes now.
    const bool before = cancelled;
    const auto stop = [&] { return !before && cancelled; };
    SupportMask mask(MachineNames::here());
    add_public_words(manifest_, mask);
    const std::string schema = manifest_.settings.empty() ? "" : manifest_.read(manifest_.settings);
    ShareableSettings settings = shareable_settings(schema, settings_);
    for (const SecretString& each : settings.misplaced) mask.secret(each.reveal());
    secrets.passed([&](std::string_view value) { mask.secret(value); });
    learn(settings_, false, mask);
    learn(input_, true, mask);

    Json versions = {
        {"wfc", WFC_TOOL_VERSION},
        {"abi", std::to_string(WFC_ABI_MAJOR) + "." + std::to_string(WFC_ABI_MINOR)},
        {"component",
         {{"type", manifest_.type},
          {"version", manifest_.version},
          {"abi", std::to_string(manifest_.abi_major) + "." + std::to_string(manifest_.abi_minor)}}}};
    versions.update(machine_facts());
    Json changes = Json::array();
    for (const auto& [pointer, value] : options_.changes) changes.push_back(known_pointer(pointer, schema));
    Json call = {{"type", manifest_.type},
                 {"operation", options_.operation},
                 {"call_id", mask.text(call_id_)},
                 {"exit_code", exit_code},
                 {"began", began_},
                 {"ended", utc_now()},
                 {"duration_ms", took.count()},
                 {"deadline_ms", options_.timeout ? Json(options_.timeout->count()) : Json()},
                 {"changed_settings", std::move(changes)},
                 {"private_addresses", options_.private_addresses},
                 {"input", outline(input_, known_members(manifest_, options_.operation))}};
    SupportMask(MachineNames::here()).document(versions);
    const std::string transcript = masked_lines(record_.logged(), mask, stop);
    const std::string progress = masked_lines(record_.progressed(), mask, stop);
    if (stop()) call["left_out"] = "cancelled while this archive was made: lines that say so, and the result";
    write_archive(options_.support, {{"README.txt", support_readme},
                                     {"result.json", stop() ? pretty({{"left_out", "cancelled"}})
                                                            : masked_result(result_, mask)},
                                     {"transcript.jsonl", transcript},
                                     {"progress.jsonl", progress},
                                     {"settings.json", pretty(masked(settings.document, mask))},
                                     {"versions.json", pretty(versions)},
                                     {"call.json", pretty(call)}});
    return {2, options_.support.string() + (stop() ? " is not complete, since it was cancelled; it" : "") +
                   " holds what happened, without secrets and addresses of people; look through it before "
                   "you pass it on"};
} catch (const std::exception& fault) {
    return {3, std::string("nothing was written for --support: ") + fault.what()};
}

}  // namespace wfc::tool
