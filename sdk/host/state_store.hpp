/// Small values that outlive the process: `wfc.state/1` over SQLite.
///
/// Guarantees: a write that returned is on the disk (synchronous=FULL) and every process that shares the file
/// sees it; writes are compare-and-swap, one winner each; a value past its expiry is as if it were not there.
/// Keys of different scopes never meet. Does not encrypt: secrets do not belong here. Needs a local file
/// system (write-ahead log).
#pragma once

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
    /// Opens or makes `file` (0600). Throws StateUnusable.
    explicit StateStore(const std::filesystem::path& file);
    ~StateStore();
    StateStore(const StateStore&) = delete;
    StateStore& operator=(const StateStore&) = delete;

    // WFC_OK, WFC_NOT_FOUND, WFC_CONFLICT, WFC_INVALID_INPUT (key or value too large), WFC_UNAVAILABLE
    // (locked for longer than 5 s, disk full).
    wfc_status get(std::string_view scope, std::string_view key, StateValue& into);
    /// `expected_version` 0: there must be none. `ttl_ms` 0: until erased.
    wfc_status put(std::string_view scope, std::string_view key, std::string_view bytes,
                   std::uint64_t expected_version, std::uint64_t ttl_ms, std::uint64_t& new_version);
    wfc_status erase(std::string_view scope, std::string_view key, std::uint64_t expected_version);
    /// At most 1000 keys in byte order, those after `after`.
    wfc_status list(std::string_view scope, std::string_view prefix, std::string_view after,
                    std::vector<std::string>& keys);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// wfc.state/1 for one component: the store, seen through its scope. Any thread.
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
