/// Owners of the ABI's pull streams and sinks.
///
/// Guarantees: a source that was opened is closed exactly once; a short read is not an end; nothing is
/// allocated on one side and freed on the other. Does not buffer.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "wfc/view.hpp"

namespace wfc {

/// The other side of the ABI failed to read or write, with the status it gave.
class StreamFailed : public std::runtime_error {
  public:
    StreamFailed(wfc_status status, const char* what) : std::runtime_error(what), status_(status) {}
    wfc_status status() const noexcept { return status_; }

  private:
    wfc_status status_;
};

/// Owns an opened `wfc_source`: move-only, closes it when it ends. One thread at a time.
class Source {
  public:
    Source() noexcept = default;
    explicit Source(wfc_source opened) noexcept : source_(opened), open_(true) {}
    Source(Source&& other) noexcept : source_(other.source_), open_(std::exchange(other.open_, false)) {}
    Source& operator=(Source&& other) noexcept {
        if (this != &other) {
            close();
            source_ = other.source_;
            open_ = std::exchange(other.open_, false);
        }
        return *this;
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    ~Source() { close(); }

    explicit operator bool() const noexcept { return open_; }

    /// Reads up to `capacity` bytes; 0 is the end. Throws StreamFailed.
    std::size_t read(char* into, std::size_t capacity) {
        const std::int64_t n = source_.read(source_.ctx, into, capacity);
        if (n < 0 || static_cast<std::uint64_t>(n) > capacity) {
            throw StreamFailed(WFC_UNAVAILABLE, "the host failed to read from a source");
        }
        return static_cast<std::size_t>(n);
    }

    /// Bytes in the whole source, where the host knows.
    std::optional<std::uint64_t> size() const noexcept {
        const std::int64_t n = source_.size(source_.ctx);
        return n < 0 ? std::nullopt : std::optional<std::uint64_t>(static_cast<std::uint64_t>(n));
    }

    /// Back to the first byte; false if the source cannot.
    bool rewind() noexcept { return source_.rewind(source_.ctx) == WFC_OK; }

    void close() noexcept {
        if (std::exchange(open_, false)) source_.close(source_.ctx);
    }

  private:
    wfc_source source_{};
    bool open_ = false;
};

/// Writes to a sink the receiver owns. Throws StreamFailed.
inline void write(const wfc_sink& sink, std::string_view bytes) {
    const wfc_status status = sink.write(sink.ctx, view(bytes));
    if (status != WFC_OK) throw StreamFailed(status, "the host's sink refused the bytes");
}

/// A sink that appends to `into`; valid while `into` lives.
template <class String>
wfc_sink append_to(String& into) noexcept {
    return {&into, [](void* ctx, wfc_view bytes) noexcept -> wfc_status {
                try {
                    static_cast<String*>(ctx)->append(bytes.data, bytes.size);
                    return WFC_OK;
                } catch (...) {
                    return WFC_UNAVAILABLE;
                }
            }};
}

}  // namespace wfc
