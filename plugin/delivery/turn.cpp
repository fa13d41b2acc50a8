#include "delivery/turn.hpp"

#include <array>

namespace mailsend::delivery {
namespace {

constexpr std::array stages = {Stage::mail, Stage::rcpt, Stage::data, Stage::dot, Stage::quit};

}  // namespace

void Call::begin() {
    if (begun_) return;
    begun_ = true;
    since_ms_ = route_.clock.monotonic_ms();
    if (route_.entered) route_.entered(stage_);
}

void Call::settle() {
    if (!begun_) return;
    const std::uint64_t now = route_.clock.monotonic_ms();
    attempt.timing_ms[std::string(to_string(stage_))] += now - since_ms_;
    since_ms_ = now;
}

void Call::follow(Stage stage) {
    begin();
    if (stage <= stage_) return;
    settle();
    for (const Stage next : stages) {
        if (next <= stage_ || next > stage || (next == Stage::dot && stage == Stage::quit)) continue;
        stage_ = next;
        if (route_.entered) route_.entered(next);
    }
}

}  // namespace mailsend::delivery
