#include "delivery/turn.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mailsend::delivery {
namespace {

/// Octets of a body that are composed at a time, and what a message that is smaller may still grow by.
constexpr std::uint64_t longest_piece = 64 * 1024, slack = 1024;

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

void Call::prepare(smtp::BodyBuffer::Form form) {
    if (!buffer_) {
        const std::uint64_t expected = message.size().value_or(longest_piece);
        buffer_.emplace(static_cast<std::size_t>(std::min(expected + slack, longest_piece)));
    }
    form_ = form;
    prepared_ = true;
    buffer_->start(form);
    fill();
}

void Call::fill() {
    buffer_->fill([&](char* into, std::size_t most) {
        patience.check();
        read_ = true;
        return message.read(into, most);
    });
}

smtp::BodyBuffer& Call::begin_body(smtp::BodyBuffer::Form form) {
    const bool ready = std::exchange(prepared_, false);
    if (ready && form == form_) return *buffer_;
    if (read_ && !message.rewind()) {
        throw Failure(Stage::data, "content.source_failed",
                      "an attachment cannot be read a second time, for a server that takes the message "
                      "otherwise than it said");
    }
    prepare(form);
    prepared_ = false;
    return *buffer_;
}

}  // namespace mailsend::delivery
