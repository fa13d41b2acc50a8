#include "delivery/route.hpp"

namespace mailsend::delivery {

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
        default:
            return command;
    }
}

}  // namespace mailsend::delivery
