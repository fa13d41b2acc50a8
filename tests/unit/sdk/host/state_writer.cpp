/// A process of its own that works on a state file, for tests of many processes at once.
///
///     state_writer FILE count THREADS WINS KEYS   each thread wins so many writes; prints "WINS LOST MS"
///     state_writer FILE write THREADS             writes sealed values until it is killed, and prints
///                                                 "KEY VERSION COUNTER" after each write that was taken
#include <atomic>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "host/state_store.hpp"
#include "sealed.hpp"

namespace {

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "state_writer: %s\n", why.c_str());
    _exit(1);
}

/// Adds one to the counter under `key`; its version, or 0 where somebody else was faster.
std::uint64_t increment(wfc::StateStore& store, const std::string& key, std::size_t size,
                        std::uint64_t& counter) {
    wfc::StateValue found;
    const wfc_status read = store.get("writers", key, found);
    if (read != WFC_OK && read != WFC_NOT_FOUND) give_up("get failed: " + std::to_string(read));
    const auto before = read == WFC_OK ? wfc::test::unseal(found.bytes) : 0;
    if (!before) give_up("torn value of " + key);
    counter = *before + 1;
    std::uint64_t version = 0;
    const wfc_status written =
        store.put("writers", key, wfc::test::seal(counter, size), found.version, 0, version);
    if (written != WFC_OK && written != WFC_CONFLICT) give_up("put failed: " + std::to_string(written));
    return version;
}

void count(wfc::StateStore& store, unsigned threads, unsigned wins, unsigned keys) {
    std::atomic<unsigned> won{0}, lost{0};
    const auto work = [&](unsigned thread) {
        for (unsigned mine = 0; mine < wins;) {
            std::uint64_t counter = 0;
            const std::string key = "counter-" + std::to_string((thread + mine) % keys);
            if (increment(store, key, 10, counter) != 0) {
                ++mine;
                ++won;
            } else {
                ++lost;
            }
        }
    };
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> all;
    for (unsigned i = 0; i < threads; ++i) all.emplace_back(work, i);
    for (std::thread& thread : all) thread.join();
    const auto took = std::chrono::steady_clock::now() - start;
    std::printf("%u %u %lld\n", won.load(), lost.load(),
                static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

void write_until_killed(wfc::StateStore& store, unsigned threads) {
    const auto work = [&] {
        std::mt19937 random(std::random_device{}());
        for (;;) {
            const std::string key = "key-" + std::to_string(random() % 8);
            std::uint64_t counter = 0;
            const std::uint64_t version = increment(store, key, random() % 20'000, counter);
            if (version == 0) continue;
            const std::string line =
                key + ' ' + std::to_string(version) + ' ' + std::to_string(counter) + '\n';
            // One write of so few bytes arrives whole or not at all.
            if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) give_up("nobody listens");
        }
    };
    std::vector<std::thread> all;
    for (unsigned i = 0; i < threads; ++i) all.emplace_back(work);
    for (std::thread& thread : all) thread.join();
}

}  // namespace

int main(int argc, char** argv) try {
    const std::vector<std::string> arguments(argv, argv + argc);
    const auto number = [&](std::size_t at) { return static_cast<unsigned>(std::stoul(arguments.at(at))); };
    wfc::StateStore store(arguments.at(1));
    if (arguments.at(2) == "count") {
        count(store, number(3), number(4), number(5));
    } else {
        write_until_killed(store, number(3));
    }
    return 0;
} catch (const std::exception& failed) {
    give_up(failed.what());
}
