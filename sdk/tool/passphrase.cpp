#include "tool/passphrase.hpp"

#include <algorithm>

#include "host/secret_key.hpp"
#include "host/secret_store.hpp"
#include "tool/hidden_input.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

void unlock(SecretVault& vault) {
    for (int left = 3; vault.locked(); --left) {
        if (left == 0)
            throw Stop(exit_unreadable, "none of these is the passphrase of the store of secrets; try again");
        const auto passphrase = ask_hidden(left == 3 ? "Passphrase of the store of secrets: "
                                                     : "That is not its passphrase. Once more: ");
        if (!passphrase) return;
        vault.unlock(*passphrase);
    }
}

void unlock_for(SecretStore& secrets, const std::set<std::string, std::less<>>& names) {
    if (secrets.vault() == nullptr) return;
    if (std::none_of(names.begin(), names.end(), storable_name)) return;
    try {
        unlock(*secrets.vault());
    } catch (const SecretsUnusable&) {  // said when a secret is asked for
    }
}

SecretString ask_twice(const std::string& question, const std::string& again) {
    auto first = ask_hidden(question);
    auto second = first ? ask_hidden(again) : std::nullopt;
    if (!first || !second) throw Stop(exit_usage, "there is no terminal to ask on; run it on one");
    if (first->reveal() != second->reveal())
        throw Stop(exit_invalid_input, "the two are not the same; nothing was stored, start again");
    if (first->empty()) throw Stop(exit_invalid_input, "nothing was typed, so nothing was stored");
    return std::move(*first);
}

void choose_passphrase(SecretVault& vault) {
    if (const auto given = given_key()) {
        throw Stop(exit_usage, "a new store would get its key from " + given->from +
                                   "; take that away if a passphrase shall protect it");
    }
    vault.unlock(ask_twice("New passphrase of the store of secrets: ", "The same again: "));
}

}  // namespace wfc::tool
