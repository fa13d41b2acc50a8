/// Where the call's thread and the threads that send rows meet.
///
/// Guarantees: a bounded number of rows and of their octets waits, and no more results than rows are under
/// way, so memory does not grow with the batch; what only the call's thread may do (opening a blob of the
/// host) is asked of it and waited for. Knows nothing of sending.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "operations/batch_row.hpp"

namespace mailsend {

class BatchDesk {
  public:
    static constexpr std::size_t most_rows = 64;
    static constexpr std::size_t most_octets = std::size_t{2} << 20;  ///< more only for a single row

    BatchDesk() = default;
    BatchDesk(const BatchDesk&) = delete;
    BatchDesk& operator=(const BatchDesk&) = delete;

    // The call's thread.

    bool room();
    void put(BatchLine line);
    /// No more rows come: who asks for one and finds none leaves.
    void close();
    /// Nothing more is sent: rows that wait are dropped, rows under way are cancelled where `now`.
    /// The number of rows dropped.
    std::size_t stop(bool now);
    /// Rows put and without a result yet.
    std::size_t under_way();
    /// Results since the last time; waits for one, or for room or a wish, at most so long.
    std::vector<RowResult> results(int wait_ms);
    /// So many of the results were looked at.
    void judged(std::size_t count);
    /// Until then nobody gets a row before the result of the one before was judged.
    void trust();
    /// Opens the blobs that are waited for.
    void open_blobs(const BlobOpener& open);

    // Any thread.

    /// The next row; waits for it. Nothing: there are no more.
    std::optional<BatchLine> take();
    void done(RowResult result);
    wfc_status ask_for_blob(wfc_view name, wfc_source* out);
    const std::atomic<bool>& stopped() const noexcept { return stopped_; }

  private:
    struct Wish {
        wfc_view name;
        wfc_source* out;
        wfc_status status = WFC_OK;
        bool granted = false;
    };

    std::mutex mutex_{};
    std::condition_variable rows_came_{}, something_happened_{}, granted_{};
    std::deque<BatchLine> rows_{};
    std::size_t octets_ = 0;
    std::size_t under_way_ = 0;
    std::size_t in_hand_ = 0;  ///< taken and not yet judged
    bool trusting_ = false;
    std::vector<RowResult> results_{};
    std::vector<Wish*> wishes_{};
    bool closed_ = false;
    std::atomic<bool> stopped_{false};
};

}  // namespace mailsend
