/// Options that several commands have. Internal to the reading of the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tool/options.hpp"

namespace wfc::tool {

/// NAME=VALUE each. Throws CLI::ValidationError that names `option`.
Assignments split(const std::vector<std::string>& given, const char* option, bool empty_value = false);

/// One value for each time the option is given.
CLI::Option* once_each(CLI::Option* option);

void add_components(CLI::App& app, std::vector<std::filesystem::path>& into);

/// `default_root`: for people.
void add_roots(CLI::App& app, std::vector<std::filesystem::path>& into, const std::string& default_root);

void add_no_private(CLI::App& app, bool& into);

/// Those of the commands that make one call: --set, --timeout, --components, --root,
/// --no-private-addresses, --json, --verbose.
class CallParts {
  public:
    /// Both outlive this.
    CallParts(CLI::App& app, InvokeOptions& into, const std::string& default_root,
              const std::string& default_limit = "the component's own limit");
    CallParts(const CallParts&) = delete;
    CallParts& operator=(const CallParts&) = delete;

    /// After the parsing. Throws CLI::ValidationError.
    void read();

  private:
    InvokeOptions& into_;
    std::vector<std::string> changes_;
    std::string timeout_;
    bool no_private_ = false;
};

}  // namespace wfc::tool
