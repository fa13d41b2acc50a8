// Prints what explaining failures costs: memory, time and allocations of a diagnosis.
//
//     bench_diagnosis --replies DIR --errors FILE [--rounds N] [--max-us N] [--max-rss-kib N]
//
// DIR has the examples of the tests (tests/unit/plugin/diagnosis/replies), FILE is the catalogue as JSON: its
// conditions are explained too. Ends with 1 when the median of a warm diagnosis or the growth of memory is
// above its limit, or when there was nothing to measure.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include "diagnosis/catalogue.hpp"
#include "diagnosis/diagnosis.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// Counts; memory comes from where it always comes from. Not inlined: GCC would see malloc() here and delete
// there.
[[gnu::noinline]] void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

using mailsend::Facts;
using mailsend::Language;
using nlohmann::json;

struct Options {
    std::string replies;
    std::string errors;
    int rounds = 50;
    double max_us = 0;  ///< 0: any
    long max_rss_kib = 0;
};

Options parse(int argc, char** argv) {
    Options options;
    if (argc % 2 == 0) throw std::runtime_error("every option needs a value");
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        const std::string value = argv[i + 1];
        if (name == "--replies") {
            options.replies = value;
        } else if (name == "--errors") {
            options.errors = value;
        } else if (name == "--rounds") {
            options.rounds = std::stoi(value);
        } else if (name == "--max-us") {
            options.max_us = std::stod(value);
        } else if (name == "--max-rss-kib") {
            options.max_rss_kib = std::stol(value);
        } else {
            throw std::runtime_error("unknown option " + name);
        }
    }
    if (options.replies.empty() || options.errors.empty() || options.rounds < 1)
        throw std::runtime_error("--replies DIR and --errors FILE are needed, and at least one round");
    return options;
}

Facts facts_of(const json& row) {
    Facts facts;
    const auto lines = row.at("lines").get<std::vector<std::string>>();
    facts.stage = mailsend::stage_named(row.at("stage").get<std::string>()).value();
    facts.reply = mailsend::Reply{std::stoi(lines.at(0).substr(0, 3)), lines};
    facts.provider = row.value("provider", "");
    if (row.contains("details")) facts.details = row["details"].get<std::map<std::string, std::string>>();
    return facts;
}

/// Every example, and every condition with what such a failure is told with.
std::vector<Facts> examples(const Options& options) {
    std::vector<Facts> out;
    for (const auto& file : std::filesystem::directory_iterator(options.replies)) {
        for (const json& row : json::parse(std::ifstream(file.path()))) {
            if (row.contains("lines")) out.push_back(facts_of(row));
        }
    }
    std::set<std::string> conditions;
    for (const json& entry : json::parse(std::ifstream(options.errors)).at("entries"))
        conditions.insert(entry.at("match").value("condition", ""));
    for (const std::string& condition : conditions) {
        out.push_back(mailsend::Failure(mailsend::Stage::connect, condition, "it failed")
                          .with("host", "mail.example.test")
                          .with("port", "587")
                          .with("oauth_error", "invalid_grant")
                          .with("aadsts", "50126")
                          .facts());
    }
    return out;
}

/// A line of /proc/self/smaps_rollup, in KiB: "Rss:", "Anonymous:".
long memory_kib(const std::string& name) {
    std::ifstream maps("/proc/self/smaps_rollup");
    for (std::string line; std::getline(maps, line);) {
        if (line.starts_with(name)) return std::strtol(line.c_str() + name.size(), nullptr, 10);
    }
    throw std::runtime_error("/proc/self/smaps_rollup has no " + name);
}

double now_us() {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Adds the microseconds of one diagnosis of each of the facts.
void measure(const std::vector<Facts>& all, Language language, std::vector<double>& times) {
    for (const Facts& facts : all) {
        const double begun = now_us();
        const mailsend::Diagnosis diagnosis = mailsend::diagnose(facts, language);
        times.push_back(now_us() - begun);
        if (diagnosis.explanation.title.empty()) throw std::runtime_error("a diagnosis without a title");
    }
}

/// Sorts, prints, and gives the median.
double print(const char* what, std::vector<double> times) {
    std::sort(times.begin(), times.end());
    const double middle = times[times.size() / 2];
    std::printf("%s:  median %.1f us, 99 %% below %.1f us, max %.1f us (%zu diagnoses)\n", what, middle,
                times[times.size() * 99 / 100], times.back(), times.size());
    return middle;
}

}  // namespace

int main(int argc, char** argv) try {
    const Options options = parse(argc, argv);
    const std::vector<Facts> all = examples(options);
    if (all.size() < 100) throw std::runtime_error("there are no examples to measure");
    const long idle = memory_kib("Rss:");
    const long idle_own = memory_kib("Anonymous:");
    const double begun = now_us();
    mailsend::diagnose(all.front(), Language::en);
    const double first = now_us() - begun;
    const long after_first = memory_kib("Rss:") - idle;
    std::vector<double> cold;
    cold.reserve(all.size() * 2);
    measure(all, Language::en, cold);
    const long after_one_language = memory_kib("Rss:") - idle;
    measure(all, Language::ja, cold);
    const long after_all = memory_kib("Rss:") - idle;
    const long own = memory_kib("Anonymous:") - idle_own;

    std::vector<double> warm;
    warm.reserve(all.size() * 2 * static_cast<std::size_t>(options.rounds));
    const std::uint64_t counted = allocations.load();
    for (int round = 0; round < options.rounds; ++round) {
        measure(all, Language::en, warm);
        measure(all, Language::ja, warm);
    }
    const double each = static_cast<double>(allocations.load() - counted) / static_cast<double>(warm.size());

    const auto& catalogue = mailsend::diagnosis::Catalogue::embedded();
    std::printf("%zu entries in %zu bytes, %zu expressions in %zu bytes of them\n", catalogue.size(),
                catalogue.bytes(), catalogue.expressions().size(), catalogue.expression_bytes());
    std::printf("memory: %ld KiB after the first diagnosis (%.0f us)\n", after_first, first);
    std::printf("        %ld KiB after one of all in English, %ld KiB in Japanese too\n", after_one_language,
                after_all);
    std::printf("        %ld KiB of it are no file's; the others the kernel can drop\n", own);
    print("cold", cold);
    const double usual = print("warm", warm);
    std::printf("%.1f allocations a diagnosis\n", each);
    if (options.max_us > 0 && usual > options.max_us) {
        std::fprintf(stderr, "bench_diagnosis: a diagnosis takes more than %.0f us\n", options.max_us);
        return 1;
    }
    if (options.max_rss_kib > 0 && after_all > options.max_rss_kib) {
        std::fprintf(stderr, "bench_diagnosis: diagnosing takes more than %ld KiB\n", options.max_rss_kib);
        return 1;
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_diagnosis: %s\n", error.what());
    return 1;
}
