#include "tool/panel_command.hpp"

#include "tool/call_parts.hpp"
#include "tool/usage_texts.hpp"

namespace wfc::tool {

PanelCommand::PanelCommand(CLI::App& app)
    : app_(app.add_subcommand("panel", "Generate what an engine's editor needs to show a component")) {
    app_->footer(panel_footer);
    app_->add_option("TYPE", options_.type, "The component; `wfc describe` lists them")->required();
    app_->add_option("--target", options_.target, "The engine: node-red")->type_name("ENGINE")->required();
    app_->add_option("--package", options_.package, "Name of the engine's package")
        ->type_name("NAME")
        ->required();
    app_->add_option("--out", options_.out, "The package's folder")->type_name("DIR")->required();
    once_each(app_->add_option("--option", options_.flags,
                               "A check box of the node that the component knows nothing of (repeatable); "
                               "its texts are node/NAME"))
        ->type_name("NAME");
    app_->add_flag("--check", options_.check, "Write nothing; end with 1 if a file is not as it would be");
    add_components(*app_, options_.components);
}

std::optional<PanelOptions> PanelCommand::asked() const {
    if (!app_->parsed()) return std::nullopt;
    return options_;
}

}  // namespace wfc::tool
