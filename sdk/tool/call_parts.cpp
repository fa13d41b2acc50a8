#include "tool/call_parts.hpp"

#include "wfc/duration.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

Assignments split(const std::vector<std::string>& given, const char* option, bool empty_value) {
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

void add_roots(CLI::App& app, std::vector<std::filesystem::path>& into, const std::string& default_root) {
    once_each(app.add_option("--root", into,
                             "Files named in settings and input must lie in here (repeatable; default: " +
                                 default_root + ")"))
        ->type_name("DIR");
}

void add_no_private(CLI::App& app, bool& into) {
    app.add_flag("--no-private-addresses", into,
                 "Refuse connections to loopback, private and other special addresses");
}

CallParts::CallParts(CLI::App& app, InvokeOptions& into, const std::string& default_root,
                     const std::string& default_limit)
    : into_(into) {
    once_each(
        app.add_option("--set", changes_,
                       "Change one member of the settings; the value is JSON, or else a string (repeatable)"))
        ->type_name("/POINTER=VALUE");
    app.add_option("--timeout", timeout_,
                   "Stop after so long: 250ms, 30s, 5m (default: " + default_limit + ")")
        ->type_name("TIME");
    add_components(app, into.components);
    add_roots(app, into.roots, default_root);
    add_no_private(app, no_private_);
    app.add_flag("--json", into.json, "Log and progress as JSON lines");
    app.add_flag("--verbose,-v", into.verbose, "Log everything");
}

void CallParts::read() {
    into_.changes = split(changes_, "--set", true);
    into_.private_addresses = !no_private_;
    if (timeout_.empty()) return;
    try {
        into_.timeout =
            parse_duration(timeout_, {std::chrono::milliseconds(1), std::chrono::hours(365 * 24)});
    } catch (const std::invalid_argument& error) {
        throw CLI::ValidationError("--timeout", "\"" + shortened(timeout_) + "\" " + error.what());
    }
}

}  // namespace wfc::tool
