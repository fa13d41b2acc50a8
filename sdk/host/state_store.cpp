#include "host/state_store.hpp"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>

#include "host/state_commits.hpp"
#include "host/state_statement.hpp"
#include "host/state_writing.hpp"

namespace wfc {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t highest_version = std::numeric_limits<std::int64_t>::max();

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

/// Reading has a connection of its own, which one thread uses at a time: with a write-ahead log it waits for
/// no writer.
struct Reading {
    Reading(const std::filesystem::path& file, Steady::time_point deadline) : database(file, deadline) {}

    std::mutex mutex{};
    std::condition_variable free{};
    bool taken = false;
    Database database;
    Statement get{
        database,
        ("SELECT version, value FROM state WHERE scope = ?1 AND key = ?2 AND " + live("?3")).c_str()};
    Statement list{database, ("SELECT key FROM state WHERE scope = ?1 AND key >= ?2 AND key < ?3 AND " +
                              live("?4") + " ORDER BY key LIMIT ?5")
                                 .c_str()};
};

/// The use of the connection for one call, until its deadline. Throws DatabaseFailed.
class Turn {
  public:
    Turn(Reading& reading, Steady::time_point deadline) : reading_(reading) {
        std::unique_lock lock(reading.mutex);
        if (!reading.free.wait_until(lock, deadline, [&] { return !reading.taken; })) throw DatabaseFailed{0};
        // What lies elsewhere now is not what others read and write.
        if (!reading.database.in_place()) throw DatabaseFailed{0};
        reading.taken = true;
        reading.database.wait_until(deadline);
    }
    ~Turn() {
        {
            const std::lock_guard lock(reading_.mutex);
            reading_.taken = false;
        }
        reading_.free.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    Reading& reading_;
};

}  // namespace

struct StateStore::Parts {
    Parts(const std::filesystem::path& file, Steady::time_point deadline)
        : writing(file, deadline), reading(file, deadline) {}

    StateWriting writing;
    StateCommits commits{writing};
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
    if (expected_version > highest_version) return WFC_CONFLICT;
    return parts_->commits.run({StateWrite::Kind::put, std::string(scope), std::string(key),
                                std::string(bytes), static_cast<std::int64_t>(expected_version), ttl_ms},
                               Steady::now() + patience_, new_version);
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status StateStore::erase(std::string_view scope, std::string_view key,
                             std::uint64_t expected_version) noexcept try {
    if (!fits(scope, key)) return WFC_INVALID_INPUT;
    const auto deadline = Steady::now() + patience_;
    if (expected_version != 0 && expected_version <= highest_version) {
        std::uint64_t ignored = 0;
        const wfc_status status = parts_->commits.run({StateWrite::Kind::erase,
                                                       std::string(scope),
                                                       std::string(key),
                                                       {},
                                                       static_cast<std::int64_t>(expected_version)},
                                                      deadline, ignored);
        if (status != WFC_CONFLICT) return status;
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
