/// The file of the store, format 1: a header in clear, one encrypted box, a checksum.
///
/// Guarantees: without the key the file shows its size, the kind of its key, how often it was written and
/// whether components wrote into it; not one name. Any change of a byte, and any mixture of two files, is
/// refused: the checksum tells damage from a wrong key, the box proves that somebody with the key wrote
/// header and content together. Does not notice that the whole file was replaced by an older copy of itself:
/// a folder that takes back-ups holds such.
///
///      0  8  "wfcsecr\n"
///      8  4  format: 1 (all numbers little-endian)
///     12  4  kind of key: 1 a key, 2 a passphrase
///     16  8  Argon2id passes, 24  8  memory in bytes, 32 16  salt; all 0 for a key
///     48 16  identity of the store, random
///     64 32  key check: BLAKE2b of bytes 0 to 63 under a key derived from the key
///     96  8  generation: 1, 2, 3 … with every write
///    104  8  1 where a value is there that a component wrote, else 0
///    112 24  nonce, random in every write
///    136  n  box: XChaCha20-Poly1305 of the content; bytes 0 to 135 are authenticated with it
///  136+n 32  BLAKE2b of everything before
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/secret_key.hpp"
#include "wfc/secret.hpp"

namespace wfc {

enum class KeyKind : std::uint32_t { key = 1, passphrase = 2 };

struct SecretHeader {
    KeyKind kind = KeyKind::key;
    PassphraseCost cost;   ///< of a passphrase
    std::string identity;  ///< 16 bytes
    std::uint64_t generation = 0;
    bool written = false;  ///< a value is there that a component wrote
};

constexpr std::size_t largest_secret_file = std::size_t{16} << 20;

/// A fresh store's: identity drawn, generation 0.
SecretHeader fresh_header(KeyKind kind, const PassphraseCost& cost);

/// What the key of the store is used for, each with a key of its own.
class SecretKeys {
  public:
    explicit SecretKeys(const SecretString& key);

    const SecretString& box() const noexcept { return box_; }
    const SecretString& value() const noexcept { return value_; }
    const SecretString& check() const noexcept { return check_; }
    const SecretString& digest() const noexcept { return digest_; }

  private:
    SecretString box_, value_, check_, digest_;
};

// Each throws SecretsUnusable with a sentence that follows the name of the file: "is damaged …".

/// Magic, format, checksum, bounds. Needs no key.
SecretHeader read_header(std::string_view file);
/// Whether the store was made with this key. `file` has passed read_header.
bool fits(const SecretKeys& keys, std::string_view file);
/// The content. `file` has passed read_header.
SecretString open_box(const SecretKeys& keys, std::string_view file);

/// The file with this content; `header` gets the next generation.
std::string close_box(const SecretKeys& keys, SecretHeader& header, std::string_view content);

/// XChaCha20-Poly1305 with a random nonce before the text. `with` is authenticated, too.
std::string seal(const SecretString& key, std::string_view plain, std::string_view with);
/// What `seal` sealed. Throws SecretsUnusable when anything is not as it was.
SecretString unseal(const SecretString& key, std::string_view sealed, std::string_view with);
constexpr std::size_t seal_overhead = 24 + 16;

/// BLAKE2b, 32 bytes.
std::string keyed_hash(const SecretString& key, std::string_view text);

/// Little-endian.
template <class Number>
void put_number(std::string& out, Number number) {
    for (std::size_t i = 0; i < sizeof number; ++i)
        out += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
}
template <class Number>
Number number_at(std::string_view text, std::size_t at) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        out |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
    return static_cast<Number>(out);
}

}  // namespace wfc
