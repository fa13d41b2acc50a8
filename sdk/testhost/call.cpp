#include "testhost/call.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <limits>
#include <map>
#include <mutex>

#include "wfc/view.hpp"

namespace wfc::testhost {

namespace {

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

/// A sink's receiver: bounded by a scripted failure.
struct Captured {
    explicit Captured(std::mutex& guard) : mutex(guard) {}

    std::mutex& mutex;
    std::string name{}, media_type{}, bytes{};
    std::size_t writes = 0;
    std::uint64_t fail_at = never;

    wfc_sink sink() noexcept {
        return {this, [](void* ctx, wfc_view what) noexcept -> wfc_status {
                    auto& self = *static_cast<Captured*>(ctx);
                    const std::lock_guard lock(self.mutex);
                    ++self.writes;
                    if (self.bytes.size() + what.size > self.fail_at) return WFC_UNAVAILABLE;
                    self.bytes.append(text(what));
                    return WFC_OK;
                }};
    }
};

}  // namespace

struct TestCall::Parts {
    mutable std::mutex mutex{};
    wfc_call table{};
    std::string id = "call-1", operation{}, input{};
    Captured result{mutex};
    std::deque<Captured> emitted{};
    std::uint64_t emit_fails_at = never;
    bool refuses_blobs = false;
    std::map<std::string, std::shared_ptr<const Content>, std::less<>> blobs{};
    std::vector<std::string> asked{}, progress{};
    std::function<void(const std::string&)> listener{};
    std::atomic<bool> cancelled{false};
    std::atomic<std::uint64_t> polls{0}, cancel_after{never};
    Sources sources{};
    std::function<void(const std::string&)> on_misuse = TestCall::abort_with;

    static Parts& of(const wfc_call* call) noexcept { return *static_cast<Parts*>(call->ctx); }

    wfc_status open(wfc_view name, wfc_source* out) {
        std::shared_ptr<const Content> content;
        {
            const std::lock_guard lock(mutex);
            asked.emplace_back(text(name));
            const auto found = blobs.find(text(name));
            if (found == blobs.end()) return WFC_NOT_FOUND;
            content = found->second;
        }
        return sources.open(std::move(content), out);
    }
    wfc_status emit(wfc_view name, wfc_view media_type, wfc_sink* out) {
        const std::lock_guard lock(mutex);
        if (refuses_blobs) return WFC_UNSUPPORTED;
        Captured& blob = emitted.emplace_back(mutex);
        blob.name = text(name);
        blob.media_type = text(media_type);
        blob.fail_at = emit_fails_at;
        *out = blob.sink();
        return WFC_OK;
    }
    void happened(wfc_view event) {
        std::function<void(const std::string&)> tell;
        const std::string copy(text(event));
        {
            const std::lock_guard lock(mutex);
            progress.push_back(copy);
            tell = listener;
        }
        if (tell) tell(copy);
    }
    bool poll() noexcept {
        const std::uint64_t before = polls.fetch_add(1);
        return cancelled.load() || before >= cancel_after.load();
    }
};

TestCall::TestCall(std::string operation, std::string input) : parts_(std::make_unique<Parts>()) {
    Parts& p = *parts_;
    p.operation = std::move(operation);
    p.input = std::move(input);
    p.table.struct_size = sizeof(wfc_call);
    p.table.ctx = &p;
    p.table.id = view(p.id);
    p.table.operation = view(p.operation);
    p.table.input = view(p.input);
    p.table.result = p.result.sink();
    p.table.cancelled = [](const wfc_call* call) noexcept -> int { return Parts::of(call).poll() ? 1 : 0; };
    p.table.open_blob = [](const wfc_call* call, wfc_view name, wfc_source* out) noexcept {
        return Parts::of(call).open(name, out);
    };
    p.table.emit_blob = [](const wfc_call* call, wfc_view name, wfc_view type, wfc_sink* out) noexcept {
        return Parts::of(call).emit(name, type, out);
    };
    p.table.progress = [](const wfc_call* call, wfc_view event) noexcept { Parts::of(call).happened(event); };
}

TestCall::~TestCall() {
    const SourceCounts counts = parts_->sources.counts();
    if (!counts.clean()) parts_->on_misuse(misuse(counts));
}

const wfc_call* TestCall::table() const noexcept {
    return &parts_->table;
}

void TestCall::id(std::string value) {
    parts_->id = std::move(value);
    parts_->table.id = view(parts_->id);
}
void TestCall::deadline_ms(std::uint64_t value) {
    parts_->table.deadline_ms = value;
}
void TestCall::blob(std::string name, Content content) {
    const std::lock_guard lock(parts_->mutex);
    parts_->blobs.insert_or_assign(std::move(name), std::make_shared<const Content>(std::move(content)));
}
void TestCall::result_fails_at(std::uint64_t bytes) {
    parts_->result.fail_at = bytes;
}
void TestCall::emit_fails_at(std::uint64_t bytes) {
    parts_->emit_fails_at = bytes;
}
void TestCall::refuse_emitting() {
    parts_->refuses_blobs = true;
}
void TestCall::on_progress(std::function<void(const std::string&)> listener) {
    const std::lock_guard lock(parts_->mutex);
    parts_->listener = std::move(listener);
}

void TestCall::cancel() noexcept {
    parts_->cancelled = true;
}
void TestCall::cancel_after_polls(std::uint64_t polls) noexcept {
    parts_->cancel_after = polls;
}
std::uint64_t TestCall::polls() const noexcept {
    return parts_->polls;
}

std::string TestCall::result() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->result.bytes;
}
std::size_t TestCall::result_writes() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->result.writes;
}
std::vector<std::string> TestCall::progress() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->progress;
}
std::vector<EmittedBlob> TestCall::emitted() const {
    const std::lock_guard lock(parts_->mutex);
    std::vector<EmittedBlob> out;
    for (const Captured& blob : parts_->emitted) out.push_back({blob.name, blob.media_type, blob.bytes});
    return out;
}
std::vector<std::string> TestCall::blobs_asked() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->asked;
}
SourceCounts TestCall::sources() const {
    return parts_->sources.counts();
}
void TestCall::release_blobs() {
    parts_->sources.release();
}
void TestCall::on_misuse(std::function<void(const std::string&)> report) {
    parts_->on_misuse = std::move(report);
}

void TestCall::abort_with(const std::string& sentence) {
    std::fprintf(stderr, "testhost: %s\n", sentence.c_str());
    std::abort();
}

std::string TestCall::misuse(const SourceCounts& counts) {
    return "of " + std::to_string(counts.opened) + " sources opened " + std::to_string(counts.closed) +
           " were closed; " + std::to_string(counts.closed_again) + " closed again, " +
           std::to_string(counts.used_after_close) + " uses after the close";
}

}  // namespace wfc::testhost
