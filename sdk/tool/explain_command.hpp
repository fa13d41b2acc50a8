/// `wfc explain` on the command line. Internal to the reading of it.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "tool/options.hpp"

namespace wfc::tool {

class ExplainCommand {
  public:
    /// Adds the command to `app`, which outlives this.
    explicit ExplainCommand(CLI::App& app);
    ExplainCommand(const ExplainCommand&) = delete;
    ExplainCommand& operator=(const ExplainCommand&) = delete;

    /// What was asked for, if this command was.
    std::optional<ExplainOptions> asked() const;

    /// What is wrong with the arguments, if it is a piece of a text without quotes; else empty.
    static std::string fault(const CLI::ParseError& stop, int argc, const char* const* argv);

  private:
    CLI::App* app_;
    ExplainOptions options_;
};

}  // namespace wfc::tool
