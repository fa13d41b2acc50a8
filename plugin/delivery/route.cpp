#include "delivery/route.hpp"

#include <algorithm>

namespace mailsend::delivery {
namespace {

constexpr std::uint64_t after_the_result_ms = 1'000;

}  // namespace

std::uint64_t StageTimeouts::of(Stage stage) const noexcept {
    switch (stage) {
        case Stage::resolve:
        case Stage::connect:
        case Stage::tls:
            return connect;
        case Stage::greeting:
            return greeting;
        case Stage::data:
        case Stage::dot:
            return data;
        case Stage::quit:
            return std::min(command, after_the_result_ms);
        default:
            return command;
    }
}

}  // namespace mailsend::delivery
