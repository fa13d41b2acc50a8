/// The content of an open store: values by name, each sealed for itself.
///
/// Guarantees: a value opens only under the name, the role (supplied, or written by a component and for which
/// source), the store and the version it was sealed with, so that none can stand in for another; what is not
/// asked for stays sealed in memory. Touches no file. One thread at a time.
///
/// A value that a component wrote belongs to the value that was supplied to it, and each source of those has
/// a place of its own: the store, elsewhere (the environment of a process), and nothing supplied at all. So
/// two processes of which one has the variable do not overwrite each other. Where two sources supply the same
/// value, what was written last for it counts for both.
#pragma once

#include <array>
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

/// What an answer rests on: source and keyed hash of the supplied value, and whether a written one was there.
/// Opaque and good in this process only; empty: not known.
using SecretBasis = std::string;

/// Whether both rest on the same supplied value. Neither is empty.
bool same_supply(const SecretBasis& one, const SecretBasis& other) noexcept;
/// Whether a value made of the answer that rested on `then` may be written now: the same is supplied, and a
/// written value that was there has not been removed since. Neither is empty.
bool still_good(const SecretBasis& then, const SecretBasis& now) noexcept;

/// The basis where no store has anything to say. `key` is drawn by the process.
SecretBasis basis_without_store(const SecretString& key, std::string_view name,
                                const SecretString* elsewhere);

class SecretRecords {
  public:
    /// An empty store.
    SecretRecords(SecretHeader header, SecretKeys keys);
    /// The store in `file`, whose header and key have been checked. Throws SecretsUnusable as
    /// secret_format.hpp does.
    SecretRecords(SecretHeader header, SecretKeys keys, std::string_view file);

    const SecretHeader& header() const noexcept { return header_; }
    std::vector<SecretListing> list() const;

    /// Whether components wrote any of the values.
    bool any_written() const noexcept;

    /// The value to use: the written one if it belongs to the value that is supplied now, else that one.
    /// `elsewhere` is a supplied value that counts instead of the stored one, or null. Where nothing is
    /// supplied, what was written for elsewhere counts too: this process may lack the environment of the one
    /// that wrote it. Nothing: the store has nothing to say, `elsewhere` if there is one is the value.
    std::optional<SecretString> answer(std::string_view name, const SecretString* elsewhere) const;
    /// What that answer rests on.
    SecretBasis basis(const SecretString& key, std::string_view name, const SecretString* elsewhere) const;
    /// Whether a written value is there that belongs to a value of the past from the source that supplies
    /// now, and can go.
    bool stale(std::string_view name, const SecretString* elsewhere) const;

    // Changes. Throw SecretsUnusable where the store is full. Names are storable, values not larger than
    // largest_secret.

    /// A value by a person or a script. One that differs from the value before ends what was written.
    void supply(const std::string& name, const SecretString& value);
    /// A value by the component, good until the supplied one changes.
    void write(const std::string& name, const SecretString& value, const SecretString* elsewhere);
    /// Forgets what the component wrote and `answer` would give. False when there was nothing.
    bool forget_written(std::string_view name, const SecretString* elsewhere);
    /// Forgets what is stale. False when there was nothing.
    bool forget_stale(std::string_view name, const SecretString* elsewhere);
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
    enum Source : std::size_t { of_store, of_elsewhere, of_nothing, sources };
    struct Written : Sealed {
        std::string digest;  ///< keyed hash of the supplied value that it belongs to
    };
    struct Entry {
        Sealed supplied;
        std::array<Written, sources> written;  ///< by the source of what was supplied

        bool any_written() const noexcept;
    };
    /// As it stands in what is authenticated.
    enum class Role : char {
        supplied = 's',
        written_for_store = 'w',
        for_elsewhere = 'e',
        for_nothing = 'n'
    };
    /// What is supplied now.
    struct Now {
        Source source;
        std::string digest;
    };

    Sealed sealed(std::string_view name, Role role, const SecretString& value) const;
    SecretString opened(std::string_view name, Role role, const Sealed& value) const;
    std::string authenticated(std::string_view name, Role role, std::uint64_t version) const;
    static Role role_of(Source source) noexcept;
    Now now(std::string_view name, const Entry& entry, const SecretString* elsewhere) const;
    /// Where the written value that counts stands, or `sources`.
    static Source in_force(const Entry& entry, const Now& now);
    const Entry* find(std::string_view name) const;
    void drop_if_empty(std::string_view name);
    Entry& entry_for(const std::string& name);
    void decode(std::string_view content);

    SecretHeader header_;
    SecretKeys keys_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace wfc
