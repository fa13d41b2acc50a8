#include "flow/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

namespace wfc::flow {

namespace {

// Longer, and a clock that was set or a machine that slept would be noticed late; the condition variable
// waits on a clock that stands still in sleep.
constexpr std::int64_t slice_ms = 1000;

std::int64_t read_clock(clockid_t which) noexcept {
    std::timespec time{};
    clock_gettime(which, &time);
    return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace

SystemClock::SystemClock() {
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::getline(in, boot_);  // stays empty where there is none: then the wall's clock has to do
}

Now SystemClock::now() {
    return {read_clock(CLOCK_REALTIME), read_clock(CLOCK_BOOTTIME), boot_};
}

bool SystemClock::wait_until(Scale scale, std::int64_t ms) {
    const auto ahead = [] { return read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME); };
    const std::int64_t ahead_then = ahead();
    std::unique_lock lock(mutex_);
    for (;;) {
        if (stopping_) return false;
        if (std::abs(ahead() - ahead_then) > slice_ms) return true;  // it was set: who waits looks anew
        const std::int64_t left = ms - read_clock(scale == Scale::wall ? CLOCK_REALTIME : CLOCK_BOOTTIME);
        if (left <= 0) return true;
        wake_.wait_for(lock, std::chrono::milliseconds(std::min(left, slice_ms)));
    }
}

bool SystemClock::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void SystemClock::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
}

std::string utc_text(std::int64_t unix_ms) {
    std::int64_t seconds = unix_ms / 1000, rest = unix_ms % 1000;
    if (rest < 0) {
        rest += 1000;
        --seconds;
    }
    const auto time = static_cast<std::time_t>(seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    char day[32], part[16] = "";
    std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    if (rest != 0) std::snprintf(part, sizeof part, ".%03d", static_cast<int>(rest));
    return std::string(day) + part + "Z";
}

}  // namespace wfc::flow
