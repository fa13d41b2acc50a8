/// The passphrase of the encrypted store, asked for where it is needed and a person is there.
#pragma once

#include <set>
#include <string>

#include "host/secret_vault.hpp"

namespace wfc {
class SecretStore;
}

namespace wfc::tool {

/// Asks for the passphrase of a store that waits for it, up to three times. Where there is no terminal the
/// store stays as it is: whoever uses it hears why. Throws Stop(66) after a third wrong one, SecretsUnusable,
/// and Stop(6) when the person leaves.
void unlock(SecretVault& vault);

/// The same before a component runs that may ask for these names, if a store can hold one of them: also where
/// all are in the environment, since a component's own value comes before that. A store that cannot be used
/// for other reasons is not looked at here. Before other threads ask.
void unlock_for(SecretStore& secrets, const std::set<std::string, std::less<>>& names);

/// Asks twice for the passphrase of a store that is about to be made. Throws Stop(64) where another key is
/// given or there is no terminal, Stop(65) where the two differ or are empty.
void choose_passphrase(SecretVault& vault);

/// Asks twice. Throws Stop(65) when the two differ or are empty, Stop(64) without a terminal.
SecretString ask_twice(const std::string& question, const std::string& again);

}  // namespace wfc::tool
