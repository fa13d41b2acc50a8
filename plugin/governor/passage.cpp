#include "governor/passage.hpp"

namespace mailsend::governor {

namespace {

constexpr std::uint64_t count_again_ms = 20'000;

}  // namespace

Passage::Passage(std::shared_ptr<KeptWindows> windows, const wfc::Host& host, const Counted& counted,
                 std::uint64_t waited_ms)
    : windows_(std::move(windows)),
      host_(host),
      counted_(std::make_shared<Counted>(counted)),
      tried_ms_(counted.monotonic_ms),
      waited_ms_(waited_ms) {}

void Passage::keep_alive() noexcept {
    if (!windows_) return;
    const std::uint64_t now_ms = host_->clock().monotonic_ms();
    if (now_ms - tried_ms_ < count_again_ms) return;
    tried_ms_ = now_ms;
    windows_->count_again(*host_, counted_);
}

void Passage::done() noexcept {
    if (!windows_) return;
    windows_->count_again(*host_, counted_);
    windows_.reset();
}

}  // namespace mailsend::governor
