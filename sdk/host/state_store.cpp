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
constexpr unsigned writes_per_sweep = 64;  // each removes up to 100 rows: more than can have expired since
constexpr std::int64_t rest_of_expired_ms = 86'400'000;  // then the clock is not just set wrong

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
    Line(const std::filesystem::path& file, Steady::time_point deadline) : database(file, deadline) {}

    std::mutex mutex{};
    std::condition_variable free{};
    bool taken = false;
    Database database;
};

/// The use of a line for one call, until its deadline. Throws DatabaseFailed.
class Turn {
  public:
    Turn(Line& line, Steady::time_point deadline) : line_(line) {
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

/// SQL for what is there at the time of the parameter `now`: not expired, and not written in the future with
/// a short time to live.
std::string live(const std::string& now) {
    return "(state.expires > " + now + " AND (state.written <= " + now +
           " + 60000 OR state.expires - state.written > 3600000))";
}

/// Reading has a connection of its own: with a write-ahead log it waits for no writer.
struct Reading : Line {
    using Line::Line;
    Statement get{
        database,
        ("SELECT version, value FROM state WHERE scope = ?1 AND key = ?2 AND " + live("?3")).c_str()};
    Statement list{database, ("SELECT key FROM state WHERE scope = ?1 AND key >= ?2 AND key < ?3 AND " +
                              live("?4") + " ORDER BY key LIMIT ?5")
                                 .c_str()};
};

struct Writing : Line {
    using Line::Line;
    // An expired row is as if it were not there; its version goes on.
    Statement make{database,
                   ("INSERT INTO state (scope, key, value, version, expires, written)"
                    " VALUES (?1, ?2, ?3, (SELECT version + 1 FROM high), ?4, ?5)"
                    " ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value,"
                    " version = state.version + 1, expires = excluded.expires, written = excluded.written"
                    " WHERE NOT " +
                    live("?5") + " RETURNING version")
                       .c_str()};
    Statement replace{database,
                      ("UPDATE state SET value = ?3, version = version + 1, expires = ?4, written = ?5"
                       " WHERE scope = ?1 AND key = ?2 AND version = ?6 AND " +
                       live("?5") + " RETURNING version")
                          .c_str()};
    Statement erase{database, ("DELETE FROM state WHERE scope = ?1 AND key = ?2 AND version = ?4 AND " +
                               live("?3") + " RETURNING version")
                                  .c_str()};
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
    Parts(const std::filesystem::path& file, Steady::time_point deadline)
        : writing(file, deadline), reading(file, deadline) {}

    Writing writing;
    Reading reading;

    wfc_status read(Steady::time_point deadline, std::string_view scope, std::string_view key,
                    StateValue& into) {
        const Turn turn(reading, deadline);
        Run run(reading.get);
        if (!run.bind(scope).bind(key).bind(unix_ms()).row()) return WFC_NOT_FOUND;
        into.bytes = run.bytes(1);
        into.version = static_cast<std::uint64_t>(run.number(0));
        return WFC_OK;
    }
    /// Removes some of the rows that expired long ago, now and then. What fails here is done at a later time.
    void sweep(std::int64_t now) noexcept try {
        if (writing.writes++ % writes_per_sweep != 0) return;
        {
            Run look(writing.expired);
            if (!look.bind(now - rest_of_expired_ms).row()) return;
        }
        Run remove(writing.sweep);
        remove.bind(now - rest_of_expired_ms).row();
    } catch (const DatabaseFailed&) {
        return;
    }
};

StateStore::StateStore(const std::filesystem::path& file, std::chrono::milliseconds patience) try
    : parts_(std::make_shared<Parts>(file, Steady::now() + patience)), patience_(patience) {
} catch (const DatabaseFailed& failed) {
    throw StateUnusable("the state file " + file.string() + " " + failed.sentence());
}
StateStore::StateStore(std::shared_ptr<Parts> parts, std::chrono::milliseconds patience) noexcept
    : parts_(std::move(parts)), patience_(patience) {}
StateStore::~StateStore() = default;

StateStore StateStore::with_patience(std::chrono::milliseconds at_most) const {
    return {parts_, std::min(patience_, at_most)};
}

wfc_status StateStore::get(std::string_view scope, std::string_view key, StateValue& into) noexcept try {
    if (!fits(scope, key)) return WFC_INVALID_INPUT;
    return parts_->read(Steady::now() + patience_, scope, key, into);
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status StateStore::put(std::string_view scope, std::string_view key, std::string_view bytes,
                           std::uint64_t expected_version, std::uint64_t ttl_ms,
                           std::uint64_t& new_version) noexcept try {
    if (!fits(scope, key) || bytes.size() > largest_value) return WFC_INVALID_INPUT;
    if (expected_version > static_cast<std::uint64_t>(never)) return WFC_CONFLICT;
    const Turn turn(parts_->writing, Steady::now() + patience_);
    std::uint64_t version = 0;
    std::int64_t now = 0, expires = 0;
    {
        Transaction change(parts_->writing.database);
        now = unix_ms();  // after the wait: the value lives as long as was asked for
        expires = expiry(now, ttl_ms);
        {
            Run run(expected_version == 0 ? parts_->writing.make : parts_->writing.replace);
            run.bind(scope).bind(key).bind(bytes).bind(expires).bind(now);
            if (expected_version != 0) run.bind(static_cast<std::int64_t>(expected_version));
            if (!run.row()) return WFC_CONFLICT;
            version = static_cast<std::uint64_t>(run.number(0));
            run.row();
        }
        change.commit();
    }
    parts_->sweep(now);
    // A slow disk: somebody else may have what the caller would believe to hold.
    if (expires <= unix_ms()) return WFC_CONFLICT;
    new_version = version;
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status StateStore::erase(std::string_view scope, std::string_view key,
                             std::uint64_t expected_version) noexcept try {
    if (!fits(scope, key)) return WFC_INVALID_INPUT;
    const auto deadline = Steady::now() + patience_;
    if (expected_version != 0 && expected_version <= static_cast<std::uint64_t>(never)) {
        const Turn turn(parts_->writing, deadline);
        Run run(parts_->writing.erase);
        run.bind(scope).bind(key).bind(unix_ms()).bind(static_cast<std::int64_t>(expected_version));
        if (run.row()) {
            run.row();  // commits
            return WFC_OK;
        }
    }
    StateValue other;
    const wfc_status status = parts_->read(deadline, scope, key, other);
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
    const Turn turn(parts_->reading, Steady::now() + patience_);
    Run run(parts_->reading.list);
    run.bind(scope).bind(first).bind(end).bind(unix_ms()).bind(std::int64_t{keys_per_list});
    while (run.row()) keys.emplace_back(run.bytes(0));
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

}  // namespace wfc
