// Prints what sending costs through the public ABI: CPU per 1 KB message, peak memory with a large
// attachment.
//
//     bench_send --components DIR [--messages N] [--attachment-mib N] [--max-rss-mib N]
//
// With --max-rss-mib it ends with 1 when the peak above idle is larger: memory must not grow with the
// attachment.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "bench/sink.hpp"
#include "host/component_host.hpp"
#include "loader/loader.hpp"
#include "wfc/stream.hpp"

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string components;
    int messages = 2000;
    int attachment_mib = 100;
    int max_rss_mib = 0;  ///< 0: any
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
        } else {
            throw std::runtime_error("unknown option " + name);
        }
    }
    if (options.components.empty()) throw std::runtime_error("--components DIR is missing");
    return options;
}

/// A directory that goes when the benchmark ends.
struct Scratch {
    Scratch() {
        std::string name = fs::temp_directory_path() / "bench-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path = name;
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    fs::path path;
};

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

void send(wfc::ComponentHandle& component, const std::string& id, const std::string& input) {
    Call call(id, input);
    if (component.invoke(call.table) != WFC_OK) throw std::runtime_error("not sent: " + call.result);
}

double cpu_us() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return micros(usage.ru_utime) + micros(usage.ru_stime);
}

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

void measure_messages(wfc::ComponentHandle& component, int messages) {
    const std::string input =
        R"({"to":["bob@example.test"],"subject":"Report","text":")" + std::string(1024, 'x') + "\"}";
    for (int i = 0; i < messages / 10 + 1; ++i) send(component, "warm-" + std::to_string(i), input);
    const double cpu = cpu_us();
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < messages; ++i) send(component, "run-" + std::to_string(i), input);
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::printf("1 KB message, a connection each:  %7.1f us CPU per message, %.0f messages/s (%d messages)\n",
                (cpu_us() - cpu) / messages, messages / wall, messages);
}

/// The peak of memory above idle, in MiB.
double measure_attachment(wfc::ComponentHandle& component, const fs::path& directory, int mib) {
    {
        std::ofstream file(directory / "large.bin", std::ios::binary);
        const std::string block(1 << 20, '\x5a');
        for (int i = 0; i < mib; ++i) file << block;
    }
    const std::string input =
        R"({"to":["bob@example.test"],"subject":"Large","text":"see file","attachments":[{"path":"large.bin"}]})";
    reset_peak();
    const long idle = memory_kib("VmRSS:");
    const double cpu = cpu_us();
    const auto begun = std::chrono::steady_clock::now();
    send(component, "large", input);
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const double peak = static_cast<double>(memory_kib("VmHWM:") - idle) / 1024.0;
    std::printf(
        "%d MiB attachment:  %.1f MiB peak RSS above idle (idle %.1f MiB), %.0f MB/s, %.2f s CPU per GB\n",
        mib, peak, static_cast<double>(idle) / 1024.0, mib * 1.048576 / wall,
        (cpu_us() - cpu) / 1e6 / (mib * 1.048576 / 1000.0));
    return peak;
}

}  // namespace

int main(int argc, char** argv) try {
    const Options options = parse(argc, argv);
    const bench::Sink sink;
    const Scratch scratch;
    wfc::LogWriter log(wfc::LogFormat::text, 3);
    wfc::SecretStore secrets;
    const wfc::FileRoots files({scratch.path});
    const wfc::EgressPolicy egress(true);
    const std::string settings =
        R"({"server":{"kind":"custom","host":"127.0.0.1","port":)" + std::to_string(sink.port()) +
        R"(,"security":"none"},"auth":{"method":"none"},"from":"alice@example.test"})";
    const wfc::ComponentHost host({log, secrets, std::nullopt, files, egress}, "mail-send", settings);
    wfc::ComponentHandle component =
        wfc::load(fs::path(options.components) / "mail-send", wfc::ComponentHost::offered())
            ->create(host.table());
    std::string problem;
    if (component.configure(settings, problem) != WFC_OK) throw std::runtime_error(problem);
    measure_messages(component, options.messages);
    const double peak = measure_attachment(component, scratch.path, options.attachment_mib);
    if (options.max_rss_mib != 0 && peak > options.max_rss_mib) {
        std::fprintf(stderr, "bench_send: the peak is above the limit of %d MiB\n", options.max_rss_mib);
        return 1;
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_send: %s\n", error.what());
    return 1;
}
