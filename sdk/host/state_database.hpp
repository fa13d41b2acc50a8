/// A connection to the state file.
///
/// Guarantees: what opens is a state store of ours in the format of this version, with a write-ahead log,
/// synchronous=FULL and mode 0600; what is not stays as it was. Knows nothing of keys and versions. One
/// thread at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "host/state_files.hpp"

struct sqlite3;

namespace wfc {

/// SQLite said no. `code` is its extended result code, or one of our own.
struct DatabaseFailed {
    static constexpr int lost = -1;     ///< its files do not lie where they were opened
    static constexpr int crowded = -2;  ///< other threads of this process took the time

    int code;

    /// What that means for the state file and what to do, to go on after "the state file … ".
    std::string sentence() const;
};

class Database {
  public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Opens `file`, or makes it. Throws StateUnusable.
    Database(const std::filesystem::path& file, Deadline deadline);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// Statements wait for locks of other processes until then.
    void wait_until(Deadline deadline) noexcept { deadline_ = deadline; }
    /// Whether its files still lie where they were opened and nobody wrote over the beginning. False: what is
    /// written reaches nobody.
    bool in_place() const noexcept;
    /// Runs SQL without parameters and results. Throws DatabaseFailed.
    void execute(const char* sql);
    sqlite3* handle() const noexcept { return handle_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept;
    };
    enum class Identity { ours, empty, newer, foreign };

    void connect(const std::filesystem::path& file);
    Identity identity();  ///< within a transaction
    void prepare_file();
    static int busy(void* self, int count) noexcept;

    std::unique_ptr<sqlite3, Close> handle_;
    std::optional<StateFiles> files_{};  ///< once it is open
    Deadline deadline_;
    bool empty_ = false;  ///< when it was opened
};

}  // namespace wfc
