#include "testhost/content.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>

namespace wfc::testhost {

struct Sources::Shared {
    std::mutex mutex;
    std::condition_variable released;
    bool release = false;

    void wait() {
        std::unique_lock lock(mutex);
        released.wait_for(lock, std::chrono::seconds(30), [&] { return release; });
    }
};

struct Sources::Opened {
    Opened(std::shared_ptr<const Content> what, Shared& common) : content(std::move(what)), shared(common) {}

    std::shared_ptr<const Content> content;
    Shared& shared;
    std::uint64_t offset = 0;
    bool rewound = false;
    std::atomic<std::size_t> closes{0};
    std::atomic<std::size_t> late{0};
    std::atomic<std::uint64_t> read_total{0};

    const std::string& bytes() const {
        return rewound && content->after_rewind ? *content->after_rewind : content->bytes;
    }
    std::uint64_t total() const { return bytes().size() * content->repeat; }
    bool usable() {
        if (closes == 0) return true;
        ++late;
        return false;
    }
};

namespace {

template <class Opened>
std::int64_t read_some(Opened& source, char* into, std::size_t capacity) {
    if (!source.usable()) return -1;
    const Content& content = *source.content;
    if (content.never_ready) {
        source.shared.wait();
        return -1;
    }
    std::uint64_t wanted = std::min<std::uint64_t>({capacity, content.chunk, source.total() - source.offset});
    if (content.fail_at && source.offset + wanted > *content.fail_at) {
        if (source.offset >= *content.fail_at) return -1;
        wanted = *content.fail_at - source.offset;
    }
    const std::string& bytes = source.bytes();
    for (std::uint64_t done = 0; done < wanted;) {
        const std::size_t at = static_cast<std::size_t>((source.offset + done) % bytes.size());
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(wanted - done, bytes.size() - at));
        bytes.copy(into + done, part, at);
        done += part;
    }
    source.offset += wanted;
    source.read_total += wanted;
    return static_cast<std::int64_t>(wanted);
}

}  // namespace

Sources::Sources() : shared_(std::make_unique<Shared>()) {}
Sources::~Sources() {
    release();
}

wfc_status Sources::open(std::shared_ptr<const Content> content, wfc_source* out) noexcept try {
    if (content->open_status != WFC_OK) return content->open_status;
    auto fresh = std::make_unique<Opened>(std::move(content), *shared_);
    *out = {fresh.get(),
            [](void* ctx, void* into, std::size_t capacity) noexcept -> std::int64_t {
                return read_some(*static_cast<Opened*>(ctx), static_cast<char*>(into), capacity);
            },
            [](void* ctx) noexcept -> std::int64_t {
                auto& source = *static_cast<Opened*>(ctx);
                if (!source.usable() || !source.content->size_known) return -1;
                return source.content->reported_size.value_or(static_cast<std::int64_t>(source.total()));
            },
            [](void* ctx) noexcept -> wfc_status {
                auto& source = *static_cast<Opened*>(ctx);
                if (!source.usable() || !source.content->rewinds) return WFC_UNSUPPORTED;
                source.offset = 0;
                source.rewound = true;
                return WFC_OK;
            },
            [](void* ctx) noexcept { ++static_cast<Opened*>(ctx)->closes; }};
    const std::lock_guard lock(mutex_);
    opened_.push_back(std::move(fresh));
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

void Sources::release() noexcept {
    const std::lock_guard lock(shared_->mutex);
    shared_->release = true;
    shared_->released.notify_all();
}

SourceCounts Sources::counts() const {
    const std::lock_guard lock(mutex_);
    SourceCounts out;
    out.opened = opened_.size();
    for (const auto& source : opened_) {
        const std::size_t closes = source->closes;
        out.closed += closes > 0 ? 1u : 0u;
        out.closed_again += closes > 1 ? closes - 1 : 0u;
        out.used_after_close += source->late;
        out.bytes_read += source->read_total;
    }
    return out;
}

}  // namespace wfc::testhost
