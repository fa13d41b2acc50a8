/// `wfc account` on the command line. Internal to the reading of it.
#pragma once

#include <array>
#include <optional>

#include "tool/call_parts.hpp"

namespace wfc::tool {

class AccountCommand {
  public:
    /// Adds the command to `app`, which outlives this.
    explicit AccountCommand(CLI::App& app);

    /// After the parsing. Throws CLI::ValidationError.
    void read();
    /// What was asked for, if this command was.
    std::optional<AccountOptions> asked() const;

  private:
    struct Action {
        const char *name, *operation, *help;
        CLI::App* app = nullptr;
        AccountOptions options{};
        std::optional<CallParts> parts{};
    };
    std::array<Action, 3> actions_;
};

}  // namespace wfc::tool
