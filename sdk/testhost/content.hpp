/// What a blob or a file of a test holds, and how it misbehaves.
///
/// Guarantees: every opened source is counted until the test ends, so a source closed twice, never, or read
/// after its close is noticed. Copies no content per open. Reads from one source come from one thread;
/// opening and counting from any.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "wfc/component.h"

namespace wfc::testhost {

/// Bytes and their faults. Plain data: fill it in, hand it over.
struct Content {
    std::string bytes{};
    std::uint64_t repeat = 1;  ///< the content is `bytes`, so many times over
    std::size_t chunk = std::numeric_limits<std::size_t>::max();  ///< at most so many bytes per read
    std::optional<std::uint64_t> fail_at = std::nullopt;       ///< the read that would pass this offset fails
    bool size_known = true;                                    ///< false: size() answers -1
    std::optional<std::int64_t> reported_size = std::nullopt;  ///< what size() says instead of the truth
    bool rewinds = true;                                       ///< false: rewind is WFC_UNSUPPORTED
    std::optional<std::string> after_rewind = std::nullopt;    ///< another content, once rewound
    bool never_ready = false;         ///< like a FIFO nobody writes to: read waits for release()
    wfc_status open_status = WFC_OK;  ///< other than WFC_OK: open fails with it
};

/// How sources were used.
struct SourceCounts {
    std::size_t opened = 0;
    std::size_t closed = 0;
    std::size_t closed_again = 0;      ///< closes beyond the first of a source
    std::size_t used_after_close = 0;  ///< read, size or rewind on a closed source
    std::uint64_t bytes_read = 0;

    bool clean() const noexcept { return opened == closed && closed_again == 0 && used_after_close == 0; }
};

/// Opens sources and keeps them until it ends, so that misuse is seen instead of being a crash. Any thread.
class Sources {
  public:
    Sources();
    ~Sources();
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    /// Opens `content`, shared with the opener; returns its `open_status`.
    wfc_status open(std::shared_ptr<const Content> content, wfc_source* out) noexcept;
    /// Lets every waiting read of never-ready content fail, now and from now on.
    void release() noexcept;
    SourceCounts counts() const;

  private:
    struct Shared;
    struct Opened;
    std::unique_ptr<Shared> shared_;
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Opened>> opened_;
};

}  // namespace wfc::testhost
