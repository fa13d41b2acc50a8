/// Where `wfc` keeps secrets and state: WFC_HOME, else $XDG_STATE_HOME/wfc, else ~/.local/state/wfc.
///
/// Guarantees: a folder that another user owns or may write to is refused, since whoever writes there chooses
/// what is trusted. Does not look at the folders above it: one put in its place by somebody else is somebody
/// else's.
#pragma once

#include <filesystem>
#include <stdexcept>

namespace wfc {

/// There is no such folder, or it may not be used. A sentence for people that says what to do.
class HomeUnusable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The absolute path, without looking at the disk. Throws HomeUnusable where the environment names none. An
/// empty variable is as if it were not set; so is an XDG_STATE_HOME that is not absolute, as its rules say.
std::filesystem::path home_location();

/// Whether `home` is there. Throws HomeUnusable when it is and may not be used.
bool home_exists(const std::filesystem::path& home);

/// Makes `home` where it is missing, and the folders above it, with mode 0700 whatever the umask; they are on
/// the disk when it returns. Throws HomeUnusable, also as home_exists does, and where root would make it in a
/// folder of another user.
void make_home(const std::filesystem::path& home);

/// The folder, made where it is missing. Throws HomeUnusable.
std::filesystem::path home_directory();

}  // namespace wfc
