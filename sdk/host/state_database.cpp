#include "host/state_database.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <sqlite3.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "host/file_source.hpp"
#include "host/state_statement.hpp"
#include "host/state_store.hpp"

namespace wfc {

namespace {

constexpr std::int64_t application_id = 0x77666373;  // "wfcs"
constexpr std::int64_t format = 1;
constexpr const char* checkpoints = "PRAGMA wal_autocheckpoint = 4000";  // pages: up to 16 MiB of log
constexpr int longest_cell = 2 * 1024 * 1024;  // a value, its key and the row around them, with room to spare

// Bytes compare with memcmp as blobs, whatever is in them. `high` is the highest version that was ever
// erased; keys start above it. Rows lie in the order in which they came and not in that of their keys, which
// have no order (digests): what is written at the same time then shares pages, and a commit has few of them.
// Files with `state` WITHOUT ROWID, as it was at first, are as good and only slower.
constexpr const char* schema = R"(
    CREATE TABLE state (scope BLOB NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL,
                        expires INTEGER NOT NULL, written INTEGER NOT NULL, value BLOB NOT NULL,
                        PRIMARY KEY (scope, key));
    CREATE INDEX by_expiry ON state (expires) WHERE expires < 9223372036854775807;
    CREATE TABLE high (version INTEGER NOT NULL);
    INSERT INTO high VALUES (0);
    CREATE TRIGGER erased AFTER DELETE ON state
        BEGIN UPDATE high SET version = max(version, old.version); END;
    PRAGMA application_id = 2003198835;
    PRAGMA user_version = 1;)";
static_assert(application_id == 2003198835 && format == 1);

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
    throw StateUnusable("the state file " + file.string() + " " + why);
}

void sync_folder(const std::filesystem::path& folder) noexcept {
    const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened) fsync(opened.get());
}

/// What to do where a file cannot be made, to go on after the reason.
const char* advice_on(int error) noexcept {
    switch (error) {
        case EACCES:
        case EPERM:
        case EROFS:
            return "; make its folder writable, or set WFC_HOME to one that is";
        case ENOSPC:
        case EDQUOT:
            return "; make room, or set WFC_HOME to another disk";
        default:
            return "; it needs a local file system that it may write to: set WFC_HOME";
    }
}

/// The file is there, regular and ours. True when others could read or write it.
bool make_sure_of(const std::filesystem::path& file) {
    const FileDescriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (made) {
        fchmod(made.get(), 0600);  // whatever the umask left of it
        sync_folder(file.parent_path());
        return false;
    }
    if (errno != EEXIST) {
        const int error = errno;
        refuse(file, std::string("cannot be made: ") + std::strerror(error) + advice_on(error));
    }
    // Only looked at, never opened here: closing any descriptor of a file drops the locks that SQLite holds
    // on it elsewhere in the process.
    struct stat facts {};
    if (lstat(file.c_str(), &facts) != 0)
        refuse(file, std::string("is lost: ") + std::strerror(errno) + "; try again");
    if (S_ISLNK(facts.st_mode)) refuse(file, "is a symbolic link: put the file itself there");
    if (!S_ISREG(facts.st_mode)) refuse(file, "is no regular file: move it away, and a new one is made");
    if (facts.st_uid != geteuid()) refuse(file, "belongs to another user: run as that user, or move it away");
    return (facts.st_mode & 077) != 0;
}

void make_private(const std::filesystem::path& file) noexcept {
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const std::string name = file.string() + suffix;
        ::chmod(name.c_str(), 0600);  // the last two may not be there
    }
}

}  // namespace

std::string DatabaseFailed::sentence() const {
    if (code == lost)
        return "was moved, deleted or written over while it was open: put it back, or end this program and"
               " start it again";
    if (code == crowded)
        return "was busy for too long with what other calls of this program wrote or read: look whether the"
               " disk is slow or failing";
    if (code == SQLITE_READONLY_DBMOVED) return "was moved or deleted while it was being opened: try again";
    switch (code & 0xff) {
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
        case SQLITE_ERROR:  // a table is not there
            return "is damaged or no state file: move it away, and a new one is made";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "is locked by another process: wait until that has ended";
        case SQLITE_FULL:
            return "cannot be written: the disk is full; make room";
        case SQLITE_READONLY:
            return "cannot be written: it or its folder is read-only; make it writable, or set WFC_HOME";
        case SQLITE_IOERR:
            return "cannot be read or written: look whether the disk is full, has a limit or is failing, and"
                   " make room or set WFC_HOME to another disk";
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return "cannot be opened: make it and its folder readable and writable for this user, or set"
                   " WFC_HOME";
        default:
            return std::string("cannot be used: ") + sqlite3_errstr(code) +
                   "; it needs a local file system that it may write to";
    }
}

Database::Database(const std::filesystem::path& file, Deadline deadline) : deadline_(deadline) {
    std::error_code error;
    const auto folder = std::filesystem::canonical(file.has_parent_path() ? file.parent_path() : ".", error);
    if (error) refuse(file, "has no folder: make " + file.parent_path().string() + " first");
    const std::filesystem::path place = folder / file.filename();
    // One at a time: between making a file and closing it no thread may hold locks on it (see above).
    static std::mutex opening;
    const std::lock_guard lock(opening);
    const bool readable_by_others = make_sure_of(place);
    try {
        connect(place);
        if (readable_by_others) make_private(place);
        // The change to a write-ahead log does not ask the busy handler in every case.
        for (;;) {
            try {
                prepare_file();
                break;
            } catch (const DatabaseFailed& failed) {
                if ((failed.code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() >= deadline_)
                    throw;
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
        }
    } catch (const DatabaseFailed& failed) {
        refuse(file, failed.sentence());
    }
    files_.emplace(place);
}

Database::~Database() {
    // The log that lies there now may be another file's: closing would throw it away.
    if (files_ && !in_place()) sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

bool Database::in_place() const noexcept {
    // Through SQLite's own descriptor: to close another one would drop its locks.
    sqlite3_file* file = nullptr;
    std::array<char, 16> begins{};
    return files_->in_place() &&
           sqlite3_file_control(handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
           file->pMethods->xRead(file, begins.data(), static_cast<int>(begins.size()), 0) == SQLITE_OK &&
           std::memcmp(begins.data(), "SQLite format 3", begins.size()) == 0;
}

void Database::Close::operator()(sqlite3* handle) const noexcept {
    sqlite3_close(handle);
}

void Database::connect(const std::filesystem::path& file) {
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    handle_.reset(opened);  // there is one to close after most failures, too
    if (code != SQLITE_OK) throw DatabaseFailed{code};
    sqlite3_busy_handler(handle(), busy, this);
    sqlite3_limit(handle(), SQLITE_LIMIT_LENGTH, longest_cell);
    if (sqlite3_db_readonly(handle(), "main") != 0) throw DatabaseFailed{SQLITE_READONLY};
    // Until the file is known to be ours, its log stays where it is when this connection closes.
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    execute("BEGIN");  // one look: somebody may be making the store meanwhile
    const Identity found = identity();
    execute("COMMIT");
    switch (found) {
        case Identity::foreign:
            refuse(file, "belongs to another program: move it away, and a new one is made");
        case Identity::newer:
            refuse(file, "was written by a newer version: use that one, or move the file away");
        case Identity::ours:
        case Identity::empty:
            break;
    }
    empty_ = found == Identity::empty;
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

Database::Identity Database::identity() {
    const auto number = [this](const char* sql) {
        const Statement statement(*this, sql);
        Run run(statement);
        return run.row() ? run.number(0) : 0;
    };
    const std::int64_t id = number("PRAGMA application_id"), version = number("PRAGMA user_version");
    if (id == application_id) return version <= format ? Identity::ours : Identity::newer;
    const bool untouched = id == 0 && version == 0 && number("SELECT count(*) FROM sqlite_schema") == 0;
    return untouched ? Identity::empty : Identity::foreign;
}

void Database::prepare_file() {
    {
        const Statement change(*this, "PRAGMA journal_mode = WAL");
        Run run(change);
        if (!run.row() || run.bytes(0) != "wal") throw DatabaseFailed{SQLITE_CANTOPEN};
    }
    execute("PRAGMA synchronous = FULL");
    execute(checkpoints);
    identity();  // a look at it opens the log
    if (!empty_) return;
    execute("BEGIN IMMEDIATE");
    try {
        // Somebody else may have been first.
        if (identity() == Identity::empty) execute(schema);
        execute("COMMIT");
    } catch (const DatabaseFailed&) {
        if (sqlite3_get_autocommit(handle()) == 0)
            sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
}

void Database::execute(const char* sql) {
    if (const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK) {
        throw DatabaseFailed{code};
    }
}

int Database::busy(void* self, int count) noexcept {
    const auto now = std::chrono::steady_clock::now();
    if (now >= static_cast<Database*>(self)->deadline_) return 0;
    // Short and uneven waits: a commit takes about a millisecond, and equal waits would meet again.
    const auto jitter = now.time_since_epoch().count() / 64 % 8;
    std::this_thread::sleep_for(std::chrono::microseconds(100 * (1 + std::min(count, 10)) + 50 * jitter));
    return 1;
}

}  // namespace wfc
