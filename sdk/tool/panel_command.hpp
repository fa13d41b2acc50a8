/// `wfc panel` on the command line. Internal to the reading of it.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

#include "tool/options.hpp"

namespace wfc::tool {

class PanelCommand {
  public:
    /// Adds the command to `app`, which outlives this.
    explicit PanelCommand(CLI::App& app);
    PanelCommand(const PanelCommand&) = delete;
    PanelCommand& operator=(const PanelCommand&) = delete;

    /// What was asked for, if this command was.
    std::optional<PanelOptions> asked() const;

  private:
    CLI::App* app_;
    PanelOptions options_;
};

}  // namespace wfc::tool
