/// Small values that outlive the process: `wfc.state/1` over SQLite.
///
/// Guarantees: a write that returned is on the disk (synchronous=FULL) and every process that shares the file
/// sees it; writes are compare-and-swap, one winner each; a version never returns for its key, not even after
/// the key was erased, so who holds an old one loses; a value past its expiry is as if it were not there.
/// Keys of different scopes never meet. Does not encrypt: secrets do not belong here. Needs a local file
/// system (write-ahead log). A process that has one open must not fork without exec.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/component.h"

namespace wfc {

/// The file cannot be opened or is no store of ours. A sentence for people.
class StateUnusable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct StateValue {
    std::string bytes;
    std::uint64_t version = 0;
};

/// Any thread.
class StateStore {
  public:
    static constexpr std::size_t longest_scope = 128, longest_key = 512, largest_value = 1024 * 1024;
    static constexpr std::size_t keys_per_list = 1000;

    /// Opens or makes `file` (0600); its folder must be there. A file that is no store of ours stays as it
    /// is. `patience` is how long a call waits for other writers. Throws StateUnusable.
    explicit StateStore(const std::filesystem::path& file,
                        std::chrono::milliseconds patience = std::chrono::seconds(5));
    ~StateStore();
    StateStore(const StateStore&) = delete;
    StateStore& operator=(const StateStore&) = delete;

    // WFC_OK, WFC_NOT_FOUND, WFC_CONFLICT, WFC_INVALID_INPUT (scope, key or value too large, empty scope or
    // key), WFC_UNAVAILABLE (locked for longer than the patience, disk full, file damaged). After the last
    // of them a write may have been done or not: `get` tells.
    wfc_status get(std::string_view scope, std::string_view key, StateValue& into) noexcept;
    /// `expected_version` 0: there must be none. `ttl_ms` counts on the wall clock from this call; 0: until
    /// erased.
    wfc_status put(std::string_view scope, std::string_view key, std::string_view bytes,
                   std::uint64_t expected_version, std::uint64_t ttl_ms, std::uint64_t& new_version) noexcept;
    wfc_status erase(std::string_view scope, std::string_view key, std::uint64_t expected_version) noexcept;
    /// At most 1000 keys in byte order, those that begin with `prefix` and come after `after`.
    wfc_status list(std::string_view scope, std::string_view prefix, std::string_view after,
                    std::vector<std::string>& keys) noexcept;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// wfc.state/1 for one component: the store, seen through its scope. Any thread. Keys that are no UTF-8 are
/// WFC_INVALID_INPUT, since no JSON list could name them.
class StateView {
  public:
    /// `store` outlives this. `scope` is the component's type.
    StateView(StateStore& store, std::string scope);
    StateView(const StateView&) = delete;
    StateView& operator=(const StateView&) = delete;

    const wfc_state* table() const noexcept { return &table_; }

  private:
    StateStore& store_;
    std::string scope_;
    wfc_state table_;
};

}  // namespace wfc
