#include "tool/explain_command.hpp"

#include "tool/call_parts.hpp"
#include "tool/usage_texts.hpp"

namespace wfc::tool {

ExplainCommand::ExplainCommand(CLI::App& app)
    : app_(
          app.add_subcommand("explain", "Say what an error means that was found somewhere, and what to do")) {
    app_->footer(explain_footer);
    app_->add_option("TEXT", options_.words,
                     "What was found, in quotes; - or nothing: standard input. The name of a component may "
                     "stand before it");
    app_->add_option("--type", options_.type,
                     "The component (default: the only one that has such an operation)");
    app_->add_option("--stage", options_.stage, "At which step it was said, if that is known")
        ->type_name("STAGE");
    app_->add_option("--provider", options_.provider, "Whose server said it, if that is known")
        ->type_name("ID");
    app_->add_option("--language", options_.language, "Language, as en or ja (default: from LANG)")
        ->type_name("LANG");
    add_components(*app_, options_.components);
    app_->add_flag("--json", options_.json, "The result document alone on standard output");
}

std::optional<ExplainOptions> ExplainCommand::asked() const {
    if (!app_->parsed()) return std::nullopt;
    return options_;
}

std::string ExplainCommand::fault(const CLI::ParseError& stop, int argc, const char* const* argv) {
    const bool here = argc > 1 && std::string_view(argv[1]) == "explain";
    if (!here || stop.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError)) return {};
    return std::string(stop.what()) +
           "; put the text in quotes, as in wfc explain 'TEXT', or give it on standard input";
}

}  // namespace wfc::tool
