/// The state file while it is open: one connection that writes, and one that reads.
///
/// Guarantees: reading waits for no writer (write-ahead log), writing shares commits. Internal to the store.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "host/state_commits.hpp"
#include "host/state_statement.hpp"
#include "host/state_store.hpp"
#include "host/state_writing.hpp"

namespace wfc {

/// Any thread. What is asked of it fits the bounds of the store. Throws DatabaseFailed, std::bad_alloc.
class StateConnections {
  public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Opens `file`, or makes it. Throws StateUnusable too.
    StateConnections(const std::filesystem::path& file, Deadline deadline);

    wfc_status read(Deadline deadline, std::string_view scope, std::string_view key, StateValue& into);
    /// Those from `first` on and before `end`, at most `most`.
    void list(Deadline deadline, std::string_view scope, std::string_view first, std::string_view end,
              std::int64_t most, std::vector<std::string>& keys);
    /// `version` is set with WFC_OK. WFC_UNAVAILABLE is thrown.
    wfc_status write(Deadline deadline, StateWrite write, std::uint64_t& version);

  private:
    class Turn;

    StateWriting writing_;
    StateCommits commits_{writing_};
    std::mutex mutex_{};  ///< `taken_`
    std::condition_variable free_{};
    bool taken_ = false;  ///< one thread at a time reads
    Database reading_;
    Statement get_, list_;
};

}  // namespace wfc
