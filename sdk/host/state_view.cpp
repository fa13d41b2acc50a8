#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/state_store.hpp"
#include "wfc/view.hpp"

namespace wfc {

namespace {

/// Whether a JSON list can name it.
bool is_text(std::string_view key) noexcept try {
    const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (std::all_of(key.begin(), key.end(), plain)) return true;
    (void)nlohmann::json(key).dump();
    return true;
} catch (...) {  // lacking memory, too
    return false;
}

}  // namespace

StateView::StateView(StateStore& store, std::string scope, StateStore::Tell tell)
    : store_(store.with_patience(longest_wait, std::move(tell))), scope_(std::move(scope)), table_{} {
    table_.struct_size = sizeof table_;
    table_.ctx = this;
    // No lock of the store is held while a sink is written to: it may call back.
    table_.get = [](void* ctx, wfc_view key, wfc_sink value, std::uint64_t* version) noexcept -> wfc_status {
        auto& self = *static_cast<StateView*>(ctx);
        if (!is_text(text(key))) return WFC_INVALID_INPUT;
        StateValue found;
        const wfc_status status = self.store_.get(self.scope_, text(key), found);
        if (status != WFC_OK) return status;
        const wfc_status taken = value.write(value.ctx, view(found.bytes));
        if (taken == WFC_OK && version != nullptr) *version = found.version;
        return taken;
    };
    table_.put = [](void* ctx, wfc_view key, wfc_view value, std::uint64_t expected_version,
                    std::uint64_t ttl_ms, std::uint64_t* new_version) noexcept -> wfc_status {
        try {
            auto& self = *static_cast<StateView*>(ctx);
            if (!is_text(text(key))) return WFC_INVALID_INPUT;
            std::uint64_t version = 0;
            const wfc_status status =
                self.store_.put(self.scope_, text(key), text(value), expected_version, ttl_ms, version);
            if (status == WFC_OK && new_version != nullptr) *new_version = version;
            return status;
        } catch (...) {
            return WFC_UNAVAILABLE;
        }
    };
    table_.erase = [](void* ctx, wfc_view key, std::uint64_t expected_version) noexcept -> wfc_status {
        auto& self = *static_cast<StateView*>(ctx);
        if (!is_text(text(key))) return WFC_INVALID_INPUT;
        return self.store_.erase(self.scope_, text(key), expected_version);
    };
    table_.list = [](void* ctx, wfc_view prefix, wfc_view after, wfc_sink keys_json) noexcept -> wfc_status {
        try {
            auto& self = *static_cast<StateView*>(ctx);
            std::vector<std::string> keys;
            const wfc_status status = self.store_.list(self.scope_, text(prefix), text(after), keys);
            if (status != WFC_OK) return status;
            const std::string json = nlohmann::json(keys).dump();
            return keys_json.write(keys_json.ctx, view(json));
        } catch (...) {
            return WFC_UNAVAILABLE;
        }
    };
}

}  // namespace wfc
