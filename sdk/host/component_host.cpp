#include "host/component_host.hpp"

#include <chrono>
#include <ctime>

#include "host/printable.hpp"

namespace wfc {

namespace {

constexpr std::int32_t warning = 3;

template <class Clock>
auto now_ms() noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

std::int32_t utc_offset_min(void*, std::int64_t unix_ms) noexcept {
    const std::time_t seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm local{};
    return localtime_r(&seconds, &local) == nullptr ? 0 : static_cast<std::int32_t>(local.tm_gmtoff / 60);
}

}  // namespace

const wfc_clock* system_clock_table() noexcept {
    static const wfc_clock table = {
        sizeof(wfc_clock),
        0,
        nullptr,
        [](void*) noexcept { return static_cast<std::uint64_t>(now_ms<std::chrono::steady_clock>()); },
        [](void*) noexcept { return static_cast<std::int64_t>(now_ms<std::chrono::system_clock>()); },
        utc_offset_min};
    return &table;
}

ComponentHost::ComponentHost(const SharedServices& shared, const std::string& type,
                             std::string_view settings_json)
    : shared_(shared), secrets_(shared.secrets, secret_names(settings_json)), table_{} {
    // The component hears only that the store cannot be used; why is for whoever reads the host's log.
    const auto tell = [&log = shared.log](const std::string& sentence) {
        log.notice(warning, "warning: " + printable(sentence), sentence);
    };
    if (shared.state) state_.emplace(shared.state->get(), type, tell);
    table_.struct_size = sizeof table_;
    table_.abi_minor = WFC_ABI_MINOR;
    table_.ctx = this;
    table_.name = "wfc";
    table_.version = WFC_HOST_VERSION;
    table_.service = [](const wfc_host* host, const char* id) noexcept -> const void* {
        return id == nullptr ? nullptr : static_cast<const ComponentHost*>(host->ctx)->service(id);
    };
}

std::vector<std::string> ComponentHost::offered() {
    return {WFC_LOG, WFC_CLOCK, WFC_SECRETS, WFC_STATE, WFC_FILES, WFC_EGRESS};
}

const void* ComponentHost::service(std::string_view id) const noexcept {
    if (id == WFC_LOG) return shared_.log.table();
    if (id == WFC_CLOCK) return system_clock_table();
    if (id == WFC_SECRETS) return secrets_.table();
    if (id == WFC_STATE) return state_ ? state_->table() : nullptr;
    if (id == WFC_FILES) return shared_.files.table();
    if (id == WFC_EGRESS) return shared_.egress.table();
    if (id == WFC_PROMPT) return shared_.prompt ? shared_.prompt->get().table() : nullptr;
    return nullptr;
}

}  // namespace wfc
