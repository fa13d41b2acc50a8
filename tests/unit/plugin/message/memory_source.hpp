/// Sources in memory for tests of composing: what they deliver and promise is said by the test.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "wfc/stream.hpp"

namespace mailsend::test {

/// What one source does. The counters outlive it when the test keeps the pointer.
struct Script {
    std::string bytes;
    std::optional<std::int64_t> promised;  ///< -1: unknown; unset: the truth
    std::size_t chunk = SIZE_MAX;          ///< most bytes of one read
    std::size_t fails_at = SIZE_MAX;       ///< offset at which reading fails
    bool rewinds = true;
    int opened = 0;
    int closed = 0;
    std::size_t most_asked = 0;  ///< largest capacity of a read
    std::size_t delivered = 0;   ///< by all readers
};

inline wfc::Source open(const std::shared_ptr<Script>& script) {
    struct Reading {
        std::shared_ptr<Script> script;
        std::size_t at = 0;
    };
    ++script->opened;
    wfc_source source{};
    source.ctx = new Reading{script, 0};
    source.read = [](void* ctx, void* into, std::size_t capacity) noexcept -> std::int64_t {
        auto& reading = *static_cast<Reading*>(ctx);
        Script& from = *reading.script;
        from.most_asked = std::max(from.most_asked, capacity);
        if (reading.at >= from.fails_at) return -1;
        const std::size_t until = std::min(from.bytes.size(), from.fails_at);
        const std::size_t n = std::min({capacity, from.chunk, until - reading.at});
        std::memcpy(into, from.bytes.data() + reading.at, n);
        reading.at += n;
        from.delivered += n;
        return static_cast<std::int64_t>(n);
    };
    source.size = [](void* ctx) noexcept -> std::int64_t {
        const Script& from = *static_cast<Reading*>(ctx)->script;
        return from.promised.value_or(static_cast<std::int64_t>(from.bytes.size()));
    };
    source.rewind = [](void* ctx) noexcept -> wfc_status {
        auto& reading = *static_cast<Reading*>(ctx);
        if (!reading.script->rewinds) return WFC_UNSUPPORTED;
        reading.at = 0;
        return WFC_OK;
    };
    source.close = [](void* ctx) noexcept {
        auto* reading = static_cast<Reading*>(ctx);
        ++reading->script->closed;
        delete reading;
    };
    return wfc::Source(source);
}

inline std::shared_ptr<Script> script(std::string bytes) {
    auto out = std::make_shared<Script>();
    out->bytes = std::move(bytes);
    return out;
}

}  // namespace mailsend::test
