#include "host/state_writing.hpp"

#include <algorithm>
#include <sqlite3.h>

namespace wfc {

namespace {

constexpr std::uint64_t writes_per_sweep =
    64;  // each removes up to 100 rows: more than can have expired since
constexpr std::int64_t rest_of_expired_ms = 86'400'000;  // then the clock is not just set wrong

// Changes of one row, without RETURNING: those need no statement journal, of which SQLite allocates 64 KiB
// each time, and cost a third.
constexpr const char* next_version = "SELECT version + 1 FROM high";
constexpr const char* making =
    "INSERT OR IGNORE INTO state (scope, key, value, version, expires, written)"
    " VALUES (?1, ?2, ?3, ?6, ?4, ?5)";

// An expired row is as if it were not there; its version goes on.
std::string making_again() {
    return "UPDATE state SET value = ?3, version = version + 1, expires = ?4, written = ?5"
           " WHERE scope = ?1 AND key = ?2 AND NOT " +
           live("?5") + " RETURNING version";
}

std::string replacing() {
    return "UPDATE state SET value = ?3, version = version + 1, expires = ?4, written = ?5"
           " WHERE scope = ?1 AND key = ?2 AND version = ?6 AND " +
           live("?5");
}

std::string erasing() {
    return "DELETE FROM state WHERE scope = ?1 AND key = ?2 AND version = ?4 AND " + live("?3");
}

// The repeated bound of the index lets SQLite use it.
constexpr const char* expired =
    "SELECT 1 FROM state WHERE expires <= ? AND expires < 9223372036854775807 LIMIT 1";
constexpr const char* sweep =
    "DELETE FROM state WHERE (scope, key) IN (SELECT scope, key FROM state"
    " WHERE expires <= ? AND expires < 9223372036854775807 LIMIT 100)";

/// Their transaction came to nothing, or nobody knows. A write that lost has lost to what was there before,
/// unless one of the same transaction was in its way.
void fail(std::span<StateWrite* const> writes, int trouble) noexcept {
    for (std::size_t i = writes.size(); i-- > 0;) {
        StateWrite& write = *writes[i];
        const auto in_its_way = [&](const StateWrite* earlier) {
            return earlier->status == WFC_OK && earlier->key == write.key && earlier->scope == write.scope;
        };
        const auto earlier = writes.first(i);
        if (write.status == WFC_CONFLICT && std::none_of(earlier.begin(), earlier.end(), in_its_way))
            continue;
        write.status = WFC_UNAVAILABLE;
        write.trouble = trouble;
    }
}

}  // namespace

StateWriting::StateWriting(const std::filesystem::path& file, Deadline deadline)
    : database_(file, deadline),
      transactions_(database_),
      next_version_(database_, next_version),
      make_(database_, making),
      make_again_(database_, making_again().c_str()),
      replace_(database_, replacing().c_str()),
      erase_(database_, erasing().c_str()),
      expired_(database_, expired),
      sweep_(database_, sweep) {}

std::optional<int> StateWriting::begin(Deadline deadline) noexcept try {
    if (!database_.in_place()) return DatabaseFailed::lost;
    database_.wait_until(deadline);
    change_.emplace(database_, transactions_);
    return std::nullopt;
} catch (const DatabaseFailed& failed) {
    return failed.code;
} catch (...) {
    return SQLITE_NOMEM;
}

void StateWriting::carry_out(std::span<StateWrite* const> writes, Deadline deadline) noexcept {
    if (together(writes) || writes.size() == 1) return;
    for (std::size_t i = 0; i < writes.size() && std::chrono::steady_clock::now() < deadline; ++i) {
        if (const std::optional<int> trouble = begin(deadline)) {
            writes[i]->trouble = trouble;
        } else {
            together(writes.subspan(i, 1));
        }
    }
}

/// False where a statement failed: then none of them is written.
bool StateWriting::together(std::span<StateWrite* const> writes) noexcept {
    bool stated = false;
    try {
        const std::int64_t now = unix_ms();  // after the wait: a value lives as long as was asked for
        for (StateWrite* write : writes) apply(*write, now);
        stated = true;
        change_->commit();
        change_.reset();
        // Nobody who opens it later would see them.
        if (!database_.in_place()) throw DatabaseFailed{DatabaseFailed::lost};
    } catch (const DatabaseFailed& failed) {
        change_.reset();
        fail(writes, failed.code);
        return stated;
    }
    const std::int64_t now = unix_ms();
    for (StateWrite* write : writes) {
        if (write->status != WFC_OK) continue;
        if (write->kind == StateWrite::Kind::put) ++writes_;
        // A slow disk: somebody else may have what the caller would believe to hold.
        if (write->expires <= now) write->status = WFC_CONFLICT;
    }
    return true;
}

void StateWriting::apply(StateWrite& write, std::int64_t now) {
    const bool put = write.kind == StateWrite::Kind::put;
    write.status = WFC_UNAVAILABLE;
    write.trouble.reset();
    if (put) write.expires = expiry(now, write.ttl_ms);
    const auto version = !put                          ? erase(write, now)
                         : write.expected_version == 0 ? make(write, now)
                                                       : replace(write, now);
    if (version) write.version = static_cast<std::uint64_t>(*version);
    write.status = version ? WFC_OK : WFC_CONFLICT;
}

std::optional<std::int64_t> StateWriting::make(const StateWrite& write, std::int64_t now) {
    std::int64_t version = 0;
    {
        Run next(next_version_);
        if (!next.row()) throw DatabaseFailed{SQLITE_CORRUPT};
        version = next.number(0);
    }
    {
        Run first(make_);
        first.bind(write.scope).bind(write.key).bind(write.bytes).bind(write.expires).bind(now).bind(version);
        first.row();
        if (changed()) return version;
    }
    Run again(make_again_);
    again.bind(write.scope).bind(write.key).bind(write.bytes).bind(write.expires).bind(now);
    if (!again.row()) return std::nullopt;
    version = again.number(0);
    again.row();
    return version;
}

std::optional<std::int64_t> StateWriting::replace(const StateWrite& write, std::int64_t now) {
    Run run(replace_);
    run.bind(write.scope).bind(write.key).bind(write.bytes).bind(write.expires).bind(now);
    run.bind(write.expected_version).row();
    if (!changed()) return std::nullopt;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(write.expected_version) + 1);
}

std::optional<std::int64_t> StateWriting::erase(const StateWrite& write, std::int64_t now) {
    Run run(erase_);
    run.bind(write.scope).bind(write.key).bind(now).bind(write.expected_version).row();
    return changed() ? std::optional(write.expected_version) : std::nullopt;
}

bool StateWriting::changed() const noexcept {
    return sqlite3_changes(database_.handle()) > 0;
}

void StateWriting::tidy() noexcept try {
    if (writes_ < next_sweep_) return;
    next_sweep_ += writes_per_sweep;
    const std::int64_t before = unix_ms() - rest_of_expired_ms;
    {
        Run look(expired_);
        if (!look.bind(before).row()) return;
    }
    Run remove(sweep_);
    remove.bind(before).row();
} catch (const DatabaseFailed&) {
    return;
}

}  // namespace wfc
