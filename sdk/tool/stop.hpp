/// How `wfc` ends, and with which number.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "wfc/component.h"

namespace wfc::tool {

enum Exit : int {
    exit_ok = 0,
    exit_partial = 2,
    exit_rejected = 3,
    exit_failed = 4,
    exit_unknown = 5,
    exit_cancelled = 6,
    exit_usage = 64,  ///< wrong usage, an unknown operation included
    exit_invalid_input = 65,
    exit_unreadable = 66,    ///< a named file cannot be read (or written)
    exit_no_component = 69,  ///< missing or refused
    exit_internal = 70,
    exit_invalid_settings = 78,
};

/// Ends the program before there is a document: one sentence for standard error.
class Stop : public std::runtime_error {
  public:
    Stop(int code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
    int code() const noexcept { return code_; }

  private:
    int code_;
};

/// The exit code of a finished call. `outcome` is that of its document, or empty. A status that says that
/// nothing was attempted wins over the document.
int exit_code(wfc_status status, std::string_view outcome) noexcept;

}  // namespace wfc::tool
