#include "tool/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "host/printable.hpp"
#include "tool/stop.hpp"
#include "wfc/duration.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

namespace {

constexpr const char* top_footer = R"(Examples:
  wfc describe                      list the installed components
  wfc describe TYPE                 what one can do, its settings, the secrets it needs
  wfc invoke TYPE OPERATION --settings account.json --input order.json
                                    run an operation once
  wfc run flow.json                 run a flow on its schedule until it is stopped
  wfc secret set NAME               keep a secret, encrypted

`wfc COMMAND --help` explains a command.)";

constexpr const char* invoke_footer =
    R"(The result document alone goes to standard output, everything else to standard error.

Examples:
  wfc invoke TYPE OPERATION --settings account.json --input order.json
  echo '{"name":"value"}' | wfc invoke TYPE OPERATION --settings account.json --input -
  wfc invoke TYPE OPERATION --settings account.json --set /server/port=2525 --timeout 30s
  wfc invoke TYPE OPERATION --settings account.json --blob chart=chart.png --save-blob out=out.bin

Secrets: settings name them as {"$secret": "NAME"}; the value comes from the environment
variable WFC_SECRET_NAME (upper case, every other character becomes _), which is read once
and removed at start, or from the encrypted store (`wfc secret --help`). Never write a secret
into a file of settings or onto a command line:
  wfc secret set alice

Exit codes:
  0  done                       64  wrong usage, unknown operation
  2  partly done                65  invalid input
  3  rejected by the other side 66  a named file cannot be read
  4  failed                     69  the component is missing or was refused
  5  unknown how it ended       70  internal error
  6  cancelled                  78  invalid settings, a missing secret included

Ctrl-C cancels and still prints the document; a second one leaves at once (130). While the
documents are still being read there is nothing to cancel: the first one ends with 6.

Progress is one line on a terminal and silent elsewhere; --verbose and --json write it all.)";

constexpr const char* run_footer =
    R"(A flow file names components, settings and inputs, and when to run them. Its paths are relative to
it. One line for each event goes to standard output; with --json each is a JSON object.

Examples:
  wfc run flow.json                 on its schedule, until SIGTERM or Ctrl-C
  wfc run a.json b.json             several flows in one process
  wfc run flow.json --once          now, once; ends with the code of its last step
  wfc run flow.json --once --payload order.json

SIGTERM and Ctrl-C let the running step finish; a second one cancels it. What was run stands in
WFC_HOME (default: $XDG_STATE_HOME/wfc, else ~/.local/state/wfc), so that a restart runs nothing twice.)";

constexpr const char* secret_footer =
    R"(Secrets are kept encrypted in WFC_HOME (default: $XDG_STATE_HOME/wfc, else ~/.local/state/wfc). The key
comes from the systemd credential wfc-key, else from the file that WFC_KEY_FILE names (32 random bytes,
raw, hex or base64; mode 0600), else from a passphrase if the store was made with one, else from a file
beside the store that wfc makes: back that up apart from the store.

A value is read from standard input, without the line feed at its end, or asked for twice on a terminal.
It never stands on the command line, where every user of the machine could read it. Components get the
value of the environment variable WFC_SECRET_NAME, if it is set, before the stored one; and before both,
a value that they wrote themselves (a renewed token), until the one given to them changes.

Examples:
  wfc secret set alice              asks for the value and does not show it
  pass show accounts/alice | wfc secret set alice
  wfc secret set alice --passphrase asks for a passphrase as the store is made
  wfc secret list
  wfc secret remove alice

Exit codes:
  0  done                       66  the store, its key or their folder cannot be used
  6  cancelled                  78  remove: there is no such secret
 64  wrong usage                65  no value, or one larger than 64 KiB)";

constexpr const char* describe_footer = R"(Examples:
  wfc describe
  wfc describe TYPE
  wfc describe TYPE --language ja
  wfc describe --components ./build/release/components)";

Assignments split(const std::vector<std::string>& given, const char* option, bool empty_value = false) {
    Assignments out;
    for (const std::string& assignment : given) {
        const std::size_t at = assignment.find('=');
        if (at == std::string::npos || at == 0 || (!empty_value && at + 1 == assignment.size())) {
            throw CLI::ValidationError(option, "expects NAME=VALUE");
        }
        out.emplace_back(assignment.substr(0, at), assignment.substr(at + 1));
    }
    return out;
}

CLI::Option* once_each(CLI::Option* option) {
    return option->allow_extra_args(false);
}

void add_components(CLI::App& app, std::vector<std::filesystem::path>& into) {
    once_each(app.add_option("--components", into,
                             "Look for components here first (repeatable). Then: the directories of "
                             "WFC_COMPONENTS, then `components` beside wfc"))
        ->type_name("DIR");
}

}  // namespace

bool wants_json(int argc, const char* const* argv) noexcept {
    return std::any_of(argv, argv + argc,
                       [](const char* word) { return std::string_view(word) == "--json"; });
}

CommandLine read_command_line(int argc, const char* const* argv) {
    CommandLine out;
    DescribeOptions describing;
    InvokeOptions invoking;
    std::vector<std::string> blobs, saved, changes;
    std::string timeout;

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
    once_each(invoke->add_option(
                  "--set", changes,
                  "Change one member of the settings; the value is JSON, or else a string (repeatable)"))
        ->type_name("/POINTER=VALUE");
    once_each(invoke->add_option("--blob", blobs, "Give the file PATH to the call as blob NAME (repeatable)"))
        ->type_name("NAME=PATH");
    once_each(invoke->add_option("--save-blob", saved,
                                 "Save the blob NAME that the call makes, if it succeeds (repeatable)"))
        ->type_name("NAME=PATH");
    invoke
        ->add_option("--timeout", timeout,
                     "Stop after so long: 250ms, 30s, 5m (default: the component's own limit)")
        ->type_name("TIME");
    add_components(*invoke, invoking.components);
    once_each(
        invoke->add_option("--root", invoking.roots,
                           "Files named in settings and input must lie in here (repeatable; default: the "
                           "current directory)"))
        ->type_name("DIR");
    bool no_private = false;
    invoke->add_flag("--no-private-addresses", no_private,
                     "Refuse connections to loopback, private and other special addresses");
    invoke->add_flag("--json", invoking.json, "Log and progress as JSON lines");
    invoke->add_flag("--verbose,-v", invoking.verbose, "Log everything");
    invoke
        ->add_option("--call-id", invoking.call_id,
                     "The same id means the same piece of work again (default: a fresh one)")
        ->type_name("ID");

    RunOptions running;
    CLI::App* run = app.add_subcommand("run", "Run flows on their schedules");
    run->footer(run_footer);
    run->add_option("FLOW", running.flows, "Flow files")->required();
    run->add_flag("--once", running.once, "Run now, once, and end");
    run->add_option("--payload", running.payload,
                    "JSON document that the first step gets; - is standard input")
        ->type_name("FILE");
    add_components(*run, running.components);
    once_each(run->add_option("--root", running.roots,
                              "Files named in settings and input must lie in here (repeatable; default: the "
                              "folder of the flow file)"))
        ->type_name("DIR");
    bool run_no_private = false;
    run->add_flag("--no-private-addresses", run_no_private,
                  "Refuse connections to loopback, private and other special addresses");
    run->add_flag("--json", running.json, "Events and log as JSON lines");
    run->add_flag("--verbose,-v", running.verbose, "Log everything");

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
        invoking.changes = split(changes, "--set", true);
        invoking.private_addresses = !no_private;
        if (!timeout.empty()) {
            try {
                invoking.timeout =
                    parse_duration(timeout, {std::chrono::milliseconds(1), std::chrono::hours(365 * 24)});
            } catch (const std::invalid_argument& error) {
                throw CLI::ValidationError("--timeout", "\"" + shortened(timeout) + "\" " + error.what());
            }
        }
        running.private_addresses = !run_no_private;
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
        if (wrong && wants_json(argc, argv)) throw Stop(exit_usage, stop.what());
        out.exit = app.exit(stop) == 0 ? exit_ok : exit_usage;
        return out;
    }
    if (describe->parsed()) out.describe = std::move(describing);
    if (invoke->parsed()) out.invoke = std::move(invoking);
    if (run->parsed()) out.run = std::move(running);
    if (secret->parsed()) {
        keeping.action = set->parsed()    ? SecretOptions::Action::set
                         : list->parsed() ? SecretOptions::Action::list
                                          : SecretOptions::Action::remove;
        out.secret = std::move(keeping);
    }
    return out;
}

}  // namespace wfc::tool
