#include "tool/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

#include "host/printable.hpp"
#include "metrics/listen_address.hpp"
#include "tool/account_command.hpp"
#include "tool/call_parts.hpp"
#include "tool/explain_command.hpp"
#include "tool/panel_command.hpp"
#include "tool/stop.hpp"
#include "tool/usage_texts.hpp"

namespace wfc::tool {

bool wants_json(int argc, const char* const* argv) noexcept {
    return std::any_of(argv, argv + argc,
                       [](const char* word) { return std::string_view(word) == "--json"; });
}

namespace {

/// Each is a thread.
constexpr std::size_t most_served_calls = 1024;

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
    CommandLine out;
    DescribeOptions describing;
    InvokeOptions invoking;
    std::vector<std::string> blobs, saved;

    CLI::App app("wfc runs workflow components: shared libraries that do one job for a workflow engine.",
                 "wfc");
    app.footer(top_footer);
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("wfc ") + WFC_TOOL_VERSION);
    app.failure_message([](const CLI::App* self, const CLI::Error& error) {
        return std::string("wfc: ") + printable(error.what()) + "\nTry `" + self->get_name() + " --help`.\n";
    });

    CLI::App* describe =
        app.add_subcommand("describe", "List components, or explain one: operations, settings, secrets");
    describe->footer(describe_footer);
    describe->add_option("TYPE", describing.type, "The component to explain; without it, all are listed");
    describe
        ->add_option("--language", describing.language,
                     "Language of the texts, as en or ja (default: from LANG)")
        ->type_name("LANG");
    add_components(*describe, describing.components);

    CLI::App* invoke = app.add_subcommand("invoke", "Run one operation of a component");
    invoke->footer(invoke_footer);
    invoke->add_option("TYPE", invoking.type, "The component; `wfc describe` lists them")->required();
    invoke->add_option("OPERATION", invoking.operation, "What it shall do; `wfc describe TYPE` lists them")
        ->required();
    invoke->add_option("--settings", invoking.settings, "JSON document with the settings (default: {})")
        ->type_name("FILE");
    invoke
        ->add_option("--input", invoking.input,
                     "JSON document with the input; - is standard input (default: {})")
        ->type_name("FILE|-");
    once_each(invoke->add_option("--blob", blobs, "Give the file PATH to the call as blob NAME (repeatable)"))
        ->type_name("NAME=PATH");
    once_each(invoke->add_option("--save-blob", saved,
                                 "Save the blob NAME that the call makes, if it succeeds (repeatable)"))
        ->type_name("NAME=PATH");
    CallParts invoke_parts(*invoke, invoking, "the current directory");
    invoke
        ->add_option("--call-id", invoking.call_id,
                     "The same id means the same piece of work again (default: a fresh one)")
        ->type_name("ID");

    invoke
        ->add_option(
            "--support", invoking.support,
            "If the call does not succeed, leave an archive for a ticket: result, transcript, settings, "
            "versions; secrets and people's addresses are masked")
        ->type_name("FILE")
        ->check([](const std::string& name) { return name.empty() ? "FILE is empty" : std::string(); });

    AccountCommand accounts(app);
    const ExplainCommand explaining(app);
    const PanelCommand panelling(app);

    RunOptions running;
    CLI::App* run = app.add_subcommand("run", "Run flows on their schedules");
    run->footer(run_footer);
    run->add_option("FLOW", running.flows, "Flow files")->required();
    CLI::Option* once = run->add_flag("--once", running.once, "Run now, once, and end");
    run->add_option("--payload", running.payload,
                    "JSON document that the first step gets; - is standard input")
        ->type_name("FILE");
    add_components(*run, running.components);
    add_roots(*run, running.roots, "the folder of the flow file");
    bool run_no_private = false;
    add_no_private(*run, run_no_private);
    run->add_flag("--json", running.json, "Events and log as JSON lines");
    run->add_flag("--verbose,-v", running.verbose, "Log everything");
    run->add_option("--metrics", running.metrics,
                    "Tell Prometheus what was counted, at http://ADDRESS:PORT/metrics")
        ->type_name("ADDRESS:PORT")
        ->excludes(once)
        ->check([](const std::string& text) {
            try {
                metrics::parse_listen_address(text);
                return std::string();
            } catch (const std::invalid_argument& fault) {
                return std::string(fault.what());
            }
        });

    ServeOptions serving;
    CLI::App* serve = app.add_subcommand("serve", "Run components for an engine, as a child process of it");
    serve->footer(serve_footer);
    add_components(*serve, serving.components);
    add_roots(*serve, serving.roots, "no file can be opened");
    bool serve_no_private = false;
    add_no_private(*serve, serve_no_private);
    serve->add_option("--calls", serving.calls, "So many calls at the same time at most (default: 32)")
        ->type_name("N")
        ->check(CLI::Range(std::size_t{1}, most_served_calls));

    SecretOptions keeping;
    CLI::App* secret = app.add_subcommand("secret", "Keep secrets, encrypted");
    secret->footer(secret_footer);
    secret->require_subcommand(1);
    CLI::App* set = secret->add_subcommand("set", "Store a value, read from standard input or asked for");
    set->add_option("NAME", keeping.name, "What settings call it")->required();
    set->add_flag("--passphrase", keeping.passphrase, "Protect a new store with a passphrase");
    CLI::App* list = secret->add_subcommand("list", "Names of the stored secrets");
    list->add_flag("--json", keeping.json, "As a JSON list");
    CLI::App* remove = secret->add_subcommand("remove", "Forget a secret");
    remove->add_option("NAME", keeping.name, "What settings call it")->required();

    try {
        app.parse(argc, argv);
        invoking.blobs = split(blobs, "--blob");
        invoking.saved_blobs = split(saved, "--save-blob");
        invoke_parts.read();
        accounts.read();
        running.private_addresses = !run_no_private;
        serving.private_addresses = !serve_no_private;
        if (!running.payload.empty() && running.flows.size() > 1)
            throw CLI::ValidationError("--payload", "goes with one flow file");
    } catch (const CLI::ParseError& stop) {
        const bool wrong = stop.get_exit_code() != 0;
        // CLI11 repeats the argument it does not expect, which here is somebody's secret.
        const bool of_secret = argc > 1 && std::string_view(argv[1]) == "secret";
        if (wrong && of_secret && stop.get_name() != "RequiredError") {
            throw Stop(exit_usage,
                       "there is an argument too many: a value is never given on the command line but on "
                       "standard input, or when wfc asks; see `wfc secret set --help`");
        }
        if (const std::string fault = ExplainCommand::fault(stop, argc, argv); wrong && !fault.empty())
            throw Stop(exit_usage, fault);
        if (wrong && wants_json(argc, argv)) throw Stop(exit_usage, stop.what());
        out.exit = app.exit(stop) == 0 ? exit_ok : exit_usage;
        return out;
    }
    if (describe->parsed()) out.describe = std::move(describing);
    if (invoke->parsed()) out.invoke = std::move(invoking);
    out.account = accounts.asked();
    out.explain = explaining.asked();
    out.panel = panelling.asked();
    if (run->parsed()) out.run = std::move(running);
    if (serve->parsed()) out.serve = std::move(serving);
    if (secret->parsed()) {
        keeping.action = set->parsed()    ? SecretOptions::Action::set
                         : list->parsed() ? SecretOptions::Action::list
                                          : SecretOptions::Action::remove;
        out.secret = std::move(keeping);
    }
    return out;
}

}  // namespace wfc::tool
