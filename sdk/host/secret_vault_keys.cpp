// Which key opens the store.
#include "host/secret_vault.hpp"
#include "host/secret_vault_file.hpp"

namespace wfc {

using vault::content_of;
using vault::naming;
using vault::refuse;

std::optional<GivenKey> SecretVault::given() {
    std::optional<GivenKey> key = given_key();
    caution_ = key ? key->caution : std::string();
    return key;
}

SecretKeys SecretVault::keys_for(const SecretHeader& header, std::string_view content) {
    const bool passphrase = header.kind == KeyKind::passphrase;
    if (const std::optional<GivenKey> key = given()) {
        SecretKeys keys(key->key);
        if (fits(keys, content)) return keys;
        refuse(file(), passphrase ? "was made with a passphrase, and this key comes before that: " +
                                        key->from + "; take it away"
                                  : "was made with another key than " + key->from +
                                        "; give it that one, or move the store away to make a new one");
    }
    if (passphrase) {
        if (passphrase_ && passphrase_->cost == header.cost) {
            SecretKeys keys(passphrase_->key);
            if (fits(keys, content)) return keys;
        }
        if (passphrase_) {
            refuse(file(), "was made meanwhile with another passphrase; nothing was stored: start again");
        }
        refuse(
            file(),
            "is protected by a passphrase, which only a person on a terminal can give; where there is none, "
            "make a new store whose key is the systemd credential wfc-key, in a file that WFC_KEY_FILE "
            "names, or in the file beside it that wfc makes");
    }
    const std::filesystem::path own = own_key_file(home());
    const std::optional<SecretString> key = own_key(home());
    if (!key) {
        refuse(file(), "was made with a key that is not here: " + own.string() +
                           " is missing, and no other is given (systemd credential wfc-key, WFC_KEY_FILE); "
                           "put it back from "
                           "a back-up, or move the store away to make a new one");
    }
    SecretKeys keys(*key);
    if (!fits(keys, content)) {
        refuse(file(), "was made with another key than that in " + own.string() +
                           "; put the right one there, or move both away to make a new store");
    }
    return keys;
}

SecretRecords SecretVault::create() {
    if (const std::optional<GivenKey> key = given()) {
        return {fresh_header(KeyKind::key, {}), SecretKeys(key->key)};
    }
    if (passphrase_) {
        return {fresh_header(KeyKind::passphrase, passphrase_->cost), SecretKeys(passphrase_->key)};
    }
    std::optional<SecretString> own = own_key(home());
    if (!own) own = make_own_key(home());
    return {fresh_header(KeyKind::key, {}), SecretKeys(*own)};
}

bool SecretVault::locked() {
    const std::lock_guard alone(mutex_);
    if (!home_is_there() || given_key()) return false;
    const std::optional<SecretString> content = content_of(file());
    if (!content) return false;
    const SecretHeader header = naming(file(), [&] { return read_header(content->reveal()); });
    return header.kind == KeyKind::passphrase && !(passphrase_ && passphrase_->cost == header.cost);
}

bool SecretVault::unlock(const SecretString& passphrase) {
    const std::lock_guard alone(mutex_);
    if (const auto given = given_key()) {
        refuse(file(), "does not take a passphrase as long as this key comes before it: " + given->from +
                           "; take it away");
    }
    const std::optional<SecretString> content = home_is_there() ? content_of(file()) : std::nullopt;
    if (!content) {
        PassphraseCost cost = fresh_cost();
        SecretString key = key_from_passphrase(passphrase.reveal(), cost);
        passphrase_ = Passphrase{std::move(cost), std::move(key)};
        return true;
    }
    SecretHeader header = naming(file(), [&] { return read_header(content->reveal()); });
    if (header.kind != KeyKind::passphrase) {
        refuse(file(), "was made with a key; only a new store can be protected by a passphrase");
    }
    SecretString key = key_from_passphrase(passphrase.reveal(), header.cost);
    if (!fits(SecretKeys(key), content->reveal())) return false;
    passphrase_ = Passphrase{std::move(header.cost), std::move(key)};
    return true;
}

bool SecretVault::may_hold_written() noexcept try {
    if (!home_is_there()) return false;
    const std::optional<SecretString> content = content_of(file());
    return content && read_header(content->reveal()).written;
} catch (...) {
    return false;
}

std::string SecretVault::caution() const {
    const std::lock_guard alone(mutex_);
    return caution_;
}

}  // namespace wfc
