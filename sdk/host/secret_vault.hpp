/// The encrypted store on the disk: `secrets` in the home folder, with `secrets.lock` and, where no other key
/// is given, `secrets.key`.
///
/// Guarantees: any thread, any number of processes; a change that returned is on the disk and none is lost to
/// another that was made at the same time; every use sees the file as it is now, and reading waits for no
/// writer. A file that cannot be read,
/// was damaged or made with another key is refused and never overwritten. Reading makes no file. Does not
/// notice an older copy of the whole file, and does not keep values from whoever can read the home folder
/// with the key in it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/secret_file.hpp"
#include "host/secret_records.hpp"
#include "wfc/secret.hpp"

namespace wfc {

/// All but the constructor throw SecretsUnusable.
class SecretVault {
  public:
    /// `home`: in place of home_location(). Nothing on the disk is touched before the first use.
    explicit SecretVault(std::filesystem::path home = {});
    ~SecretVault();
    SecretVault(const SecretVault&) = delete;
    SecretVault& operator=(const SecretVault&) = delete;

    // As in SecretRecords. A written value that is stale is removed on the way, where that is possible at
    // once. `basis`, unless null, gets what the answer rests on.
    std::optional<SecretString> answer(std::string_view name, const SecretString* elsewhere,
                                       SecretBasis* basis = nullptr);
    std::vector<SecretListing> list();

    enum class Change { done, nothing_there, outdated };

    // Changes. A person's wait up to 30 s for other processes, a component's 3 s. These make the store where
    // there is none, and the key file if it needs one.
    void supply(const std::string& name, const SecretString& value);
    /// `basis`, unless null: of the answer that the value was made of, and then that of the value. Outdated,
    /// and nothing is stored, when another value has been supplied or the written one removed since.
    Change write(const std::string& name, const SecretString& value, const SecretString* elsewhere,
                 SecretBasis* basis = nullptr);
    // These do not.
    /// Outdated, and nothing is forgotten, when another value has been supplied since.
    Change forget_written(std::string_view name, const SecretString* elsewhere = nullptr,
                          SecretBasis* basis = nullptr);
    /// False when there was nothing.
    bool remove(std::string_view name);

    bool exists();
    /// Whether the store is there and waits for its passphrase.
    bool locked();
    /// The passphrase of the store, or of the one that will be made; kept as a key until this object ends.
    /// False when it is the wrong one. Throws also where a passphrase has nothing to open: a store with a
    /// key, or a key given that comes first.
    bool unlock(const SecretString& passphrase);
    /// Where the store is, or would be.
    std::filesystem::path file() const;

    /// Whether components wrote into the store, which can be told without its key. False where it cannot be
    /// read at all.
    bool may_hold_written() noexcept;
    /// Where the key that is in use is kept less well than it should be: a sentence. Else empty.
    std::string caution() const;

  private:
    struct Open;  ///< the store as it was read
    using Work = std::function<bool(SecretRecords&)>;

    std::filesystem::path home() const;
    /// The store as it is on the disk now; null where there is none.
    SecretRecords* load();
    SecretRecords create();
    bool change(bool may_create, std::chrono::milliseconds patience, const Work& work);
    SecretKeys keys_for(const SecretHeader& header, std::string_view content);
    std::optional<GivenKey> given();
    SecretBasis basis_now(const SecretRecords* records, std::string_view name,
                          const SecretString* elsewhere) const;
    bool home_is_there() const;

    std::filesystem::path home_;
    SecretString basis_key_;  ///< drawn by the constructor
    mutable std::mutex mutex_;
    std::string caution_;
    std::unique_ptr<Open> open_;
    struct Passphrase {
        PassphraseCost cost;
        SecretString key;
    };
    std::optional<Passphrase> passphrase_;
};

}  // namespace wfc
