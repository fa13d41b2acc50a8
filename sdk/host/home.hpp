/// Where `wfc` keeps secrets and state: WFC_HOME, else $XDG_STATE_HOME/wfc, else ~/.local/state/wfc.
#pragma once

#include <filesystem>
#include <stdexcept>

namespace wfc {

/// There is no such folder, or it may not be used. A sentence for people that says what to do.
class HomeUnusable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The folder, made with mode 0700 where it is missing. Throws HomeUnusable, also when others may write to
/// it.
std::filesystem::path home_directory();

}  // namespace wfc
