#include "governor/store_tries.hpp"

#include <random>

#include "net/wait.hpp"
#include "outcome/failure.hpp"

namespace mailsend::governor {

int jitter_ms(int most) {
    // The device costs microseconds each time it is opened.
    static thread_local std::minstd_rand random(std::random_device{}());
    return std::uniform_int_distribution<int>(0, most - 1)(random);
}

void StoreTries::failed(const wfc::ServiceFailed& failure, const net::Patience& patience) {
    const Failure state(Stage::host, "host.state", failure.what());
    const std::uint64_t now_ms = patience.now_ms();
    if (!since_ms_) since_ms_ = now_ms;
    if (left_ <= 1 || now_ms - *since_ms_ >= longest_ms) throw state;
    --left_;
    try {
        net::wait_some({}, 75 + jitter_ms(50), patience);
        patience.check();
    } catch (const net::TimedOut&) {
        throw state;  // says more than that the time is over
    }
}

}  // namespace mailsend::governor
