// The transparency procedure over what messages are made of: base64 without a dot, text with few, lines that
// all begin with one.
#include "smtp/dot_stuffing.hpp"

#include <benchmark/benchmark.h>
#include <string>

namespace {

std::string lines_of(const std::string& line) {
    std::string all;
    while (all.size() < 64 * 1024) all += line;
    return all;
}

void stuffed(benchmark::State& state, const std::string& line) {
    const std::string body = lines_of(line);
    std::string out;
    mailsend::smtp::DotStuffing dots;
    for (auto _ : state) {
        out.clear();
        dots.append(body, out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
BENCHMARK_CAPTURE(stuffed, base64, std::string(76, 'A') + "\r\n");
BENCHMARK_CAPTURE(stuffed, text, "A sentence, and another. Then www.example.test ends the line.\r\n");
BENCHMARK_CAPTURE(stuffed, dots, ".x\r\n");

}  // namespace
