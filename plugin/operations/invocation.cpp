#include "operations/invocation.hpp"

#include <algorithm>

namespace mailsend {

net::Patience patience_of(const Account& account, const wfc::Host& host, const wfc::Call& call) {
    const wfc::Clock clock = host.clock();
    const auto own = static_cast<std::uint64_t>(account.settings().delivery.deadline.count());
    std::uint64_t deadline = clock.monotonic_ms() + own;
    if (call.deadline_ms() != 0) deadline = std::min(deadline, call.deadline_ms());
    return {clock, [&call] { return call.cancelled(); }, deadline};
}

wfc_status status_of(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::accepted:
        case Verdict::succeeded:
        case Verdict::partial:
            return WFC_OK;
        case Verdict::cancelled:
            return WFC_CANCELLED;
        default:
            return WFC_FAILED;
    }
}

}  // namespace mailsend
