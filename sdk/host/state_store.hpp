/// Small values that outlive the process: `wfc.state/1` over SQLite.
///
/// Guarantees: a write that returned WFC_OK is on the disk (synchronous=FULL) and every process that shares
/// the file sees it; writes of threads that write at once share a commit, and one that loses undoes no
/// other; writes are compare-and-swap, one winner each; a version never returns for its key, not
/// even after the key was erased, so who holds an old one loses; a value past its expiry is as if it were not
/// there. So is one with at most an hour to live that was written more than a minute in the future: then the
/// clock was set back, and a lease must not live on for the difference. Keys of different scopes never meet.
/// A file that is full, locked, damaged, deleted or replaced in use is WFC_UNAVAILABLE, for reading too once
/// it does not lie in its place any more: a store does not begin anew by itself, since what it knew would be
/// forgotten. Who wants to know is told why. Does not encrypt: secrets do not belong here. Does not notice
/// what another program writes into the middle of the file. Needs a local file system (write-ahead log). A
/// process that has one open must not fork without exec.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/component.h"

namespace wfc {

/// The file cannot be opened or is no store of ours. A sentence for people: why, and what to do.
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
    /// is. `patience` is how long opening, and each call, waits for others; a write that is alone goes at
    /// once, and only the disk's own time comes on top. Throws StateUnusable.
    explicit StateStore(const std::filesystem::path& file,
                        std::chrono::milliseconds patience = std::chrono::seconds(5));
    /// Stands for a file that could not be opened, of which whoever made this has told: each call is
    /// WFC_UNAVAILABLE. When `retry` has gone by since the last try, a call tries again to open it; once that
    /// went well it is a store like any other. Throws std::bad_alloc.
    StateStore(const std::filesystem::path& file, std::chrono::milliseconds patience,
               const StateUnusable& fault, std::chrono::milliseconds retry = std::chrono::seconds(10));
    ~StateStore();
    StateStore(const StateStore&) = delete;
    StateStore& operator=(const StateStore&) = delete;

    /// Is given a sentence for people: why a call was WFC_UNAVAILABLE, with the name of the file. On the
    /// thread of the call, with no lock held; what it throws is dropped.
    using Tell = std::function<void(const std::string& sentence)>;
    /// The same store, over the same connections, for callers that wait no longer than that. `tell` hears of
    /// their calls; of a reason that was told to anyone it hears again after 10 s.
    StateStore with_patience(std::chrono::milliseconds at_most, Tell tell = {}) const;

    // WFC_OK, WFC_NOT_FOUND, WFC_CONFLICT, WFC_INVALID_INPUT (scope, key or value too large, empty scope or
    // key), WFC_UNAVAILABLE (locked for longer than the patience, disk full, file damaged or not in its
    // place). After the last of them a write may have been done or not: `get` tells.
    wfc_status get(std::string_view scope, std::string_view key, StateValue& into) noexcept;
    /// `expected_version` 0: there must be none. `ttl_ms` counts on the wall clock from the moment that no
    /// other writer is before this one; 0: until erased. WFC_CONFLICT also when it has passed before the
    /// value was on the disk.
    wfc_status put(std::string_view scope, std::string_view key, std::string_view bytes,
                   std::uint64_t expected_version, std::uint64_t ttl_ms, std::uint64_t& new_version) noexcept;
    wfc_status erase(std::string_view scope, std::string_view key, std::uint64_t expected_version) noexcept;
    /// At most 1000 keys in byte order, those that begin with `prefix` and come after `after`.
    wfc_status list(std::string_view scope, std::string_view prefix, std::string_view after,
                    std::vector<std::string>& keys) noexcept;

  private:
    class Place;
    StateStore(std::shared_ptr<Place> place, std::chrono::milliseconds patience, Tell tell) noexcept;
    template <class Work>
    wfc_status carry_out(Work work) noexcept;

    std::shared_ptr<Place> place_;
    std::chrono::milliseconds patience_;
    Tell tell_{};
};

/// wfc.state/1 for one component: the store, seen through its scope. Any thread. Keys that are no UTF-8 are
/// WFC_INVALID_INPUT, since no JSON list could name them. No call waits longer than a second for others,
/// since none can be cancelled: WFC_UNAVAILABLE.
class StateView {
  public:
    static constexpr std::chrono::milliseconds longest_wait{1000};

    /// `store` outlives this. `scope` is the component's type. `tell`: as for StateStore::with_patience.
    StateView(StateStore& store, std::string scope, StateStore::Tell tell = {});
    StateView(const StateView&) = delete;
    StateView& operator=(const StateView&) = delete;

    const wfc_state* table() const noexcept { return &table_; }

  private:
    StateStore store_;
    std::string scope_;
    wfc_state table_;
};

}  // namespace wfc
