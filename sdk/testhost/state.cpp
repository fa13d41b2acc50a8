#include "testhost/state.hpp"

#include "wfc/author.hpp"
#include "wfc/view.hpp"

namespace wfc::testhost {

namespace {

constexpr std::size_t longest_key = 512, largest_value = 1024 * 1024, keys_per_list = 1000;

/// Whether a JSON list can name it.
bool is_utf8(std::string_view key) noexcept {
    for (std::size_t at = 0; at < key.size();) {
        const auto byte = [&](std::size_t i) {
            return i < key.size() ? static_cast<unsigned char>(key[i]) : 0U;
        };
        const unsigned first = byte(at), second = byte(at + 1);
        const std::size_t more = first < 0x80                    ? 0
                                 : first >= 0xC2 && first < 0xE0 ? 1
                                 : first >= 0xE0 && first < 0xF0 ? 2
                                 : first >= 0xF0 && first < 0xF5 ? 3
                                                                 : 4;
        if (more == 4) return false;
        for (std::size_t i = 1; i <= more; ++i)
            if ((byte(at + i) & 0xC0U) != 0x80) return false;
        // Too long for their character, halves of a pair, past the last character.
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
            (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
            return false;
        }
        at += more + 1;
    }
    return true;
}

bool fits(std::string_view key) noexcept {
    return !key.empty() && key.size() <= longest_key && is_utf8(key);
}

MemoryState& of(void* ctx) noexcept {
    return *static_cast<MemoryState*>(ctx);
}

}  // namespace

MemoryState::MemoryState(std::function<std::int64_t()> unix_ms) : unix_ms_(std::move(unix_ms)) {
    table_ = {sizeof table_,
              0,
              this,
              [](void* ctx, wfc_view key, wfc_sink value, std::uint64_t* version) noexcept -> wfc_status {
                  std::string bytes;
                  std::uint64_t found = 0;
                  const wfc_status status = of(ctx).read(text(key), bytes, found);
                  if (status != WFC_OK) return status;
                  const wfc_status taken = value.write(value.ctx, view(bytes));
                  if (taken == WFC_OK && version != nullptr) *version = found;
                  return taken;
              },
              [](void* ctx, wfc_view key, wfc_view value, std::uint64_t expected_version,
                 std::uint64_t ttl_ms, std::uint64_t* new_version) noexcept -> wfc_status {
                  std::uint64_t version = 0;
                  const wfc_status status =
                      of(ctx).write(text(key), text(value), expected_version, ttl_ms, version);
                  if (status == WFC_OK && new_version != nullptr) *new_version = version;
                  return status;
              },
              [](void* ctx, wfc_view key, std::uint64_t expected_version) noexcept -> wfc_status {
                  return of(ctx).remove(text(key), expected_version);
              },
              [](void* ctx, wfc_view prefix, wfc_view after, wfc_sink keys_json) noexcept -> wfc_status {
                  std::string json;
                  const wfc_status status = of(ctx).list(text(prefix), text(after), json);
                  return status == WFC_OK ? keys_json.write(keys_json.ctx, view(json)) : status;
              }};
}

std::uint64_t MemoryState::put(const std::string& key, const std::string& bytes, std::uint64_t ttl_ms) {
    const std::int64_t now = unix_ms_();
    const std::lock_guard lock(mutex_);
    return store(key, bytes, ttl_ms, now);
}

void MemoryState::erase(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (const auto found = values_.find(key); found != values_.end()) values_.erase(found);
}

std::optional<std::string> MemoryState::get(std::string_view key) const {
    const std::int64_t now = unix_ms_();
    const std::lock_guard lock(mutex_);
    const auto found = find(key, now);
    return found == values_.end() ? std::nullopt : std::optional(found->second.bytes);
}

std::vector<std::string> MemoryState::keys() const {
    const std::int64_t now = unix_ms_();
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [key, value] : values_) {
        if (find(key, now) != values_.end()) out.push_back(key);
    }
    return out;
}

void MemoryState::fail_with(wfc_status status) {
    const std::lock_guard lock(mutex_);
    status_ = status;
}

void MemoryState::before_write(std::function<void(const std::string&)> listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
}

MemoryState::Values::const_iterator MemoryState::find(std::string_view key, std::int64_t now) const {
    const auto found = values_.find(key);
    if (found == values_.end() || !found->second.expires) return found;
    const Value& value = found->second;
    // Brief, and of the future: then the clock was set back.
    const bool of_the_future = value.written > now + 60'000 && *value.expires - value.written <= 3'600'000;
    return *value.expires <= now || of_the_future ? values_.end() : found;
}

std::uint64_t MemoryState::store(std::string_view key, std::string_view bytes, std::uint64_t ttl_ms,
                                 std::int64_t now) {
    Value& value = values_[std::string(key)];
    value.bytes = bytes;
    value.version = ++last_version_;
    value.written = now;
    value.expires.reset();
    constexpr std::uint64_t for_good = std::uint64_t{1} << 62;  // longer, and the sum would not fit
    if (ttl_ms != 0 && ttl_ms < for_good) value.expires = now + static_cast<std::int64_t>(ttl_ms);
    return value.version;
}

void MemoryState::announce(std::string_view key) const {
    std::function<void(const std::string&)> tell;
    {
        const std::lock_guard lock(mutex_);
        tell = listener_;
    }
    if (tell) tell(std::string(key));
}

wfc_status MemoryState::read(std::string_view key, std::string& bytes, std::uint64_t& version) const {
    const std::int64_t now = unix_ms_();
    const std::lock_guard lock(mutex_);
    if (status_ != WFC_OK) return status_;
    if (!fits(key)) return WFC_INVALID_INPUT;
    const auto found = find(key, now);
    if (found == values_.end()) return WFC_NOT_FOUND;
    bytes = found->second.bytes;
    version = found->second.version;
    return WFC_OK;
}

wfc_status MemoryState::write(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                              std::uint64_t ttl_ms, std::uint64_t& version) {
    announce(key);
    const std::int64_t now = unix_ms_();
    const std::lock_guard lock(mutex_);
    if (status_ != WFC_OK) return status_;
    if (!fits(key) || bytes.size() > largest_value) return WFC_INVALID_INPUT;
    const auto found = find(key, now);
    if (expected_version != (found == values_.end() ? 0 : found->second.version)) return WFC_CONFLICT;
    version = store(key, bytes, ttl_ms, now);
    return WFC_OK;
}

wfc_status MemoryState::remove(std::string_view key, std::uint64_t expected_version) {
    announce(key);
    const std::int64_t now = unix_ms_();
    const std::lock_guard lock(mutex_);
    if (status_ != WFC_OK) return status_;
    if (!fits(key)) return WFC_INVALID_INPUT;
    const auto found = find(key, now);
    if (found == values_.end()) return WFC_NOT_FOUND;
    if (expected_version != found->second.version) return WFC_CONFLICT;
    values_.erase(found);
    return WFC_OK;
}

wfc_status MemoryState::list(std::string_view prefix, std::string_view after, std::string& json) const {
    const std::int64_t now = unix_ms_();
    const std::lock_guard lock(mutex_);
    if (status_ != WFC_OK) return status_;
    if (prefix.size() > longest_key || after.size() > longest_key) return WFC_INVALID_INPUT;
    std::size_t listed = 0;
    json = "[";
    for (auto at = values_.lower_bound(prefix); at != values_.end() && listed < keys_per_list; ++at) {
        if (at->first.compare(0, prefix.size(), prefix) != 0) break;
        if (at->first <= after || find(at->first, now) == values_.end()) continue;
        json += (listed++ == 0 ? "" : ",") + Component::quoted(at->first);
    }
    json += "]";
    return WFC_OK;
}

}  // namespace wfc::testhost
