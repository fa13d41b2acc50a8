/// What a client of the side-by-side run says about itself, in the one form that all of them use.
#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/resource.h>

namespace bench {

/// Begins to measure when it is made: start-up is left out.
class OwnFigures {
  public:
    OwnFigures() : begun_(std::chrono::steady_clock::now()), cpu_s_(cpu_s()) {}

    /// One JSON line: messages, wall and CPU seconds since the start, the peak of memory of the whole
    /// process.
    void print(long messages) const {
        const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
        std::printf("{\"messages\":%ld,\"wall_s\":%.6f,\"cpu_s\":%.6f,\"peak_kib\":%ld}\n", messages, wall,
                    cpu_s() - cpu_s_, peak_kib());
    }

  private:
    /// Of all threads, user and system.
    static double cpu_s() {
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        const auto seconds = [](const timeval& t) {
            return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
        };
        return seconds(used.ru_utime) + seconds(used.ru_stime);
    }
    /// Not ru_maxrss, in which the program that started this one counts too.
    static long peak_kib() {
        std::ifstream status("/proc/self/status");
        for (std::string line; std::getline(status, line);)
            if (line.rfind("VmHWM:", 0) == 0) return std::atol(line.c_str() + 6);
        return 0;
    }

    std::chrono::steady_clock::time_point begun_;
    double cpu_s_;
};

}  // namespace bench
