#include "host/secret_key.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sodium.h>

#include "host/secret_file.hpp"

namespace wfc {

namespace {

constexpr std::size_t largest_key_file = 4096;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// 32 bytes that wipe themselves, for libsodium to write into.
struct Block {
    std::array<unsigned char, secret_key_size> bytes{};

    ~Block() { wipe(bytes.data(), bytes.size()); }
    SecretString text() const {
        return SecretString({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
};

std::optional<SecretString> decoded(std::string_view text) {
    Block key;
    std::size_t size = 0;
    const char* end = nullptr;
    const char* const stop = text.data() + text.size();
    if (text.size() == 2 * secret_key_size &&
        sodium_hex2bin(key.bytes.data(), key.bytes.size(), text.data(), text.size(), nullptr, &size, &end) ==
            0 &&
        size == secret_key_size && end == stop) {
        return key.text();
    }
    if (text.size() != 43 && text.size() != 44) return std::nullopt;
    for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                              sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
        if (sodium_base642bin(key.bytes.data(), key.bytes.size(), text.data(), text.size(), nullptr, &size,
                              &end, variant) == 0 &&
            size == secret_key_size && end == stop) {
            return key.text();
        }
    }
    return std::nullopt;
}

bool is_text(std::string_view bytes) noexcept {
    return std::all_of(bytes.begin(), bytes.end(),
                       [](char c) { return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'); });
}

/// A key put there by an administrator; nothing where there is none. `from`: for sentences.
std::optional<GivenKey> handed(const std::filesystem::path& path, const std::string& from) {
    const FileDescriptor file = open_private(path, Provenance::given);
    if (!file) return std::nullopt;
    GivenKey key{parse_key(read_private(file, largest_key_file, path), path.string()), from, {}};
    if (readable_by_all(file)) {
        key.caution = path.string() +
                      ", the key of the store of secrets, can be read by every user here; "
                      "outside a container of its own, close it with: chmod o= " +
                      path.string();
    }
    return key;
}

}  // namespace

void ready_cryptography() {
    static const int ready = sodium_init();
    if (ready < 0) throw SecretsUnusable("libsodium cannot be used: there is no source of random numbers");
}

SecretString parse_key(const SecretString& content, const std::string& from) {
    ready_cryptography();
    if (content.size() == secret_key_size && is_text(content.reveal())) {
        throw SecretsUnusable(from +
                              " holds no key: 32 characters of text are no 32 random bytes (hex of a key has "
                              "64); make one with `openssl rand -hex 32`");
    }
    if (content.size() == secret_key_size) return content.copy();
    if (std::optional<SecretString> key = decoded(trimmed(content.reveal()))) return std::move(*key);
    throw SecretsUnusable(from +
                          " holds no key: it must be 32 random bytes, raw or as hex or base64, as from "
                          "`openssl rand -hex 32`");
}

std::optional<GivenKey> given_key() {
    if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY"); folder != nullptr && *folder != '\0') {
        const std::filesystem::path path = std::filesystem::path(folder) / "wfc-key";
        if (auto key = handed(path, "the systemd credential wfc-key")) return key;
    }
    const char* named = std::getenv("WFC_KEY_FILE");
    if (named == nullptr || *named == '\0') return std::nullopt;
    const std::string from = std::string(named) + ", which WFC_KEY_FILE names";
    auto key = handed(named, from);
    if (!key) throw SecretsUnusable(from + ", is not there; make it with `openssl rand -hex 32`, mode 0600");
    return key;
}

std::filesystem::path own_key_file(const std::filesystem::path& home) {
    return home / "secrets.key";
}

std::optional<SecretString> own_key(const std::filesystem::path& home) {
    const std::filesystem::path path = own_key_file(home);
    const FileDescriptor file = open_private(path, Provenance::own);
    if (!file) return std::nullopt;
    return parse_key(read_private(file, largest_key_file, path), path.string());
}

SecretString make_own_key(const std::filesystem::path& home) {
    ready_cryptography();
    Block key;
    randombytes_buf(key.bytes.data(), key.bytes.size());
    remove_leftovers(own_key_file(home));
    SecretString text = key.text();
    replace_private(own_key_file(home), text.reveal());
    return text;
}

PassphraseCost fresh_cost() {
    ready_cryptography();
    PassphraseCost cost{crypto_pwhash_argon2id_OPSLIMIT_MODERATE, crypto_pwhash_argon2id_MEMLIMIT_MODERATE,
                        std::string(crypto_pwhash_argon2id_SALTBYTES, '\0')};
    randombytes_buf(cost.salt.data(), cost.salt.size());
    return cost;
}

SecretString key_from_passphrase(std::string_view passphrase, const PassphraseCost& cost) {
    ready_cryptography();
    Block key;
    if (cost.salt.size() != crypto_pwhash_argon2id_SALTBYTES ||
        crypto_pwhash_argon2id(key.bytes.data(), key.bytes.size(), passphrase.data(), passphrase.size(),
                               reinterpret_cast<const unsigned char*>(cost.salt.data()), cost.passes,
                               static_cast<std::size_t>(cost.memory),
                               crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
        throw SecretsUnusable("the passphrase cannot be turned into a key: that takes " +
                              std::to_string(cost.memory >> 20) +
                              " MiB of memory, which are not to be had; give the process more");
    }
    return key.text();
}

}  // namespace wfc
