#include "host/state_store.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>

#include "host/state_statement.hpp"

namespace wfc {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
constexpr unsigned writes_per_sweep =
    64;  // each sweep removes up to 100 rows: more than can have expired since

std::int64_t unix_ms() noexcept {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::int64_t expiry(std::int64_t now, std::uint64_t ttl_ms) noexcept {
    if (ttl_ms == 0 || ttl_ms >= static_cast<std::uint64_t>(never - now)) return never;
    return now + static_cast<std::int64_t>(ttl_ms);
}

bool fits(std::string_view scope, std::string_view key) noexcept {
    return !scope.empty() && scope.size() <= StateStore::longest_scope && !key.empty() &&
           key.size() <= StateStore::longest_key;
}

/// The first of all byte strings after those that begin with `prefix`.
std::string end_of(std::string_view prefix) {
    std::string end(prefix);
    while (!end.empty() && end.back() == '\xff') end.pop_back();
    if (end.empty()) return std::string(StateStore::longest_key + 1, '\xff');
    end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

/// A connection that one thread uses at a time.
struct Line {
    Line(const std::filesystem::path& file, std::chrono::milliseconds wait)
        : patience(wait), database(file, Steady::now() + wait) {}

    const std::chrono::milliseconds patience;
    std::mutex mutex{};
    std::condition_variable free{};
    bool taken = false;
    Database database;
};

/// The use of a line for one call, within its patience. Throws DatabaseFailed.
class Turn {
  public:
    explicit Turn(Line& line) : line_(line) {
        const auto deadline = Steady::now() + line.patience;
        std::unique_lock lock(line.mutex);
        if (!line.free.wait_until(lock, deadline, [&] { return !line.taken; })) throw DatabaseFailed{0};
        line.taken = true;
        line.database.wait_until(deadline);
    }
    ~Turn() {
        {
            const std::lock_guard lock(line_.mutex);
            line_.taken = false;
        }
        line_.free.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    Line& line_;
};

/// Reading has a connection of its own: with a write-ahead log it waits for no writer.
struct Reading : Line {
    using Line::Line;
    Statement get{database, "SELECT version, value FROM state WHERE scope = ? AND key = ? AND expires > ?"};
    Statement list{database,
                   "SELECT key FROM state WHERE scope = ? AND key >= ? AND key < ? AND expires > ?"
                   " ORDER BY key LIMIT ?"};
};

struct Writing : Line {
    using Line::Line;
    // An expired row is as if it were not there; its version goes on.
    Statement make{database,
                   "INSERT INTO state (scope, key, value, version, expires)"
                   " VALUES (?1, ?2, ?3, (SELECT version + 1 FROM high), ?4)"
                   " ON CONFLICT (scope, key) DO UPDATE"
                   " SET value = excluded.value, version = state.version + 1, expires = excluded.expires"
                   " WHERE state.expires <= ?5 RETURNING version"};
    Statement replace{database,
                      "UPDATE state SET value = ?3, version = version + 1, expires = ?4"
                      " WHERE scope = ?1 AND key = ?2 AND expires > ?5 AND version = ?6 RETURNING version"};
    Statement erase{database,
                    "DELETE FROM state WHERE scope = ? AND key = ? AND expires > ? AND version = ?"
                    " RETURNING version"};
    // The repeated bound of the index lets SQLite use it.
    Statement expired{database,
                      "SELECT 1 FROM state WHERE expires <= ? AND expires < 9223372036854775807 LIMIT 1"};
    Statement sweep{database,
                    "DELETE FROM state WHERE (scope, key) IN (SELECT scope, key FROM state"
                    " WHERE expires <= ? AND expires < 9223372036854775807 LIMIT 100)"};
    unsigned writes = 0;
};

}  // namespace

struct StateStore::Parts {
    Parts(const std::filesystem::path& file, std::chrono::milliseconds patience)
        : writing(file, patience), reading(file, patience) {}

    Writing writing;
    Reading reading;

    /// Removes some of the expired rows, now and then. What fails here is done at a later time.
    void sweep(std::int64_t now) noexcept try {
        if (writing.writes++ % writes_per_sweep != 0) return;
        {
            Run look(writing.expired);
            if (!look.bind(now).row()) return;
        }
        Run remove(writing.sweep);
        remove.bind(now).row();
    } catch (const DatabaseFailed&) {
        return;
    }
};

StateStore::StateStore(const std::filesystem::path& file, std::chrono::milliseconds patience) try
    : parts_(std::make_unique<Parts>(file, patience)) {
} catch (const DatabaseFailed& failed) {
    throw StateUnusable("the state file " + file.string() + " " + failed.sentence());
}
StateStore::~StateStore() = default;

wfc_status StateStore::get(std::string_view scope, std::string_view key, StateValue& into) noexcept try {
    if (!fits(scope, key)) return WFC_INVALID_INPUT;
    const Turn turn(parts_->reading);
    Run run(parts_->reading.get);
    if (!run.bind(scope).bind(key).bind(unix_ms()).row()) return WFC_NOT_FOUND;
    into.bytes = run.bytes(1);
    into.version = static_cast<std::uint64_t>(run.number(0));
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status StateStore::put(std::string_view scope, std::string_view key, std::string_view bytes,
                           std::uint64_t expected_version, std::uint64_t ttl_ms,
                           std::uint64_t& new_version) noexcept try {
    if (!fits(scope, key) || bytes.size() > largest_value) return WFC_INVALID_INPUT;
    if (expected_version > static_cast<std::uint64_t>(never)) return WFC_CONFLICT;
    const std::int64_t now = unix_ms();  // before the wait: a lease ends early rather than late
    const Turn turn(parts_->writing);
    {
        Run run(expected_version == 0 ? parts_->writing.make : parts_->writing.replace);
        run.bind(scope).bind(key).bind(bytes).bind(expiry(now, ttl_ms)).bind(now);
        if (expected_version != 0) run.bind(static_cast<std::int64_t>(expected_version));
        if (!run.row()) return WFC_CONFLICT;
        const auto version = static_cast<std::uint64_t>(run.number(0));
        run.row();  // commits
        new_version = version;
    }
    parts_->sweep(now);
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status StateStore::erase(std::string_view scope, std::string_view key,
                             std::uint64_t expected_version) noexcept try {
    if (!fits(scope, key)) return WFC_INVALID_INPUT;
    if (expected_version != 0 && expected_version <= static_cast<std::uint64_t>(never)) {
        const Turn turn(parts_->writing);
        Run run(parts_->writing.erase);
        run.bind(scope).bind(key).bind(unix_ms()).bind(static_cast<std::int64_t>(expected_version));
        if (run.row()) {
            run.row();  // commits
            return WFC_OK;
        }
    }
    StateValue other;
    const wfc_status status = get(scope, key, other);
    return status == WFC_OK ? WFC_CONFLICT : status;
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status StateStore::list(std::string_view scope, std::string_view prefix, std::string_view after,
                            std::vector<std::string>& keys) noexcept try {
    if (!fits(scope, "-") || prefix.size() > longest_key || after.size() > longest_key)
        return WFC_INVALID_INPUT;
    std::string first(after);
    if (!first.empty()) first += '\0';  // the next of all byte strings
    first = std::max(first, std::string(prefix));
    const std::string end = end_of(prefix);
    keys.clear();
    const Turn turn(parts_->reading);
    Run run(parts_->reading.list);
    run.bind(scope).bind(first).bind(end).bind(unix_ms()).bind(std::int64_t{keys_per_list});
    while (run.row()) keys.emplace_back(run.bytes(0));
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

}  // namespace wfc
