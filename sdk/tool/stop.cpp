#include "tool/stop.hpp"

namespace wfc::tool {

int exit_code(wfc_status status, std::string_view outcome) noexcept {
    switch (status) {
        case WFC_INVALID_SETTINGS:
            return exit_invalid_settings;
        case WFC_INVALID_INPUT:
            return exit_invalid_input;
        case WFC_UNSUPPORTED:
            return exit_usage;
        case WFC_OK:
        case WFC_FAILED:
        case WFC_CANCELLED:
            break;
        default:
            return exit_internal;
    }
    if (outcome == "unknown") return exit_unknown;
    if (outcome == "partial") return exit_partial;
    if (outcome == "rejected") return exit_rejected;
    if (outcome == "failed") return exit_failed;
    if (outcome == "cancelled" || status == WFC_CANCELLED) return exit_cancelled;
    return status == WFC_OK ? exit_ok : exit_failed;
}

}  // namespace wfc::tool
