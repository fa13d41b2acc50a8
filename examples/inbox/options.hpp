/// The command line of `inbox`.
#pragma once

#include <string>

#include "inbox.hpp"

namespace inbox {

struct CommandLine {
    Options options;
    std::string ready_file;  ///< empty: none
    bool verbose = false;
    int exit_code = -1;  ///< >= 0: nothing to serve (help, or wrong usage), end with this
};

/// Prints help and errors itself.
CommandLine parse_command_line(int argc, const char* const* argv);

/// {"alice": "secret"}: user names and passwords. Throws std::runtime_error that never quotes the file.
std::map<std::string, std::string> load_users(const std::string& path);

}  // namespace inbox
