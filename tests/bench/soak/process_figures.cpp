#include "bench/soak/process_figures.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

/// The number of a line of /proc/self/status.
std::size_t status(const std::string& name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind(name, 0) == 0) return std::stoul(line.substr(name.size()));
    }
    throw std::runtime_error("/proc/self/status has no " + name);
}

}  // namespace

ProcessFigures figures_now() {
    ProcessFigures figures{.rss_kib = status("VmRSS:"), .threads = status("Threads:")};
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++figures.descriptors;
    --figures.descriptors;  // the one that reads the folder
    return figures;
}

}  // namespace bench
