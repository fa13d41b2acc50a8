#include "host/secret_format.hpp"

#include <sodium.h>
#include <vector>

#include "host/secret_file.hpp"

namespace wfc {

namespace {

constexpr std::string_view magic = "wfcsecr\n";
constexpr std::uint32_t format = 1;
constexpr const char* damaged = "is damaged; put a back-up in its place";
constexpr std::size_t checked_header = 64, check_size = 32, header_size = 136, checksum_size = 32;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(nonce_size + tag_size == seal_overhead);
static_assert(header_size - 112 == nonce_size);

const unsigned char* bytes(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) noexcept {
    return reinterpret_cast<unsigned char*>(text.data());
}

SecretString derived(const SecretString& key, std::uint64_t number) {
    unsigned char out[secret_key_size];
    crypto_kdf_derive_from_key(out, sizeof out, number, "wfcsecrt", bytes(key.reveal()));
    SecretString text({reinterpret_cast<const char*>(out), sizeof out});
    wipe(out, sizeof out);
    return text;
}

std::string random_bytes(std::size_t size) {
    std::string out(size, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

std::string checksum(std::string_view text) {
    std::string out(checksum_size, '\0');
    crypto_generichash(bytes(out), out.size(), bytes(text), text.size(), nullptr, 0);
    return out;
}

void encrypt(std::string& out, const SecretString& key, std::string_view nonce, std::string_view plain,
             std::string_view with) {
    const std::size_t start = out.size();
    out.resize(start + plain.size() + tag_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(out) + start, nullptr, bytes(plain), plain.size(),
                                               bytes(with), with.size(), nullptr, bytes(nonce),
                                               bytes(key.reveal()));
}

SecretString decrypt(const SecretString& key, std::string_view nonce, std::string_view box,
                     std::string_view with) {
    if (box.size() < tag_size) throw SecretsUnusable(damaged);
    std::vector<unsigned char> plain(box.size() - tag_size + 1);  // never empty: its address is asked for
    const int wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, bytes(box),
                                                                 box.size(), bytes(with), with.size(),
                                                                 bytes(nonce), bytes(key.reveal()));
    if (wrong != 0)
        throw SecretsUnusable("was changed by somebody without its key; put a back-up in its place");
    SecretString out({reinterpret_cast<const char*>(plain.data()), plain.size() - 1});
    wipe(plain.data(), plain.size());
    return out;
}

/// What a store may ask of the machine that opens it: between libsodium's "interactive" and "sensitive".
bool bearable(const PassphraseCost& cost) noexcept {
    return cost.passes >= 1 && cost.passes <= crypto_pwhash_argon2id_OPSLIMIT_SENSITIVE &&
           cost.memory >= crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE &&
           cost.memory <= crypto_pwhash_argon2id_MEMLIMIT_SENSITIVE;
}

std::string header_text(const SecretHeader& header) {
    std::string out(magic);
    put_number(out, format);
    put_number(out, static_cast<std::uint32_t>(header.kind));
    put_number(out, header.cost.passes);
    put_number(out, header.cost.memory);
    out += header.kind == KeyKind::passphrase ? header.cost.salt : std::string(16, '\0');
    out += header.identity;
    return out;
}

}  // namespace

SecretKeys::SecretKeys(const SecretString& key)
    : box_(derived(key, 1)), value_(derived(key, 2)), check_(derived(key, 3)), digest_(derived(key, 4)) {}

SecretHeader fresh_header(KeyKind kind, const PassphraseCost& cost) {
    ready_cryptography();
    return {kind, kind == KeyKind::passphrase ? cost : PassphraseCost{}, random_bytes(16), 0, false};
}

SecretHeader read_header(std::string_view file) {
    ready_cryptography();
    if (file.substr(0, magic.size()) != magic.substr(0, file.size())) {
        throw SecretsUnusable("is no store of secrets; move it away, and a new one is made");
    }
    if (file.size() < header_size + tag_size + checksum_size) {
        throw SecretsUnusable("is damaged: it ends too early; put a back-up in its place");
    }
    const auto version = number_at<std::uint32_t>(file, 8);
    if (version != format) {
        throw SecretsUnusable("has format " + std::to_string(version) +
                              ", which this version of wfc does not know; use the newer one that made it");
    }
    const std::string_view body = file.substr(0, file.size() - checksum_size);
    if (checksum(body) != file.substr(body.size())) {
        throw SecretsUnusable("is damaged: its checksum is wrong; put a back-up in its place");
    }
    SecretHeader header;
    const auto kind = number_at<std::uint32_t>(file, 12);
    header.kind = static_cast<KeyKind>(kind);
    if (kind == static_cast<std::uint32_t>(KeyKind::passphrase)) {
        header.cost = {number_at<std::uint64_t>(file, 16), number_at<std::uint64_t>(file, 24),
                       std::string(file.substr(32, 16))};
        if (!bearable(header.cost))
            throw SecretsUnusable(
                "asks for too much or too little work to open it; put a back-up in its place");
    } else if (kind != static_cast<std::uint32_t>(KeyKind::key)) {
        throw SecretsUnusable(
            "has a kind of key that this version of wfc does not know; use the newer one that made it");
    }
    header.identity = std::string(file.substr(48, 16));
    header.generation = number_at<std::uint64_t>(file, 96);
    header.written = number_at<std::uint64_t>(file, 104) != 0;
    return header;
}

bool fits(const SecretKeys& keys, std::string_view file) {
    const std::string expected = keyed_hash(keys.check(), file.substr(0, checked_header));
    return sodium_memcmp(expected.data(), file.data() + checked_header, check_size) == 0;
}

SecretString open_box(const SecretKeys& keys, std::string_view file) {
    return decrypt(keys.box(), file.substr(header_size - nonce_size, nonce_size),
                   file.substr(header_size, file.size() - header_size - checksum_size),
                   file.substr(0, header_size));
}

std::string close_box(const SecretKeys& keys, SecretHeader& header, std::string_view content) {
    if (content.size() > largest_secret_file - header_size - tag_size - checksum_size) {
        throw SecretsUnusable("would become larger than " + std::to_string(largest_secret_file >> 20) +
                              " MiB; remove secrets that are no longer needed");
    }
    ++header.generation;
    std::string out = header_text(header);
    out += keyed_hash(keys.check(), out);
    put_number(out, header.generation);
    put_number(out, std::uint64_t{header.written});
    const std::string nonce = random_bytes(nonce_size);
    out += nonce;
    const std::string with = out;
    encrypt(out, keys.box(), nonce, content, with);
    out += checksum(out);
    return out;
}

std::string seal(const SecretString& key, std::string_view plain, std::string_view with) {
    std::string out = random_bytes(nonce_size);
    const std::string nonce = out;
    encrypt(out, key, nonce, plain, with);
    return out;
}

SecretString unseal(const SecretString& key, std::string_view sealed, std::string_view with) {
    if (sealed.size() < seal_overhead) throw SecretsUnusable(damaged);
    return decrypt(key, sealed.substr(0, nonce_size), sealed.substr(nonce_size), with);
}

std::string keyed_hash(const SecretString& key, std::string_view text) {
    std::string out(32, '\0');
    crypto_generichash(bytes(out), out.size(), bytes(text), text.size(), bytes(key.reveal()), key.size());
    return out;
}

}  // namespace wfc
