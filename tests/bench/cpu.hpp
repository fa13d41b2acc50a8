/// What this process has used of the CPU.
#pragma once

#include <sys/resource.h>

namespace bench {

/// User and system time of all its threads, in microseconds.
inline double cpu_us() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return micros(usage.ru_utime) + micros(usage.ru_stime);
}

}  // namespace bench
