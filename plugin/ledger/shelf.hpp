/// The place of one record in the host's wfc.state/1.
///
/// Guarantees: a write that succeeded is durable and replaced what the writer had seen; a write whose answer
/// was lost is looked for before anything is said of it; what is read is a whole record or a Failure. No
/// waiting, no deciding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/record.hpp"
#include "outcome/failure.hpp"
#include "wfc/host.hpp"

namespace mailsend::ledger {

/// A record as it was found.
struct Found {
    Record record;
    std::uint64_t version = 0;
};

/// What became of a write.
struct Placed {
    std::uint64_t version = 0;   ///< of what was written; 0: somebody else wrote first
    std::optional<Found> there;  ///< what stands there instead; nothing: it is gone
};

/// The host has no wfc.state/1 after all.
class NotOffered : public Failure {
  public:
    NotOffered() : Failure(Stage::host, "host.state", "this host has no store (wfc.state/1)") {}
};

/// Copyable; as thread-safe as the state service.
class Shelf {
  public:
    /// `key` of the state service; `retention_ms` as ttl_ms().
    Shelf(wfc::State state, std::string key, std::uint64_t retention_ms)
        : state_(state), key_(std::move(key)), retention_ms_(retention_ms) {}

    /// Throws Failure(host.state), also for a record that cannot be used; NotOffered.
    std::optional<Found> read() const;
    /// Puts `record` in the place of `version` (0: of nothing). Throws as read().
    Placed replace(const Record& record, std::uint64_t version) const;

    const std::string& key() const noexcept { return key_; }

  private:
    std::optional<wfc::State::Value> look() const;
    Found checked(const wfc::State::Value& value) const;

    wfc::State state_;
    std::string key_;
    std::uint64_t retention_ms_;
};

}  // namespace mailsend::ledger
