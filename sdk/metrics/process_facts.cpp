#include "metrics/process_facts.hpp"

#include <cstdint>
#include <dirent.h>
#include <fstream>
#include <optional>
#include <prometheus/metric_family.h>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace wfc::metrics {

namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

/// /proc/self/stat, proc(5): times in ticks, memory in bytes and pages.
struct Stat {
    std::uint64_t user = 0, system = 0, threads = 0, started = 0, virtual_bytes = 0, resident_pages = 0;
};

std::optional<Stat> read_stat() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const std::size_t name_ends = line.rfind(')');  // a name may have brackets and spaces itself
    if (name_ends == std::string::npos) return std::nullopt;
    std::istringstream fields(line.substr(name_ends + 1));
    std::string skipped;
    const auto skip = [&](int count) {
        for (int i = 0; i < count; ++i) fields >> skipped;
    };
    Stat out;
    skip(11);  // fields 3 to 13
    fields >> out.user >> out.system;
    skip(4);  // 16 to 19
    fields >> out.threads;
    skip(1);  // 21
    fields >> out.started >> out.virtual_bytes >> out.resident_pages;
    return fields ? std::optional(out) : std::nullopt;
}

/// When the machine was started, in seconds since 1970.
std::optional<double> boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("btime ", 0) != 0) continue;
        std::istringstream value(line.substr(6));
        double seconds = 0;
        return value >> seconds ? std::optional(seconds) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<double> open_descriptors() {
    DIR* const folder = opendir("/proc/self/fd");
    if (folder == nullptr) return std::nullopt;
    std::size_t count = 0;
    while (const dirent* entry = readdir(folder)) count += entry->d_name[0] == '.' ? 0 : 1;
    closedir(folder);
    return static_cast<double>(count - 1);  // without that which reads the folder
}

MetricFamily family(const char* name, const char* help, MetricType type, double value) {
    prometheus::ClientMetric metric;
    if (type == MetricType::Counter) {
        metric.counter.value = value;
    } else {
        metric.gauge.value = value;
    }
    return {name, help, type, {metric}};
}

}  // namespace

std::vector<MetricFamily> ProcessFacts::Collect() const {
    std::vector<MetricFamily> out;
    const auto gauge = [&out](const char* name, const char* help, double value) {
        out.push_back(family(name, help, MetricType::Gauge, value));
    };
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    if (const std::optional<Stat> stat = read_stat(); stat && ticks > 0) {
        out.push_back(family("process_cpu_seconds_total", "Time of processors that the process has used.",
                             MetricType::Counter, static_cast<double>(stat->user + stat->system) / ticks));
        gauge("process_threads", "Threads of the process.", static_cast<double>(stat->threads));
        gauge("process_virtual_memory_bytes", "Size of the address space.",
              static_cast<double>(stat->virtual_bytes));
        gauge("process_resident_memory_bytes", "Memory that the process has in RAM.",
              static_cast<double>(stat->resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE)));
        if (const std::optional<double> boot = boot_time()) {
            gauge("process_start_time_seconds", "When the process started, since 1970.",
                  *boot + static_cast<double>(stat->started) / ticks);
        }
    }
    if (const std::optional<double> open = open_descriptors())
        gauge("process_open_fds", "Open file descriptors.", *open);
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        gauge("process_max_fds", "So many file descriptors may be open.",
              static_cast<double>(limit.rlim_cur));
    return out;
}

}  // namespace wfc::metrics
