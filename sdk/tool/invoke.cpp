#include <algorithm>
#include <atomic>
#include <system_error>
#include <unistd.h>

#include "host/component_host.hpp"
#include "host/home.hpp"
#include "host/printable.hpp"
#include "host/secret_records.hpp"
#include "loader/loader.hpp"
#include "tool/commands.hpp"
#include "tool/documents.hpp"
#include "tool/hidden_input.hpp"
#include "tool/host_call.hpp"
#include "tool/interrupt.hpp"
#include "tool/passphrase.hpp"
#include "tool/settings_change.hpp"
#include "tool/stop.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

namespace {

FileRoots open_roots(const std::vector<std::filesystem::path>& given) try {
    return FileRoots(given.empty() ? std::vector<std::filesystem::path>{"."} : given);
} catch (const std::system_error& fault) {
    throw Stop(exit_unreadable, std::string("--root ") + fault.what());
} catch (const NoFileRoots& fault) {
    throw Stop(exit_unreadable, fault.what());
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

    /// What was saved gets its names before the document says that it succeeded.
    int with(wfc_status status, std::string_view document, FileBlobs& blobs) {
        int code = exit_internal;
        std::string own;
        try {
            code = exit_code(status, outcome_of(document));
            if (!keep_blobs(status, blobs)) code = exit_unreadable;
        } catch (const std::invalid_argument& fault) {
            blobs.discard();
            own = contract_breach(options_.type + " broke its contract: " + fault.what());
            document = own;
        }
        log_.end_progress();
        show_document(document);
        explain_document(document, log_, style_);
        return code;
    }
    void note(std::int32_t level, const std::string& sentence) {
        log_.notice(level, style_.yellow(level > 2 ? "warning: " : "hint: ") + printable(sentence), sentence);
    }
    void name_missing(const SecretView& secrets) {
        for (const std::string& name : secrets.missing()) {
            const std::string variable = SecretStore::variable(name);
            note(2, "the secret \"" + name + "\" is not there; " +
                        (storable_name(name)
                             ? "store it with: wfc secret set " + name + " (or set " + variable + ")"
                             : "set it with: read -rs " + variable + " && export " + variable));
        }
        for (const std::string& trouble : secrets.troubles()) note(2, trouble);
    }

  private:
    bool keep_blobs(wfc_status status, FileBlobs& blobs) try {
        if (status != WFC_OK) {
            blobs.discard();
            return true;
        }
        for (const std::string& name : blobs.commit())
            note(3, "the component made no blob \"" + name + "\": nothing was saved for it");
        return true;
    } catch (const FileUnusable& fault) {
        blobs.discard();
        log_.notice(4, style_.red("error: ") + printable(fault.what()), fault.what());
        return false;
    }

    const InvokeOptions& options_;
    LogWriter& log_;
    Style style_;
};

/// The store, or nothing where the component has no use for it or none is to be had: most calls do without.
std::optional<std::reference_wrapper<StateStore>> open_state(std::optional<StateStore>& into,
                                                             const Manifest& manifest, Finish& finish) {
    const auto names_it = [](const std::vector<std::string>& services) {
        return std::find(services.begin(), services.end(), WFC_STATE) != services.end();
    };
    if (!names_it(manifest.required) && !names_it(manifest.optional)) return std::nullopt;
    try {
        return into.emplace(home_directory() / "state.sqlite", StateView::longest_wait);
    } catch (const HomeUnusable& fault) {
        finish.note(3, std::string("nothing is remembered between calls: ") + fault.what());
    } catch (const StateUnusable& fault) {
        finish.note(3, std::string("nothing is remembered between calls: ") + fault.what());
    }
    return std::nullopt;
}

std::string document_of(const std::filesystem::path& path, bool standard_input) {
    return path.empty() ? "{}" : read_document(path, standard_input);
}

}  // namespace

int invoke(const InvokeOptions& options, SecretStore& secrets) {
    LogWriter log(options.json ? LogFormat::json : LogFormat::text, options.verbose ? 0 : 3);
    Finish finish(options, log);
    FileBlobs blobs;
    std::atomic<bool> cancelled{false}, started{false};
    // Before anything that may wait, as reading a pipe does. Until the component is asked there is nothing to
    // cancel and nothing to leave behind.
    const InterruptWatch interrupts(
        cancelled,
        [&] {
            if (!started) {
                restore_terminal();
                finish.note(2, "cancelled before anything was started");
                _exit(exit_cancelled);
            }
            finish.note(2, "cancelling; Ctrl-C again leaves at once");
        },
        [&] {
            restore_terminal();
            blobs.discard();
            log.end_progress();
        });
    const Manifest manifest = find_component(options.type, options.components);
    check_operation(manifest, options.operation);
    const FileRoots roots = open_roots(options.roots);
    name_blobs(options, blobs);
    std::string settings = document_of(options.settings, false);
    std::string input = document_of(options.input, true);
    settings = change_settings(settings, options.changes,
                               manifest.settings.empty() ? "" : manifest.read(manifest.settings));
    unlock_for(secrets, secret_names(settings));
    started = true;

    const EgressPolicy egress(options.private_addresses);
    std::optional<StateStore> store;
    const ComponentHost host({log, secrets, open_state(store, manifest, finish), roots, egress}, options.type,
                             settings);
    HostCall call(options.call_id.empty() ? HostCall::fresh_id() : options.call_id, options.operation,
                  std::move(input), blobs, log, cancelled);
    ComponentHandle component = load(manifest, ComponentHost::offered())->create(host.table());

    std::string problem;
    if (const wfc_status status = component.configure(settings, problem); status != WFC_OK) {
        const int code = finish.with(status, problem, blobs);
        finish.name_missing(host.secrets());
        return code;
    }
    if (options.timeout) {
        const wfc_clock* clock = system_clock_table();
        call.deadline_ms(clock->monotonic_ms(clock->ctx) +
                         static_cast<std::uint64_t>(options.timeout->count()));
    }
    const wfc_status status = component.invoke(call.table());
    const int code = finish.with(status, call.result(), blobs);
    finish.name_missing(host.secrets());
    component.quiesce();
    return code;
}

}  // namespace wfc::tool
