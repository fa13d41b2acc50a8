#include "governor/store_tries.hpp"

#include <random>

#include "net/wait.hpp"
#include "outcome/failure.hpp"

namespace mailsend::governor {

int jitter_ms(int most) {
    std::random_device random;
    return std::uniform_int_distribution<int>(0, most - 1)(random);
}

void StoreTries::failed(const wfc::ServiceFailed& failure, const net::Patience& patience) {
    const Failure state(Stage::host, "host.state", failure.what());
    if (left_ <= 1) throw state;
    --left_;
    try {
        net::wait_some({}, 75 + jitter_ms(50), patience);
        patience.check();
    } catch (const net::TimedOut&) {
        throw state;  // says more than that the time is over
    }
}

}  // namespace mailsend::governor
