#include "tool/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "host/printable.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

constexpr const char* top_footer = R"(Examples:
  wfc describe                      list the installed components
  wfc describe TYPE                 what one can do, its settings, the secrets it needs
  wfc invoke TYPE OPERATION --settings account.json --input order.json
                                    run an operation once

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
and removed at start. Never write a secret into a file of settings or onto a command line:
  read -rs WFC_SECRET_ALICE && export WFC_SECRET_ALICE

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

    try {
        app.parse(argc, argv);
        invoking.blobs = split(blobs, "--blob");
        invoking.saved_blobs = split(saved, "--save-blob");
        invoking.changes = split(changes, "--set", true);
        invoking.private_addresses = !no_private;
        if (!timeout.empty()) {
            invoking.timeout = duration(timeout);
            if (!invoking.timeout)
                throw CLI::ValidationError("--timeout", "expects a time such as 250ms, 30s, 5m or 1h");
        }
    } catch (const CLI::ParseError& stop) {
        const bool wrong = stop.get_exit_code() != 0;
        if (wrong && wants_json(argc, argv)) throw Stop(exit_usage, stop.what());
        out.exit = app.exit(stop) == 0 ? exit_ok : exit_usage;
        return out;
    }
    if (describe->parsed()) out.describe = std::move(describing);
    if (invoke->parsed()) out.invoke = std::move(invoking);
    return out;
}

}  // namespace wfc::tool
