// Bodies into their transfer encoding, and the choice of it.
#include <benchmark/benchmark.h>
#include <string>
#include <string_view>

#include "crypto/base64.hpp"
#include "message/transfer_encoding.hpp"

namespace {

std::string repeated(std::string_view piece, std::size_t size) {
    std::string all;
    while (all.size() < size) all += piece;
    return all;
}

void count_bytes(benchmark::State& state, const std::string& input) {
    state.SetBytesProcessed(static_cast<std::int64_t>(input.size()) * state.iterations());
}

void base64_block(benchmark::State& state) {
    const std::string bytes(static_cast<std::size_t>(state.range(0)) * 3, '\x5a');
    std::string out(bytes.size() / 3 * 4, '\0');
    for (auto _ : state) {
        mailsend::crypto::base64_encode_block(bytes.data(), bytes.size(), out.data());
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    count_bytes(state, bytes);
}
BENCHMARK(base64_block)->Arg(19)->Arg(16 * 1024);

void base64_lines(benchmark::State& state) {
    const std::string bytes(48 * 1024, '\x5a');
    std::string out;
    for (auto _ : state) {
        out.clear();
        mailsend::append_base64_lines(out, bytes, true);
        benchmark::DoNotOptimize(out.data());
    }
    count_bytes(state, bytes);
}
BENCHMARK(base64_lines);

void body(benchmark::State& state, const std::string& line, mailsend::TransferEncoding encoding) {
    const std::string text = repeated(line, 16 * 1024);
    std::string out;
    for (auto _ : state) {
        out.clear();
        mailsend::append_body(out, text, encoding);
        benchmark::DoNotOptimize(out.data());
    }
    count_bytes(state, text);
}
BENCHMARK_CAPTURE(body, seven_bit, "A sentence, and another.\n", mailsend::TransferEncoding::seven_bit);
BENCHMARK_CAPTURE(body, quoted_printable, "Grüße aus Köln, und ein Wort.\n",
                  mailsend::TransferEncoding::quoted_printable);

void choice(benchmark::State& state, const std::string& line) {
    const std::string text = repeated(line, 16 * 1024);
    for (auto _ : state) benchmark::DoNotOptimize(mailsend::examine_body(text));
    count_bytes(state, text);
}
BENCHMARK_CAPTURE(choice, ascii, "A sentence, and another.\n");
BENCHMARK_CAPTURE(choice, japanese, "日報をお送りします。\n");

}  // namespace
