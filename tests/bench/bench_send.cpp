// Prints what sending costs through the public ABI: CPU per 1 KB message, without and with the ledger, one
// and sixteen calls at once; peak memory with a large attachment.
//
//     bench_send --components DIR [--messages N] [--attachment-mib N] [--max-rss-mib N] [--in-flight N
//     [--connections N]]
//
// With --in-flight it measures only what ledger and governor cost with so many calls at once, with or without
// a limit of connections: rounds without and with them take turns, and the last line has the medians and
// their ratio.
//
// With --max-rss-mib it ends with 1 when the peak above idle is larger: memory must not grow with the
// attachment.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include "bench/cpu.hpp"
#include "bench/sink.hpp"
#include "host/component_host.hpp"
#include "host/state_store.hpp"
#include "loader/loader.hpp"
#include "support/scratch.hpp"
#include "wfc/stream.hpp"

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string components;
    int messages = 2000;
    int attachment_mib = 100;
    int max_rss_mib = 0;  ///< 0: any
    int in_flight = 0;    ///< 0: the figures of all kinds
    int connections = 0;  ///< 0: as many as the component likes
};

int positive(const char* text) {
    const int value = std::atoi(text);
    if (value <= 0) throw std::runtime_error(std::string("not a positive number: ") + text);
    return value;
}

Options parse(int argc, char** argv) {
    Options options;
    if (argc % 2 == 0) throw std::runtime_error("every option needs a value");
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--components") {
            options.components = argv[i + 1];
        } else if (name == "--messages") {
            options.messages = positive(argv[i + 1]);
        } else if (name == "--attachment-mib") {
            options.attachment_mib = positive(argv[i + 1]);
        } else if (name == "--max-rss-mib") {
            options.max_rss_mib = positive(argv[i + 1]);
        } else if (name == "--in-flight") {
            options.in_flight = positive(argv[i + 1]);
        } else if (name == "--connections") {
            options.connections = positive(argv[i + 1]);
        } else {
            throw std::runtime_error("unknown option " + name);
        }
    }
    if (options.components.empty()) throw std::runtime_error("--components DIR is missing");
    return options;
}

/// The simplest call a host can make.
struct Call {
    Call(std::string call_id, const std::string& input_json) : id(std::move(call_id)), input(input_json) {
        table.struct_size = sizeof table;
        table.id = wfc::view(id);
        table.operation = wfc::view("send");
        table.input = wfc::view(input);
        table.result = wfc::append_to(result);
        table.cancelled = [](const wfc_call*) noexcept { return 0; };
        table.open_blob = [](const wfc_call*, wfc_view, wfc_source*) noexcept -> wfc_status {
            return WFC_NOT_FOUND;
        };
        table.emit_blob = [](const wfc_call*, wfc_view, wfc_view, wfc_sink*) noexcept -> wfc_status {
            return WFC_UNSUPPORTED;
        };
        table.progress = [](const wfc_call*, wfc_view) noexcept {};
    }
    std::string id, input, result;
    wfc_call table{};
};

/// A line of /proc/self/status, in KiB.
long memory_kib(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(name, 0) == 0) return std::atol(line.c_str() + name.size());
    }
    throw std::runtime_error("/proc/self/status has no " + name);
}

/// Forgets the peak so far, so that the next one is the measured work's (proc(5), clear_refs).
void reset_peak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

/// The component on a host of its own.
class Sender {
  public:
    /// Services that all of them share, and the port of the sink.
    struct Shared {
        wfc::LogWriter& log;
        wfc::SecretStore& secrets;
        const wfc::FileRoots& files;
        const wfc::EgressPolicy& egress;
        const std::string& components;
        int port;
    };
    /// `delivery`: JSON of that member of the settings. With `state` the host offers wfc.state/1.
    Sender(const Shared& shared, const std::string& delivery, wfc::StateStore* state)
        : settings_(
              R"({"server":{"kind":"custom","host":"127.0.0.1","port":)" + std::to_string(shared.port) +
              R"(,"security":"none"},"auth":{"method":"none"},"from":"alice@example.test","delivery":)" +
              delivery + "}"),
          host_(
              {shared.log, shared.secrets, state == nullptr ? std::nullopt : std::optional(std::ref(*state)),
               shared.files, shared.egress},
              "mail-send", settings_),
          component_(wfc::load(fs::path(shared.components) / "mail-send", wfc::ComponentHost::offered())
                         ->create(host_.table())) {
        std::string problem;
        if (component_.configure(settings_, problem) != WFC_OK) throw std::runtime_error(problem);
    }

    void send(const std::string& id, const std::string& input) {
        Call call(id, input);
        if (component_.invoke(call.table) != WFC_OK) throw std::runtime_error("not sent: " + call.result);
    }

  private:
    std::string settings_;
    wfc::ComponentHost host_;
    wfc::ComponentHandle component_;
};

/// `what`: for the line that is printed, and part of the ids, which are never used twice. Messages per
/// second.
double measure_messages(Sender& sender, const char* what, int messages, int threads) {
    const std::string input =
        R"({"to":["bob@example.test"],"subject":"Report","text":")" + std::string(1024, 'x') + "\"}";
    const std::string prefix = std::string(what) + "/" + std::to_string(threads) + "/";
    for (int i = 0; i < messages / 10 + 1; ++i) sender.send(prefix + "warm-" + std::to_string(i), input);
    const double cpu = bench::cpu_us();
    const auto begun = std::chrono::steady_clock::now();
    std::atomic<int> next = 0;
    std::vector<std::future<void>> work;
    for (int i = 0; i < threads; ++i) {
        work.push_back(std::async(std::launch::async, [&] {
            for (int n = next++; n < messages; n = next++) sender.send(prefix + std::to_string(n), input);
        }));
    }
    for (std::future<void>& one : work) one.get();
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::printf(
        "1 KB message, %-10s %2d at once:  %7.1f us CPU per message, %6.0f messages/s (%d messages)\n", what,
        threads, (bench::cpu_us() - cpu) / messages, messages / wall, messages);
    return messages / wall;
}

double median(std::vector<double> figures) {
    std::sort(figures.begin(), figures.end());
    return figures[figures.size() / 2];
}

/// What ledger and governor cost.
void measure_keeping(const Sender::Shared& shared, wfc::StateStore& state, const Options& options) {
    constexpr int rounds = 5;
    const int threads = options.in_flight, messages = options.messages;
    const std::string connections =
        options.connections == 0 ? "" : R"(,"max_connections":)" + std::to_string(options.connections);
    std::vector<double> without, with;
    Sender plain(shared, R"({"ledger":"off")" + connections + "}", nullptr);
    Sender kept(shared,
                R"({"limits":{"messages_per_minute":1000000,"messages_per_day":1000000,)"
                R"("recipients_per_day":1000000})" +
                    connections + "}",
                &state);
    for (int round = 0; round < rounds; ++round) {
        const std::string number = std::to_string(round);
        without.push_back(measure_messages(plain, ("none-" + number).c_str(), messages, threads));
        with.push_back(measure_messages(kept, ("kept-" + number).c_str(), messages, threads));
    }
    std::printf("ledger and governor, %d at once: %.0f messages/s, %.0f without: %.1f %% slower\n", threads,
                median(with), median(without), 100 * (1 - median(with) / median(without)));
}

/// The peak of memory above idle, in MiB.
double measure_attachment(Sender& sender, const fs::path& directory, int mib) {
    {
        std::ofstream file(directory / "large.bin", std::ios::binary);
        const std::string block(1 << 20, '\x5a');
        for (int i = 0; i < mib; ++i) file << block;
    }
    const std::string input =
        R"({"to":["bob@example.test"],"subject":"Large","text":"see file","attachments":[{"path":"large.bin"}]})";
    reset_peak();
    const long idle = memory_kib("VmRSS:");
    const double cpu = bench::cpu_us();
    const auto begun = std::chrono::steady_clock::now();
    sender.send("large", input);
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const double peak = static_cast<double>(memory_kib("VmHWM:") - idle) / 1024.0;
    std::printf(
        "%d MiB attachment:  %.1f MiB peak RSS above idle (idle %.1f MiB), %.0f MB/s, %.2f s CPU per GB\n",
        mib, peak, static_cast<double>(idle) / 1024.0, mib * 1.048576 / wall,
        (bench::cpu_us() - cpu) / 1e6 / (mib * 1.048576 / 1000.0));
    return peak;
}

}  // namespace

int main(int argc, char** argv) try {
    const Options options = parse(argc, argv);
    const bench::Sink sink;
    const wfc::test::Scratch scratch;
    wfc::LogWriter log(wfc::LogFormat::text, 3);
    wfc::SecretStore secrets;
    // Without files it runs where openat2 is not known (valgrind).
    const wfc::FileRoots files(options.in_flight > 0 ? std::vector<fs::path>{} : std::vector{scratch.path()});
    const wfc::EgressPolicy egress(true);
    const Sender::Shared shared{log, secrets, files, egress, options.components, sink.port()};
    if (options.in_flight > 0) {
        wfc::StateStore state(scratch / "state.sqlite");
        measure_keeping(shared, state, options);
        return 0;
    }
    Sender plain(shared, R"({"ledger":"off"})", nullptr);
    measure_messages(plain, "no ledger,", options.messages, 1);
    const double peak = measure_attachment(plain, scratch.path(), options.attachment_mib);
    // The ledger waits for the disk three times a message, and calls at the same time share the wait.
    wfc::StateStore state(scratch / "state.sqlite");
    Sender remembering(shared, "{}", &state);
    measure_messages(plain, "no ledger,", options.messages, 16);
    measure_messages(remembering, "ledger,", std::min(options.messages, 1000), 1);
    measure_messages(remembering, "ledger,", options.messages, 16);
    if (options.max_rss_mib != 0 && peak > options.max_rss_mib) {
        std::fprintf(stderr, "bench_send: the peak is above the limit of %d MiB\n", options.max_rss_mib);
        return 1;
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_send: %s\n", error.what());
    return 1;
}
