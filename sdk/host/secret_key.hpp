/// The key of the store of secrets: where it comes from.
///
/// In this order: the systemd credential `wfc-key`, the file that WFC_KEY_FILE names, a passphrase if the
/// store was made with one, else a key file of the store's own beside it. The first that is there is used: no
/// other is tried when it does not fit. A key file beside the store protects copies of the store alone, not
/// an account that somebody else can read as a whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "wfc/secret.hpp"

namespace wfc {

constexpr std::size_t secret_key_size = 32;

/// libsodium, made ready once. Throws SecretsUnusable. Any thread.
void ready_cryptography();

/// A key and where it is from, for sentences. 32 bytes.
struct GivenKey {
    SecretString key;
    std::string from;
    std::string caution;  ///< a sentence where it is less well kept than it should be
};

/// From the credential or WFC_KEY_FILE; nothing where neither is given. Throws SecretsUnusable when what is
/// given cannot be used.
std::optional<GivenKey> given_key();

std::filesystem::path own_key_file(const std::filesystem::path& home);
/// The key in that file, or nothing. Throws SecretsUnusable.
std::optional<SecretString> own_key(const std::filesystem::path& home);
/// Draws a key and puts it into that file. Under the lock of the store, and only where there is none.
SecretString make_own_key(const std::filesystem::path& home);

/// The key in the text of a key file: 32 bytes, raw or in hex or base64 with white space around them. Throws
/// SecretsUnusable for anything else, 32 characters of text included: those were typed, or are hex of half a
/// key.
SecretString parse_key(const SecretString& content, const std::string& from);

/// What turning a passphrase into a key costs (Argon2id), as it stands in the store.
struct PassphraseCost {
    std::uint64_t passes = 0, memory = 0;  ///< memory in bytes
    std::string salt;                      ///< 16 bytes

    bool operator==(const PassphraseCost&) const = default;
};

/// libsodium's "moderate" (3 passes over 256 MiB) and a fresh salt.
PassphraseCost fresh_cost();
/// Throws SecretsUnusable when memory is lacking. Takes half a second or more.
SecretString key_from_passphrase(std::string_view passphrase, const PassphraseCost& cost);

}  // namespace wfc
