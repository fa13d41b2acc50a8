// Sends many messages from many threads to a server that fails at random, on a host with a ledger, and looks
// whether memory, descriptors or threads grow.
//
//     soak_send --components DIR [--messages N] [--rounds N] [--threads N] [--repeat-every N]
//               [--max-growth-kib N] [--seed N]
//
// Some rounds; behind each everybody waits and the process is measured. Ends with 1 when the rounds of the
// second half hold more than those of the first (the very first one left out: caches fill), when a message
// was lost or taken twice, or when a repeated key was not told as a duplicate.
#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "bench/soak/faulty_sink.hpp"
#include "bench/soak/process_figures.hpp"
#include "bench/soak/worker_tally.hpp"
#include "host/component_host.hpp"
#include "loader/loader.hpp"
#include "support/scratch.hpp"
#include "testhost/call.hpp"

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string components;
    unsigned messages = 4000, rounds = 10, threads = 48, repeat_every = 50, max_growth_kib = 4096;
    std::uint32_t seed = 1;
};

Options parse(int argc, char** argv) {
    Options options;
    if (argc % 2 == 0) throw std::runtime_error("every option needs a value");
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        const auto number = [&] { return static_cast<unsigned>(std::stoul(argv[i + 1])); };
        if (name == "--components") {
            options.components = argv[i + 1];
        } else if (name == "--messages") {
            options.messages = number();
        } else if (name == "--rounds") {
            options.rounds = std::max(number(), 4U);
        } else if (name == "--threads") {
            options.threads = std::max(number(), 1U);
        } else if (name == "--repeat-every") {
            options.repeat_every = number();
        } else if (name == "--max-growth-kib") {
            options.max_growth_kib = number();
        } else if (name == "--seed") {
            options.seed = number();
        } else {
            throw std::runtime_error("unknown option " + name);
        }
    }
    if (options.components.empty()) throw std::runtime_error("--components DIR is missing");
    return options;
}

/// Two tries, and a deadline that a reply's own delay mostly does not fit into: most faults are final, and
/// none keeps a thread for long.
std::string settings_for(std::uint16_t port) {
    return R"({"server":{"kind":"custom","host":"127.0.0.1","port":)" + std::to_string(port) +
           R"(,"security":"none"},"auth":{"method":"none"},"from":"alice@example.test",)"
           R"("timeouts":{"greeting":"1s","command":"1s","data":"1s"},)"
           R"("delivery":{"attempts":2,"deadline":"2s"}})";
}

/// One thread's messages of all rounds.
class Worker {
  public:
    Worker(const Options& options, unsigned number, wfc::ComponentHandle& component,
           bench::WorkerTally& tally)
        : options_(options), number_(number), component_(component), tally_(tally) {}

    void send(unsigned messages) {
        for (unsigned i = 0; i < messages; ++i) {
            const std::string id = "soak-" + std::to_string(number_) + "-" + std::to_string(sent_++);
            if (call(id, false)) accepted_ = id;
            const bool repeat = options_.repeat_every != 0 && sent_ % options_.repeat_every == 0;
            if (repeat && !accepted_.empty()) call(accepted_, true);
        }
    }

  private:
    bool call(const std::string& id, bool repeated) {
        static const std::string input =
            R"({"to":["bob@example.test","carol@example.test"],"subject":"Report","text":")" +
            std::string(1024, 'x') + "\"}";
        wfc::testhost::TestCall call("send", input);
        call.id(id);
        component_.invoke(*call.table());
        return tally_.count(call.result(), repeated);
    }

    const Options& options_;
    const unsigned number_;
    wfc::ComponentHandle& component_;
    bench::WorkerTally& tally_;
    unsigned sent_ = 0;
    std::string accepted_;
};

/// Sends everything; the figures behind each round, all threads still there.
std::vector<bench::ProcessFigures> send_all(const Options& options, wfc::ComponentHandle& component,
                                            bench::WorkerTally& tally) {
    std::barrier meeting(options.threads + 1);
    std::vector<std::thread> threads;
    const unsigned each = std::max(1U, options.messages / options.rounds / options.threads);
    for (unsigned number = 0; number < options.threads; ++number) {
        threads.emplace_back([&, number] {
            Worker worker(options, number, component, tally);
            for (unsigned round = 0; round < options.rounds; ++round) {
                worker.send(each);
                meeting.arrive_and_wait();  // all are done
                meeting.arrive_and_wait();  // measured
            }
        });
    }
    std::vector<bench::ProcessFigures> figures;
    for (unsigned round = 0; round < options.rounds; ++round) {
        const auto begun = std::chrono::steady_clock::now();
        meeting.arrive_and_wait();
        const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        figures.push_back(bench::figures_now());
        std::printf("round %2u:  %6zu KiB RSS, %3zu descriptors, %3zu threads, %5.0f messages/s\n", round + 1,
                    figures.back().rss_kib, figures.back().descriptors, figures.back().threads,
                    each * options.threads / took);
        std::fflush(stdout);
        meeting.arrive_and_wait();
    }
    for (std::thread& thread : threads) thread.join();
    return figures;
}

/// Sentences about what the second half has more of than the first.
std::vector<std::string> grown(const std::vector<bench::ProcessFigures>& figures, unsigned max_growth_kib) {
    std::vector<std::string> sentences;
    const auto compare = [&](const char* what, std::size_t bench::ProcessFigures::*figure,
                             std::size_t allowed) {
        const auto most = [&](std::size_t from, std::size_t to) {
            std::size_t highest = 0;
            for (std::size_t i = from; i < to; ++i) highest = std::max(highest, figures[i].*figure);
            return highest;
        };
        const std::size_t before = most(1, figures.size() / 2),
                          after = most(figures.size() / 2, figures.size());
        if (after > before + allowed)
            sentences.push_back(std::string(what) + " grew from " + std::to_string(before) + " to " +
                                std::to_string(after));
    };
    compare("RSS (KiB)", &bench::ProcessFigures::rss_kib, max_growth_kib);
    compare("descriptors", &bench::ProcessFigures::descriptors, 0);
    compare("threads", &bench::ProcessFigures::threads, 0);
    return sentences;
}

}  // namespace

int main(int argc, char** argv) try {
    const Options options = parse(argc, argv);
    const bench::FaultySink sink({}, 2 * options.threads, options.seed);  // forks: before all else
    const wfc::test::Scratch scratch;
    wfc::LogWriter log(wfc::LogFormat::text, 5);
    wfc::SecretStore secrets;
    wfc::StateStore state(scratch / "state.db");
    const wfc::FileRoots files({scratch.path()});
    const wfc::EgressPolicy egress(true);
    const std::string settings = settings_for(sink.port());
    const wfc::ComponentHost host({log, secrets, state, files, egress}, "mail-send", settings);
    wfc::ComponentHandle component =
        wfc::load(fs::path(options.components) / "mail-send", wfc::ComponentHost::offered())
            ->create(host.table());
    std::string problem;
    if (component.configure(settings, problem) != WFC_OK) throw std::runtime_error(problem);

    bench::WorkerTally tally;
    const auto begun = std::chrono::steady_clock::now();
    const std::vector<bench::ProcessFigures> figures = send_all(options, component, tally);
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::printf(
        "%s\nsink: %lu connections, %lu with a fault, %lu times a recipient got a message; seed %u, %.1f s\n",
        tally.summary().c_str(), sink.counts().connections.load(), sink.counts().faults.load(),
        sink.counts().taken.load(), options.seed, took);

    std::vector<std::string> complaints = tally.complaints(sink.counts().taken);
    if (sink.counts().again > 0)
        complaints.push_back(std::to_string(sink.counts().again) +
                             " recipients got a message more than once");
    for (std::string& sentence : grown(figures, options.max_growth_kib))
        complaints.push_back(std::move(sentence));
    for (const std::string& sentence : complaints) std::fprintf(stderr, "soak_send: %s\n", sentence.c_str());
    return complaints.empty() ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "soak_send: %s\n", error.what());
    return 1;
}
