/// One invocation as `wfc invoke` makes it: a document in memory, blobs in files, progress on standard error.
///
/// Guarantees: `cancelled` is lock-free; the document is bounded (16 MiB).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "host/file_blobs.hpp"
#include "host/log_writer.hpp"
#include "wfc/component.h"

namespace wfc::tool {

class HostCall {
  public:
    /// `log`, `blobs` and `cancelled` outlive this.
    HostCall(std::string id, std::string operation, std::string input, FileBlobs& blobs, LogWriter& log,
             const std::atomic<bool>& cancelled);
    HostCall(const HostCall&) = delete;
    HostCall& operator=(const HostCall&) = delete;

    const wfc_call& table() const noexcept { return table_; }
    /// It ends so long from now, on the machine's clock.
    void deadline_in(std::chrono::milliseconds limit) noexcept;
    /// Asked first about each progress event: true where it has shown the event. Called in `invoke`, on its
    /// thread.
    void show_progress_with(std::function<bool(std::string_view event)> show) { show_ = std::move(show); }
    const std::string& result() const noexcept { return result_; }

    /// 128 random bits in hex.
    static std::string fresh_id();

  private:
    wfc_status append(std::string_view bytes);
    void progress(std::string_view event) noexcept;

    std::string id_, operation_, input_, result_;
    FileBlobs& blobs_;
    LogWriter& log_;
    const std::atomic<bool>& cancelled_;
    std::function<bool(std::string_view event)> show_{};
    wfc_call table_{};
};

}  // namespace wfc::tool
