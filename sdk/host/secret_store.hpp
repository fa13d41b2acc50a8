/// All secrets of the process: those a component wrote, those in its environment, those in the encrypted
/// store.
///
/// Guarantees: of the environment a value is read once; its bytes in the environment block are overwritten
/// and its variable removed, so that neither /proc/PID/environ nor a child process shows it. The encrypted
/// store is asked as it is at that moment, and nothing on the disk is made by asking. Never asks a person:
/// `unlock` of the vault does that before.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "wfc/component.h"
#include "wfc/secret.hpp"

namespace wfc {

class SecretVault;

/// WFC_OK, WFC_NOT_FOUND, WFC_UNAVAILABLE (the encrypted store or its key cannot be used), WFC_CONFLICT
/// (another value was supplied, or what was written removed, since the component asked), WFC_UNSUPPORTED
/// (nothing is kept on a disk here) or WFC_INVALID_INPUT (name or size cannot be kept).
struct SecretAnswer {
    wfc_status status = WFC_OK;
    SecretString value;   ///< of `get`
    std::string trouble;  ///< why the encrypted store could not be used, even where the answer is WFC_OK
    std::string basis;    ///< what the answer rests on, for a later `put`; empty where that is not known
};

using SecretValues = std::map<std::string, SecretString, std::less<>>;

/// Filled before threads start, used from any.
class SecretStore {
  public:
    /// The environment alone: `put` and `erase` are WFC_UNSUPPORTED.
    SecretStore() = default;
    /// With the encrypted store `vault`, which outlives this.
    explicit SecretStore(SecretVault& vault) : vault_(&vault) {}
    /// Those of `shared`, encrypted store included, and before its environment the values `given`, by their
    /// names as they stand in settings: what one component alone was supplied with. `shared` outlives this
    /// and is filled no more.
    SecretStore(const SecretStore& shared, SecretValues given)
        : given_(std::move(given)), shared_(&shared), vault_(shared.vault_) {}

    /// Moves every WFC_SECRET_* out of the environment; an empty one does not count. Call before other
    /// threads exist: the environment has no lock.
    void take_environment();
    /// Keeps a value under the name of its variable; for tests and embedding hosts.
    void keep(std::string_view name, SecretString value);

    /// What a component wrote, until the supplied value changes; then the environment's; then the store's. A
    /// value of the environment is also the answer where the encrypted store cannot be used, with one
    /// exception: where components have written into a store that can be read but not opened, as without its
    /// passphrase, it is WFC_UNAVAILABLE. The value that counts may be one of those, and a server may lock an
    /// account whose replaced token is used once more.
    SecretAnswer get(std::string_view name);
    /// Keeps what the component wrote. Names are those that the encrypted store takes: 1 to 128 of
    /// [A-Za-z0-9._-]; values have 1 byte to 64 KiB. `basis`: of the answer that the value was made of, or
    /// empty: it then belongs to whatever is supplied now.
    SecretAnswer put(std::string_view name, const SecretString& value, const std::string& basis = {});
    /// Forgets what `get` would give and a component wrote. WFC_NOT_FOUND when there was nothing.
    SecretAnswer erase(std::string_view name, const std::string& basis = {});

    /// Whether the environment, or who gave values, has one for that name.
    bool in_environment(std::string_view name) const { return environment(name) != nullptr; }
    /// The encrypted store, or null.
    SecretVault* vault() const noexcept { return vault_; }

    /// WFC_SECRET_ + the name in upper case, every character outside [A-Za-z0-9] replaced by `_`.
    static std::string variable(std::string_view name);

  private:
    const SecretString* environment(std::string_view name) const;

    SecretValues values_{};  // by variable
    SecretValues given_{};   // by name
    const SecretStore* shared_ = nullptr;
    SecretVault* vault_ = nullptr;
};

}  // namespace wfc
