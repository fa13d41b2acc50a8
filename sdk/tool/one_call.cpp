#include "tool/one_call.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <unistd.h>

#include "host/component_host.hpp"
#include "host/current_call.hpp"
#include "host/home.hpp"
#include "host/prompt_service.hpp"
#include "host/secret_vault.hpp"
#include "loader/loader.hpp"
#include "tool/check_when.hpp"
#include "tool/commands.hpp"
#include "tool/component_texts.hpp"
#include "tool/documents.hpp"
#include "tool/host_call.hpp"
#include "tool/interrupt.hpp"
#include "tool/passphrase.hpp"
#include "tool/settings_change.hpp"
#include "tool/silent_terminal.hpp"
#include "tool/stop.hpp"
#include "tool/support_bundle.hpp"
#include "tool/terminal_prompt.hpp"
#include "tool/written_secrets.hpp"

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

/// Whether the same operation twice is not the same as once.
bool changes_something(const Manifest& manifest, const std::string& operation) {
    const Operation* found = manifest.operation(operation);
    return found == nullptr || found->effects != "none";
}

/// The store, or nothing where the component has no use for it, or where there is no place for one: most
/// calls do without. A file that cannot be used is offered as it is: what it knew must not count as unknown.
std::optional<std::reference_wrapper<StateStore>> open_state(std::optional<StateStore>& into,
                                                             const Manifest& manifest,
                                                             const InvokeOptions& options, Finish& finish) {
    const auto names_it = [](const std::vector<std::string>& services) {
        return std::find(services.begin(), services.end(), WFC_STATE) != services.end();
    };
    if (!names_it(manifest.required) && !names_it(manifest.optional)) return std::nullopt;
    std::filesystem::path file;
    try {
        file = home_directory() / "state.sqlite";
    } catch (const HomeUnusable& fault) {
        if (!options.call_id.empty() && changes_something(manifest, options.operation))
            throw Stop(exit_unreadable,
                       std::string("--call-id says which calls are the same work, and there is "
                                   "no place to remember what was done: ") +
                           fault.what());
        finish.note(3, std::string("nothing is remembered between calls: ") + fault.what());
        return std::nullopt;
    }
    try {
        return into.emplace(file, StateView::longest_wait);
    } catch (const StateUnusable& fault) {
        finish.note(3, std::string("what earlier calls did cannot be looked up: ") + fault.what());
        return into.emplace(file, StateView::longest_wait, fault);
    }
}

/// False where an operation can do without settings and nobody gave any: nothing is configured then.
bool configures(const InvokeOptions& options, const Manifest& manifest) {
    const Operation* found = manifest.operation(options.operation);
    return found == nullptr || !found->settings_optional || !options.settings.empty() ||
           !options.changes.empty();
}

std::string document_of(const std::filesystem::path& path, bool standard_input) {
    return path.empty() ? "{}" : read_document(path, standard_input);
}

/// Before a person goes through a browser for something that could not be kept afterwards.
void check_keeping(SecretStore& secrets) try {
    const std::filesystem::path home = home_directory();
    if (access(home.c_str(), W_OK | X_OK) != 0)
        throw Stop(exit_unreadable, home.string() + " cannot be written, so a sign-in could not be kept: " +
                                        std::generic_category().message(errno));
    if (secrets.vault() != nullptr) secrets.vault()->list();
} catch (const HomeUnusable& fault) {
    throw Stop(exit_unreadable, std::string("a sign-in could not be kept: ") + fault.what());
} catch (const SecretsUnusable& fault) {
    throw Stop(exit_unreadable, std::string("a sign-in could not be kept: ") + fault.what());
}

bool asks_a_person(const Manifest& manifest, const std::string& operation) {
    const Operation* found = manifest.operation(operation);
    return found != nullptr &&
           std::find(found->needs.begin(), found->needs.end(), WFC_PROMPT) != found->needs.end();
}

/// The services of this host: a person is there.
std::vector<std::string> with_prompt() {
    std::vector<std::string> out = ComponentHost::offered();
    out.emplace_back(WFC_PROMPT);
    return out;
}

}  // namespace

int call_once(const InvokeOptions& options, const Manifest& manifest, SecretStore& secrets, CallView view) {
    LogWriter log(options.json ? LogFormat::json : LogFormat::text, options.verbose ? 0 : 3);
    std::optional<SupportBundle> support;
    if (!options.support.empty()) log.copy_to(support.emplace(options, manifest).record());
    Finish finish(manifest.type, log, [&](std::string_view document, LogWriter& to, const Style& style) {
        if (support) support->ended_with(document);
        view.show(document, to, style);
    });
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
    const std::vector<std::string> offered = with_prompt();
    check_operation(manifest, options.operation, offered);
    std::string settings = document_of(options.settings, false);
    const FileRoots roots = open_roots(options.roots);
    name_blobs(options, blobs);
    std::string input = options.input_text ? *options.input_text : document_of(options.input, true);
    settings = change_settings(settings, options.changes,
                               manifest.settings.empty() ? "" : manifest.read(manifest.settings));
    check_when(manifest, options.operation, settings);
    unlock_for(secrets, secret_names(settings));
    const SecretNames written = written_secrets(manifest, settings);
    if (!written.empty() && asks_a_person(manifest, options.operation)) check_keeping(secrets);
    started = true;

    const bool configured = configures(options, manifest);
    const EgressPolicy egress(options.private_addresses);
    std::optional<StateStore> store;
    TerminalPrompt terminal(log, cancelled, language_of(options.language));
    PromptService prompt(&terminal, open_system_browser);
    ComponentHost host(
        {log, secrets, configured ? open_state(store, manifest, options, finish) : std::nullopt, roots,
         egress, prompt},
        manifest.type, settings);
    if (support) host.secrets().keep_values();
    const std::string id = options.call_id.empty() ? HostCall::fresh_id() : options.call_id;
    if (support) support->begins(id, settings, input);
    HostCall call(id, options.operation, std::move(input), blobs, log, cancelled);
    if (view.progress)
        call.show_progress_with([&](std::string_view event) { return view.progress(event, log); });
    const auto bundle = [&](int code) {
        if (support) {
            const SupportBundle::Outcome left = support->finish(code, host.secrets(), cancelled);
            finish.note(left.level, left.sentence);
        }
        return code;
    };
    ComponentHandle component = load(manifest, offered)->create(host.table());

    std::string problem;
    if (const wfc_status status = configured ? component.configure(settings, problem) : WFC_OK;
        status != WFC_OK) {
        const int code = finish.with(status, problem, blobs);
        finish.name_missing(host.secrets(), status, written);
        return bundle(code);
    }
    if (options.timeout) {
        call.deadline_in(*options.timeout);
        terminal.ends_in(*options.timeout);
    }
    const wfc_status status = [&] {
        const CurrentCall within({id});
        return component.invoke(call.table());
    }();
    const int code = finish.with(status, call.result(), blobs);
    finish.name_missing(host.secrets(), status, written);
    bundle(code);
    component.quiesce();
    return code;
}

}  // namespace wfc::tool
