/// The content of an open store: values by name, each sealed for itself.
///
/// Guarantees: a value opens only under the name, the role (supplied, or written by a component), the store
/// and the version it was sealed with, so that none can stand in for another; what is not asked for stays
/// sealed in memory. Touches no file. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/secret_format.hpp"
#include "wfc/secret.hpp"

namespace wfc {

constexpr std::size_t largest_secret = std::size_t{64} << 10, most_secrets = 10'000,
                      longest_secret_name = 128;

/// 1 to 128 of [A-Za-z0-9._-].
bool storable_name(std::string_view name) noexcept;

/// One name of the store.
struct SecretListing {
    std::string name;
    bool supplied = false;  ///< somebody set it
    bool written = false;   ///< a component wrote its own value since
};

class SecretRecords {
  public:
    /// An empty store.
    SecretRecords(SecretHeader header, SecretKeys keys);
    /// The store in `file`, whose header and key have been checked. Throws SecretsUnusable as
    /// secret_format.hpp does.
    SecretRecords(SecretHeader header, SecretKeys keys, std::string_view file);

    const SecretHeader& header() const noexcept { return header_; }
    std::vector<SecretListing> list() const;

    /// The value to use: the written one if it belongs to the value that is supplied now, else that one.
    /// `elsewhere` is a supplied value that counts instead of the stored one, or null. Where nothing is
    /// supplied any more the written one stays in force. Nothing: the store has nothing to say, `elsewhere`
    /// if there is one is the value.
    std::optional<SecretString> answer(std::string_view name, const SecretString* elsewhere) const;
    /// Whether a written value is there that belongs to a supplied value of the past and can go. One that
    /// belongs to a value from elsewhere stays where nothing is supplied from there: this process may lack
    /// the environment of the one that wrote it.
    bool stale(std::string_view name, const SecretString* elsewhere) const;

    // Changes. Throw SecretsUnusable where the store is full. Names are storable, values not larger than
    // largest_secret.

    /// A value by a person or a script. One that differs from the value before ends what was written.
    void supply(const std::string& name, const SecretString& value);
    /// A value by the component, good until the supplied one changes.
    void write(const std::string& name, const SecretString& value, const SecretString* elsewhere);
    /// Forgets what the component wrote. False when there was nothing.
    bool forget_written(std::string_view name);
    /// Forgets the name. False when there was nothing.
    bool remove(std::string_view name);

    /// The next generation of the file.
    std::string encode();

  private:
    struct Sealed {
        std::uint64_t version = 0;  ///< the generation it was written with
        std::string text;
        bool there() const noexcept { return !text.empty(); }
    };
    struct Entry {
        Sealed supplied, written;
        std::string basis;  ///< which supplied value the written one belongs to: its source and keyed hash
    };
    enum class Role : char { supplied = 's', written = 'w' };

    Sealed sealed(std::string_view name, Role role, const SecretString& value) const;
    SecretString opened(std::string_view name, Role role, const Sealed& value) const;
    std::string authenticated(std::string_view name, Role role, std::uint64_t version) const;
    /// Source and keyed hash of the value supplied now, or of there being none.
    std::string basis(std::string_view name, const Entry& entry, const SecretString* elsewhere) const;
    bool current(std::string_view name, const Entry& entry, const SecretString* elsewhere) const;
    Entry& entry_for(const std::string& name);
    void decode(std::string_view content);

    SecretHeader header_;
    SecretKeys keys_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace wfc
