#include "host/secret_vault.hpp"

#include <sys/stat.h>

#include "host/home.hpp"

namespace wfc {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
    throw SecretsUnusable("the store of secrets " + file.string() + " " + why);
}

/// Puts the name of the file before what is wrong with it.
template <class Work>
auto naming(const std::filesystem::path& file, Work work) try {
    return work();
} catch (const SecretsUnusable& fault) {
    refuse(file, fault.what());
}

/// The file's bytes; nothing where there is none.
std::optional<SecretString> content_of(const std::filesystem::path& path) {
    const FileDescriptor file = open_private(path, Provenance::own);
    if (!file) return std::nullopt;
    return read_private(file, largest_secret_file, path);
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

SecretVault::SecretVault(std::filesystem::path home) : home_(std::move(home)) {}
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

SecretKeys SecretVault::keys_for(const SecretHeader& header, std::string_view content) const {
    const std::optional<GivenKey> given = given_key();
    const bool passphrase = header.kind == KeyKind::passphrase;
    if (given) {
        SecretKeys keys(given->key);
        if (fits(keys, content)) return keys;
        refuse(file(), passphrase ? "was made with a passphrase, and this key comes before that: " +
                                        given->from + "; take it away"
                                  : "was made with another key than " + given->from);
    }
    if (passphrase) {
        if (passphrase_ && passphrase_->cost == header.cost) {
            SecretKeys keys(passphrase_->key);
            if (fits(keys, content)) return keys;
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
                           " is missing, and no other is given (systemd credential wfc-key, WFC_KEY_FILE)");
    }
    SecretKeys keys(*key);
    if (!fits(keys, content)) refuse(file(), "was made with another key than that in " + own.string());
    return keys;
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

SecretRecords SecretVault::create() const {
    const std::optional<GivenKey> given = given_key();
    if (given) return {fresh_header(KeyKind::key, {}), SecretKeys(given->key)};
    if (passphrase_) {
        return {fresh_header(KeyKind::passphrase, passphrase_->cost), SecretKeys(passphrase_->key)};
    }
    std::optional<SecretString> own = own_key(home());
    if (!own) own = make_own_key(home());
    return {fresh_header(KeyKind::key, {}), SecretKeys(*own)};
}

bool SecretVault::change(bool may_create, const Change& change) {
    const std::lock_guard alone(mutex_);
    if (!may_create && load() == nullptr) return false;
    try {
        make_home(home());
    } catch (const HomeUnusable& fault) {
        throw SecretsUnusable(fault.what());
    }
    const FileLock lock(home() / "secrets.lock");
    SecretRecords* records = load();
    if (records == nullptr && !may_create) return false;
    std::optional<SecretRecords> fresh;
    if (records == nullptr) records = &fresh.emplace(create());
    // What is changed in memory is not what is on the disk until it is written: the next use reads anew.
    const std::unique_ptr<Open> changing = std::move(open_);
    const std::string encoded =
        naming(file(), [&] { return change(*records) ? records->encode() : std::string(); });
    if (encoded.empty()) return false;
    remove_leftovers(file());
    replace_private(file(), encoded);
    return true;
}

bool SecretVault::exists() {
    const std::lock_guard alone(mutex_);
    return home_is_there() && open_private(file(), Provenance::own);
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

std::optional<SecretString> SecretVault::answer(std::string_view name, const SecretString* elsewhere) {
    std::optional<SecretString> out;
    bool stale = false;
    {
        const std::lock_guard alone(mutex_);
        const SecretRecords* records = load();
        if (records == nullptr) return out;
        naming(file(), [&] {
            out = records->answer(name, elsewhere);
            stale = records->stale(name, elsewhere);
        });
    }
    if (!stale) return out;
    try {  // or else it would be in force again when the value before comes back
        change(false, [&](SecretRecords& records) {
            return records.stale(name, elsewhere) && records.forget_written(name);
        });
    } catch (const SecretsUnusable&) {  // a read-only disk: the answer is right all the same
    }
    return out;
}

std::vector<SecretListing> SecretVault::list() {
    const std::lock_guard alone(mutex_);
    const SecretRecords* records = load();
    return records == nullptr ? std::vector<SecretListing>{} : records->list();
}

void SecretVault::supply(const std::string& name, const SecretString& value) {
    change(true, [&](SecretRecords& records) {
        records.supply(name, value);
        return true;
    });
}

void SecretVault::write(const std::string& name, const SecretString& value, const SecretString* elsewhere) {
    change(true, [&](SecretRecords& records) {
        records.write(name, value, elsewhere);
        return true;
    });
}

bool SecretVault::forget_written(std::string_view name) {
    return change(false, [&](SecretRecords& records) { return records.forget_written(name); });
}

bool SecretVault::remove(std::string_view name) {
    return change(false, [&](SecretRecords& records) { return records.remove(name); });
}

}  // namespace wfc
