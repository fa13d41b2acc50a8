#include "tool/host_call.hpp"

#include <cerrno>
#include <cstdio>
#include <sys/random.h>
#include <system_error>

#include "host/component_host.hpp"
#include "wfc/view.hpp"

namespace wfc::tool {

namespace {

HostCall& of(const wfc_call* call) noexcept {
    return *static_cast<HostCall*>(call->ctx);
}

}  // namespace

HostCall::HostCall(std::string id, std::string operation, std::string input, FileBlobs& blobs, LogWriter& log,
                   const std::atomic<bool>& cancelled)
    : id_(std::move(id)),
      operation_(std::move(operation)),
      input_(std::move(input)),
      blobs_(blobs),
      log_(log),
      cancelled_(cancelled) {
    table_.struct_size = sizeof table_;
    table_.ctx = this;
    table_.id = view(id_);
    table_.operation = view(operation_);
    table_.input = view(input_);
    table_.result = {this, [](void* ctx, wfc_view bytes) noexcept {
                         return static_cast<HostCall*>(ctx)->append(text(bytes));
                     }};
    table_.cancelled = [](const wfc_call* call) noexcept -> int { return of(call).cancelled_ ? 1 : 0; };
    table_.open_blob = [](const wfc_call* call, wfc_view name, wfc_source* out) noexcept {
        return of(call).blobs_.open(text(name), out);
    };
    table_.emit_blob = [](const wfc_call* call, wfc_view name, wfc_view, wfc_sink* out) noexcept {
        return of(call).blobs_.emit(text(name), out);
    };
    table_.progress = [](const wfc_call* call, wfc_view event) noexcept { of(call).progress(text(event)); };
}

void HostCall::deadline_in(std::chrono::milliseconds limit) noexcept {
    const wfc_clock* clock = system_clock_table();
    table_.deadline_ms = clock->monotonic_ms(clock->ctx) + static_cast<std::uint64_t>(limit.count());
}

void HostCall::progress(std::string_view event) noexcept try {
    if (!show_ || !show_(event)) log_.progress(event);
} catch (...) {  // progress that cannot be shown is silence
}

wfc_status HostCall::append(std::string_view bytes) {
    constexpr std::size_t most = std::size_t{16} << 20;
    if (result_.size() + bytes.size() > most) return WFC_UNAVAILABLE;
    result_.append(bytes);
    return WFC_OK;
}

std::string HostCall::fresh_id() {
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
        throw std::system_error(errno, std::generic_category(), "no random bytes");
    }
    std::string out;
    for (const unsigned char byte : bytes) {
        char hex[3];
        std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned>(byte));
        out += hex;
    }
    return out;
}

}  // namespace wfc::tool
