// Prints what durable writes to the state store cost when 1, 4, 16 and 64 threads of one process write at
// once, each three times to a new key as a ledger does, and as many as it can: writes per second, what one
// costs of CPU, and how long it took.
//
//     bench_state [--ms N] [--bytes N] [--threads N]
//
// Each step takes N milliseconds (1000); --threads: only that step. The file lies where temporary files do:
// the figures are those of that disk. It ends with 1 where a write failed.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "bench/cpu.hpp"
#include "host/state_store.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr int writes_per_key = 3;
constexpr std::uint64_t month_ms = 30ULL * 24 * 3600 * 1000;

struct Options {
    int milliseconds = 1000;
    int bytes = 450;  ///< about what a record of a ledger has
    std::vector<int> threads{1, 4, 16, 64};
};

Options parse(int argc, char** argv) {
    Options options;
    if (argc % 2 == 0) throw std::runtime_error("every option needs a value");
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        const int value = std::atoi(argv[i + 1]);
        if (value <= 0) throw std::runtime_error(std::string("not a positive number: ") + argv[i + 1]);
        if (name == "--ms") {
            options.milliseconds = value;
        } else if (name == "--bytes") {
            options.bytes = value;
        } else if (name == "--threads") {
            options.threads = {value};
        } else {
            throw std::runtime_error("unknown option " + name);
        }
    }
    return options;
}

/// How long each write of one thread took, in microseconds.
using Durations = std::vector<double>;

void write_until(wfc::StateStore& store, std::minstd_rand dice, const std::string& bytes,
                 Steady::time_point end, Durations& durations) {
    std::uint64_t version = 0;
    std::string key;
    int writes = 0;
    for (auto begun = Steady::now(); begun < end;) {
        if (writes++ % writes_per_key == 0) {
            version = 0;
            key = "ledger/";
            for (int i = 0; i < 64; ++i) key += "0123456789abcdef"[dice() % 16];
        }
        if (store.put("bench", key, bytes, version, month_ms, version) != WFC_OK)
            throw std::runtime_error("a write failed");
        const auto now = Steady::now();
        durations.push_back(std::chrono::duration<double, std::micro>(now - begun).count());
        begun = now;
    }
}

void measure(const fs::path& file, int threads, const Options& options) {
    wfc::StateStore store(file, std::chrono::seconds(60));
    const std::string bytes(static_cast<std::size_t>(options.bytes), 'x');
    std::vector<Durations> durations(static_cast<std::size_t>(threads));
    std::vector<std::thread> writers;
    std::atomic<bool> failed{false};
    const double cpu = bench::cpu_us();
    const auto begun = Steady::now();
    const auto end = begun + std::chrono::milliseconds(options.milliseconds);
    for (int i = 0; i < threads; ++i) {
        writers.emplace_back([&, i] {
            try {
                write_until(store, std::minstd_rand(static_cast<unsigned>(i + 1) * 7919U), bytes, end,
                            durations[static_cast<std::size_t>(i)]);
            } catch (const std::exception&) {
                failed = true;
            }
        });
    }
    for (std::thread& writer : writers) writer.join();
    const double seconds = std::chrono::duration<double>(Steady::now() - begun).count();
    if (failed) throw std::runtime_error("a write failed");
    const double used = bench::cpu_us() - cpu;
    Durations all;
    for (const Durations& one : durations) all.insert(all.end(), one.begin(), one.end());
    std::sort(all.begin(), all.end());
    const auto part = [&](double p) { return all[static_cast<std::size_t>(p * double(all.size() - 1))]; };
    std::printf(
        "state, %2d threads:  %7.0f writes/s, %6.1f us CPU each, %8.0f us p50, %8.0f us p99 (%zu writes)\n",
        threads, double(all.size()) / seconds, used / double(all.size()), part(0.5), part(0.99), all.size());
}

}  // namespace

int main(int argc, char** argv) try {
    const Options options = parse(argc, argv);
    const wfc::test::Scratch scratch;
    for (const int threads : options.threads)
        measure(scratch / ("state-" + std::to_string(threads)), threads, options);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_state: %s\n", error.what());
    return 1;
}
