/// Secrets that were handed to this process in its environment.
///
/// Guarantees: a value is read once; its bytes in the environment block are overwritten and its variable
/// removed, so that neither /proc/PID/environ nor a child process shows it. A component is answered only for
/// the names that stand in its settings. Keeps nothing on disk: `put` and `erase` are WFC_UNSUPPORTED.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/component.h"
#include "wfc/secret.hpp"

namespace wfc {

/// All secrets of the process. Filled before threads start, read from any.
class SecretStore {
  public:
    /// Moves every WFC_SECRET_* out of the environment. Call before other threads exist: the environment has
    /// no lock.
    void take_environment();
    /// Keeps a value under the name of its variable; for tests and embedding hosts.
    void keep(std::string_view name, SecretString value);

    /// The value, or null. Borrowed.
    const SecretString* find(std::string_view name) const;

    /// WFC_SECRET_ + the name in upper case, every character outside [A-Za-z0-9] replaced by `_`.
    static std::string variable(std::string_view name);

  private:
    std::map<std::string, SecretString, std::less<>> values_;  // by variable
};

/// Every name in a {"$secret": "name"} of a settings document; none when it is no usable JSON.
std::set<std::string, std::less<>> secret_names(std::string_view settings_json);

/// wfc.secrets/1 for one component. Any thread.
class SecretView {
  public:
    /// `store` outlives this.
    SecretView(const SecretStore& store, std::set<std::string, std::less<>> allowed);
    SecretView(const SecretView&) = delete;
    SecretView& operator=(const SecretView&) = delete;

    const wfc_secrets* table() const noexcept { return &table_; }
    /// Names that were asked for, stand in the settings and are not in the store.
    std::vector<std::string> missing() const;

  private:
    wfc_status get(std::string_view name, wfc_sink value);

    const SecretStore& store_;
    std::set<std::string, std::less<>> allowed_;
    mutable std::mutex mutex_;
    std::set<std::string, std::less<>> missing_;
    wfc_secrets table_;
};

}  // namespace wfc
