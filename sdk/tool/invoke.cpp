#include <system_error>

#include "host/component_host.hpp"
#include "host/printable.hpp"
#include "loader/loader.hpp"
#include "tool/commands.hpp"
#include "tool/documents.hpp"
#include "tool/host_call.hpp"
#include "tool/interrupt.hpp"
#include "tool/settings_change.hpp"
#include "tool/stop.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

namespace {

void check_operation(const Manifest& manifest, const std::string& id) {
    const Operation* operation = manifest.operation(id);
    if (operation == nullptr) {
        std::vector<std::string> known;
        std::string list;
        for (const Operation& candidate : manifest.operations) {
            known.push_back(candidate.id);
            list += (list.empty() ? "" : ", ") + candidate.id;
        }
        const std::string_view near = nearest(id, known);
        throw Stop(exit_usage, manifest.type + " has no operation \"" + printable(id) +
                                   "\"; it has: " + list +
                                   (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?"));
    }
    const std::vector<std::string> offered = ComponentHost::offered();
    for (const std::string& service : operation->needs) {
        if (std::find(offered.begin(), offered.end(), service) == offered.end()) {
            throw Stop(exit_no_component,
                       manifest.type + "'s " + id + " needs " + service + ", which this host does not offer");
        }
    }
}

FileRoots open_roots(const std::vector<std::filesystem::path>& given) try {
    return FileRoots(given.empty() ? std::vector<std::filesystem::path>{"."} : given);
} catch (const std::system_error& fault) {
    throw Stop(exit_unreadable, std::string("--root ") + fault.what());
}

void name_blobs(const InvokeOptions& options, FileBlobs& blobs) try {
    for (const auto& [name, path] : options.blobs) blobs.source(name, path);
    for (const auto& [name, path] : options.saved_blobs) blobs.save(name, path);
} catch (const FileUnusable& fault) {
    throw Stop(exit_unreadable, fault.what());
}

/// What stands between a call and its end, so that every way out shows one document.
class Finish {
  public:
    Finish(const InvokeOptions& options, LogWriter& log)
        : options_(options), log_(log), style_(Style::of(STDERR_FILENO)) {}

    int with(wfc_status status, std::string_view document) {
        std::string outcome;
        try {
            outcome = show_document(document);
        } catch (const std::invalid_argument& fault) {
            const std::string own =
                refusal_document("host", options_.type + " broke its contract: " + fault.what());
            show_document(own);
            explain_document(own, log_, style_);
            return exit_internal;
        }
        explain_document(document, log_, style_);
        return exit_code(status, outcome);
    }
    void note(std::int32_t level, const std::string& sentence) {
        log_.notice(level, style_.yellow(level > 2 ? "warning: " : "hint: ") + printable(sentence), sentence);
    }
    void name_missing(const SecretView& secrets) {
        for (const std::string& name : secrets.missing()) {
            const std::string variable = SecretStore::variable(name);
            note(2, "the secret \"" + name + "\" is not there; set it with: read -rs " + variable +
                        " && export " + variable);
        }
    }

  private:
    const InvokeOptions& options_;
    LogWriter& log_;
    Style style_;
};

std::string document_of(const std::filesystem::path& path, bool standard_input) {
    return path.empty() ? "{}" : read_document(path, standard_input);
}

void keep_blobs(wfc_status status, FileBlobs& blobs, Finish& finish) {
    if (status != WFC_OK) {
        blobs.discard();
        return;
    }
    for (const std::string& name : blobs.commit()) {
        finish.note(3, "the component made no blob \"" + name + "\": nothing was saved for it");
    }
}

}  // namespace

int invoke(const InvokeOptions& options, const SecretStore& secrets) {
    LogWriter log(options.json ? LogFormat::json : LogFormat::text, options.verbose ? 0 : 3);
    Finish finish(options, log);
    const Manifest manifest = find_component(options.type, options.components);
    check_operation(manifest, options.operation);
    const FileRoots roots = open_roots(options.roots);
    FileBlobs blobs;
    name_blobs(options, blobs);

    std::string settings, input;
    try {
        settings = document_of(options.settings, false);
    } catch (const TooLarge& fault) {
        return finish.with(WFC_INVALID_SETTINGS, refusal_document("settings", fault.what()));
    }
    try {
        input = document_of(options.input, true);
    } catch (const TooLarge& fault) {
        return finish.with(WFC_INVALID_INPUT, refusal_document("input", fault.what()));
    }
    settings = change_settings(settings, options.changes,
                               manifest.settings.empty() ? "" : manifest.read(manifest.settings));

    const EgressPolicy egress(options.private_addresses);
    const ComponentHost host({log, secrets, roots, egress}, settings);
    HostCall call(options.call_id.empty() ? HostCall::fresh_id() : options.call_id, options.operation,
                  std::move(input), blobs, log);
    const InterruptWatch interrupts(
        call.cancelled(), [&] { finish.note(2, "cancelling; Ctrl-C again leaves at once"); },
        [&] { blobs.discard(); });
    ComponentHandle component = load(manifest, ComponentHost::offered())->create(host.table());

    std::string problem;
    if (const wfc_status status = component.configure(settings, problem); status != WFC_OK) {
        const int code = finish.with(status, problem);
        finish.name_missing(host.secrets());
        return code;
    }
    if (options.timeout) {
        const wfc_clock* clock = system_clock_table();
        call.deadline_ms(clock->monotonic_ms(clock->ctx) +
                         static_cast<std::uint64_t>(options.timeout->count()));
    }
    const wfc_status status = component.invoke(call.table());
    const int code = finish.with(status, call.result());
    finish.name_missing(host.secrets());
    try {
        keep_blobs(status, blobs, finish);
    } catch (const FileUnusable& fault) {
        throw Stop(exit_unreadable, fault.what());
    }
    component.quiesce();
    return code;
}

}  // namespace wfc::tool
