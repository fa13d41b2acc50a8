#include "host/secret_vault.hpp"

#include <array>
#include <sodium.h>
#include <sys/stat.h>

#include "host/home.hpp"
#include "host/secret_vault_file.hpp"

namespace wfc {

using vault::naming;
using vault::refuse;

namespace {

constexpr std::chrono::seconds of_a_person{30}, of_a_component{3};

SecretString fresh_basis_key() {
    std::array<char, 32> bytes{};
    if (sodium_init() >= 0) randombytes_buf(bytes.data(), bytes.size());  // else nothing else works either
    SecretString key(std::string_view(bytes.data(), bytes.size()));
    wipe(bytes.data(), bytes.size());
    return key;
}

}  // namespace

/// The descriptor stays open, so that the number of its inode is not given to another file meanwhile.
struct SecretVault::Open {
    FileDescriptor file;
    struct stat facts {};
    SecretRecords records;

    bool is(const struct stat& now) const noexcept {
        return now.st_dev == facts.st_dev && now.st_ino == facts.st_ino && now.st_size == facts.st_size &&
               now.st_mtim.tv_sec == facts.st_mtim.tv_sec && now.st_mtim.tv_nsec == facts.st_mtim.tv_nsec &&
               now.st_mode == facts.st_mode;
    }
};

SecretVault::SecretVault(std::filesystem::path home)
    : home_(std::move(home)), basis_key_(fresh_basis_key()) {}
SecretVault::~SecretVault() = default;

std::filesystem::path SecretVault::home() const try {
    return home_.empty() ? home_location() : home_;
} catch (const HomeUnusable& fault) {
    throw SecretsUnusable(fault.what());
}

std::filesystem::path SecretVault::file() const {
    return home() / "secrets";
}

bool SecretVault::home_is_there() const try {
    return home_exists(home());
} catch (const HomeUnusable& fault) {
    throw SecretsUnusable(fault.what());
}

SecretRecords* SecretVault::load() {
    if (!home_is_there()) {
        open_.reset();
        return nullptr;
    }
    const std::filesystem::path path = file();
    FileDescriptor now = open_private(path, Provenance::own);
    struct stat facts {};
    if (now && fstat(now.get(), &facts) == 0 && open_ && open_->is(facts)) return &open_->records;
    open_.reset();
    if (!now) return nullptr;
    const SecretString content = read_private(now, largest_secret_file, path);
    SecretHeader header = naming(path, [&] { return read_header(content.reveal()); });
    SecretKeys keys = keys_for(header, content.reveal());
    SecretRecords records =
        naming(path, [&] { return SecretRecords(std::move(header), std::move(keys), content.reveal()); });
    open_ = std::make_unique<Open>(Open{std::move(now), facts, std::move(records)});
    return &open_->records;
}

bool SecretVault::change(bool may_create, std::chrono::milliseconds patience, const Work& work) {
    if (!may_create) {
        const std::lock_guard alone(mutex_);
        if (load() == nullptr) return false;
    }
    try {
        make_home(home());
    } catch (const HomeUnusable& fault) {
        throw SecretsUnusable(fault.what());
    }
    // Before the mutex: readers of this process wait for no other one. It keeps out other threads, too.
    const FileLock lock(home() / "secrets.lock", patience);
    std::unique_ptr<Open> changing;
    std::optional<SecretRecords> fresh;
    {
        const std::lock_guard alone(mutex_);
        if (load() != nullptr) {
            // What is changed in memory is not what is on the disk until it is written: the next use reads
            // anew.
            changing = std::move(open_);
            if (passphrase_ && changing->records.header().kind != KeyKind::passphrase) {
                refuse(file(),
                       "was made meanwhile with a key and not with this passphrase; nothing was "
                       "stored: start again without a passphrase, or move that store away first");
            }
        } else if (may_create) {
            fresh.emplace(create());
        } else {
            return false;
        }
    }
    SecretRecords& records = changing ? changing->records : *fresh;
    const std::string encoded =
        naming(file(), [&] { return work(records) ? records.encode() : std::string(); });
    if (encoded.empty()) return false;
    remove_leftovers(file());
    lock.check();
    replace_private(file(), encoded);
    return true;
}

bool SecretVault::exists() {
    const std::lock_guard alone(mutex_);
    return home_is_there() && open_private(file(), Provenance::own);
}

SecretBasis SecretVault::basis_now(const SecretRecords* records, std::string_view name,
                                   const SecretString* elsewhere) const {
    return records == nullptr ? basis_without_store(basis_key_, name, elsewhere)
                              : records->basis(basis_key_, name, elsewhere);
}

std::optional<SecretString> SecretVault::answer(std::string_view name, const SecretString* elsewhere,
                                                SecretBasis* basis) {
    std::optional<SecretString> out;
    bool stale = false;
    {
        const std::lock_guard alone(mutex_);
        const SecretRecords* records = load();
        naming(file(), [&] {
            if (basis != nullptr) *basis = basis_now(records, name, elsewhere);
            if (records == nullptr) return;
            out = records->answer(name, elsewhere);
            stale = records->stale(name, elsewhere);
        });
    }
    if (!stale) return out;
    try {  // or else it would be in force again when the value before comes back
        change(false, std::chrono::milliseconds(0),
               [&](SecretRecords& records) { return records.forget_stale(name, elsewhere); });
    } catch (
        const SecretsUnusable&) {  // a read-only disk, or others at work: the answer is right all the same
    }
    return out;
}

std::vector<SecretListing> SecretVault::list() {
    const std::lock_guard alone(mutex_);
    const SecretRecords* records = load();
    return records == nullptr ? std::vector<SecretListing>{} : records->list();
}

void SecretVault::supply(const std::string& name, const SecretString& value) {
    change(true, of_a_person, [&](SecretRecords& records) {
        records.supply(name, value);
        return true;
    });
}

SecretVault::Change SecretVault::write(const std::string& name, const SecretString& value,
                                       const SecretString* elsewhere, SecretBasis* basis) {
    bool outdated = false;
    SecretBasis after;
    change(true, of_a_component, [&](SecretRecords& records) {
        if (basis != nullptr && !basis->empty() &&
            !still_good(*basis, records.basis(basis_key_, name, elsewhere))) {
            outdated = true;
            return false;
        }
        records.write(name, value, elsewhere);
        after = records.basis(basis_key_, name, elsewhere);
        return true;
    });
    if (outdated) return Change::outdated;
    if (basis != nullptr) *basis = std::move(after);
    return Change::done;
}

SecretVault::Change SecretVault::forget_written(std::string_view name, const SecretString* elsewhere,
                                                SecretBasis* basis) {
    bool outdated = false;
    SecretBasis after;
    const bool forgot = change(false, of_a_component, [&](SecretRecords& records) {
        if (basis != nullptr && !basis->empty() &&
            !same_supply(*basis, records.basis(basis_key_, name, elsewhere))) {
            outdated = true;
            return false;
        }
        if (!records.forget_written(name, elsewhere)) return false;
        after = records.basis(basis_key_, name, elsewhere);
        return true;
    });
    if (outdated) return Change::outdated;
    if (!forgot) return Change::nothing_there;
    if (basis != nullptr) *basis = std::move(after);
    return Change::done;
}

bool SecretVault::remove(std::string_view name) {
    return change(false, of_a_person, [&](SecretRecords& records) { return records.remove(name); });
}

}  // namespace wfc
