#include "testhost/testhost.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <map>
#include <mutex>
#include <set>

#include "wfc/stream.hpp"
#include "wfc/view.hpp"

namespace wfc::testhost {

namespace {

template <class Clock>
auto since_epoch_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

/// What an older host's table looks like: shorter, with nothing behind its end.
template <class Table>
void shorten(Table& table, std::uint32_t size) {
    const std::size_t kept = std::min<std::size_t>(size, sizeof table);
    std::memset(reinterpret_cast<char*>(&table) + kept, 0, sizeof table - kept);
    table.struct_size = size;
}

}  // namespace

struct TestHost::Parts {
    mutable std::mutex mutex{};
    wfc_host host{};
    wfc_log log{};
    wfc_clock clock{};
    wfc_files files{};
    wfc_egress egress{};
    wfc_prompt prompt{};

    std::atomic<std::int32_t> lowest{0};
    std::vector<LogEvent> events{};
    std::function<void(const LogEvent&)> listener{};

    std::atomic<bool> real{false};
    std::atomic<std::uint64_t> now{1'000'000}, tick{0};
    std::atomic<std::int64_t> unix_now{1'700'000'000'000};
    std::atomic<std::int32_t> offset{0};

    MemorySecrets secrets{};
    MemoryState state{[this] { return unix_ms(); }};
    std::vector<std::string> files_asked{};
    std::map<std::string, std::shared_ptr<const Content>, std::less<>> contents{};
    Sources sources{};
    std::function<bool(const EgressQuestion&)> allows{};
    std::vector<EgressQuestion> egress_asked{};
    std::function<wfc_status(std::string_view, std::string&)> person{};
    std::vector<std::string> questions_asked{};
    std::set<std::string, std::less<>> missing{};
    std::function<void(const std::string&)> on_misuse = TestCall::abort_with;

    static Parts& of(void* ctx) noexcept { return *static_cast<Parts*>(ctx); }

    Parts() {
        host.struct_size = sizeof host;
        host.abi_minor = WFC_ABI_MINOR;
        host.ctx = this;
        host.name = "wfc-testhost";
        host.version = "1";
        host.service = [](const wfc_host* self, const char* id) noexcept {
            return of(self->ctx).service(id);
        };
        log = {sizeof log, 0, this,
               [](void* ctx, std::int32_t level) noexcept -> int { return level >= of(ctx).lowest ? 1 : 0; },
               [](void* ctx, std::int32_t level, wfc_view id, wfc_view fields) noexcept {
                   of(ctx).record({level, std::string(text(id)), std::string(text(fields))});
               }};
        clock = {sizeof clock,
                 0,
                 this,
                 [](void* ctx) noexcept { return of(ctx).monotonic(); },
                 [](void* ctx) noexcept { return of(ctx).unix_ms(); },
                 [](void* ctx, std::int64_t) noexcept -> std::int32_t { return of(ctx).offset; }};
        files = {sizeof files, 0, this, [](void* ctx, wfc_view path, wfc_source* out) noexcept {
                     return of(ctx).open(text(path), out);
                 }};
        egress = {sizeof egress, 0, this,
                  [](void* ctx, wfc_view to, wfc_view address, std::uint16_t port) noexcept {
                      return of(ctx).ask({std::string(text(to)), std::string(text(address)), port});
                  }};
        prompt = {sizeof prompt, 0, this,
                  [](void* ctx, const wfc_call*, wfc_view question, wfc_sink answer) noexcept {
                      return of(ctx).ask_person(text(question), answer);
                  }};
    }

    const void* service(const char* id) {
        if (id == nullptr || missing.count(std::string_view(id)) > 0) return nullptr;
        if (std::string_view(id) == WFC_PROMPT) return person ? &prompt : nullptr;
        const std::map<std::string_view, const void*> tables = {{WFC_LOG, &log},
                                                                {WFC_CLOCK, &clock},
                                                                {WFC_SECRETS, &secrets.table()},
                                                                {WFC_STATE, &state.table()},
                                                                {WFC_FILES, &files},
                                                                {WFC_EGRESS, &egress}};
        const auto found = tables.find(id);
        return found == tables.end() ? nullptr : found->second;
    }

    void record(const LogEvent& event) {
        std::function<void(const LogEvent&)> tell;
        {
            const std::lock_guard lock(mutex);
            events.push_back(event);
            tell = listener;
        }
        if (tell) tell(event);
    }
    std::uint64_t monotonic() noexcept {
        if (real) return static_cast<std::uint64_t>(since_epoch_ms<std::chrono::steady_clock>());
        const std::uint64_t step = tick;
        unix_now += static_cast<std::int64_t>(step);
        return now.fetch_add(step) + step;
    }
    std::int64_t unix_ms() const noexcept {
        return real ? since_epoch_ms<std::chrono::system_clock>() : unix_now.load();
    }
    wfc_status open(std::string_view path, wfc_source* out) {
        std::shared_ptr<const Content> content;
        {
            const std::lock_guard lock(mutex);
            files_asked.emplace_back(path);
            const auto found = contents.find(path);
            if (found == contents.end()) return WFC_NOT_FOUND;
            content = found->second;
        }
        return sources.open(std::move(content), out);
    }
    wfc_status ask(const EgressQuestion& question) {
        std::function<bool(const EgressQuestion&)> decide;
        {
            const std::lock_guard lock(mutex);
            egress_asked.push_back(question);
            decide = allows;
        }
        return !decide || decide(question) ? WFC_OK : WFC_DENIED;
    }
    wfc_status ask_person(std::string_view question, wfc_sink into) {
        std::function<wfc_status(std::string_view, std::string&)> answers;
        {
            const std::lock_guard lock(mutex);
            questions_asked.emplace_back(question);
            answers = person;
        }
        std::string answer;
        const wfc_status status = answers(question, answer);
        const wfc_status written = answer.empty() ? WFC_OK : into.write(into.ctx, view(answer));
        return status == WFC_OK ? written : status;
    }
};

TestHost::TestHost() : parts_(std::make_unique<Parts>()) {}
TestHost::~TestHost() {
    const SourceCounts counts = parts_->sources.counts();
    if (!counts.clean()) parts_->on_misuse(TestCall::misuse(counts));
}

const wfc_host* TestHost::table() const noexcept {
    return &parts_->host;
}

void TestHost::log_level(std::int32_t lowest) {
    parts_->lowest = lowest;
}
std::vector<LogEvent> TestHost::events() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->events;
}
void TestHost::on_event(std::function<void(const LogEvent&)> listener) {
    const std::lock_guard lock(parts_->mutex);
    parts_->listener = std::move(listener);
}

void TestHost::advance(std::uint64_t ms) {
    parts_->now += ms;
    parts_->unix_now += static_cast<std::int64_t>(ms);
}
void TestHost::tick_per_reading(std::uint64_t ms) {
    parts_->tick = ms;
}
void TestHost::unix_time(std::int64_t unix_ms) {
    parts_->unix_now = unix_ms;
}
void TestHost::utc_offset(std::int32_t minutes) {
    parts_->offset = minutes;
}
void TestHost::real_time() {
    parts_->real = true;
}
std::uint64_t TestHost::now_ms() const {
    return parts_->real ? static_cast<std::uint64_t>(since_epoch_ms<std::chrono::steady_clock>())
                        : parts_->now.load();
}

void TestHost::secret(const std::string& name, const std::string& value) {
    parts_->secrets.supply(name, value);
}
void TestHost::secret_status(const std::string& name, wfc_status status) {
    parts_->secrets.fail_get(name, status);
}
void TestHost::secret_writes_fail(wfc_status status) {
    parts_->secrets.fail_writes(status);
}
std::vector<std::string> TestHost::secrets_asked() const {
    return parts_->secrets.asked();
}
std::vector<SecretWrite> TestHost::secret_writes() const {
    return parts_->secrets.writes();
}

MemoryState& TestHost::state() noexcept {
    return parts_->state;
}

void TestHost::file(std::string path, Content content) {
    const std::lock_guard lock(parts_->mutex);
    parts_->contents.insert_or_assign(std::move(path), std::make_shared<const Content>(std::move(content)));
}
void TestHost::file_status(std::string path, wfc_status status) {
    Content content;
    content.open_status = status;
    file(std::move(path), std::move(content));
}
std::vector<std::string> TestHost::files_asked() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->files_asked;
}
void TestHost::release_files() {
    parts_->sources.release();
}
SourceCounts TestHost::file_sources() const {
    return parts_->sources.counts();
}

void TestHost::egress(std::function<bool(const EgressQuestion&)> allows) {
    const std::lock_guard lock(parts_->mutex);
    parts_->allows = std::move(allows);
}
std::vector<EgressQuestion> TestHost::egress_asked() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->egress_asked;
}

void TestHost::on_prompt(std::function<wfc_status(std::string_view, std::string&)> person) {
    const std::lock_guard lock(parts_->mutex);
    parts_->person = std::move(person);
}
std::vector<std::string> TestHost::questions_asked() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->questions_asked;
}

void TestHost::without(std::string_view service) {
    parts_->missing.emplace(service);
}
void TestHost::truncate(std::string_view service, std::uint32_t struct_size) {
    if (service.empty()) shorten(parts_->host, struct_size);
    if (service == WFC_LOG) shorten(parts_->log, struct_size);
    if (service == WFC_CLOCK) shorten(parts_->clock, struct_size);
    if (service == WFC_SECRETS) shorten(parts_->secrets.table(), struct_size);
    if (service == WFC_STATE) shorten(parts_->state.table(), struct_size);
    if (service == WFC_FILES) shorten(parts_->files, struct_size);
    if (service == WFC_EGRESS) shorten(parts_->egress, struct_size);
    if (service == WFC_PROMPT) shorten(parts_->prompt, struct_size);
}
void TestHost::on_misuse(std::function<void(const std::string&)> report) {
    parts_->on_misuse = std::move(report);
}

}  // namespace wfc::testhost
