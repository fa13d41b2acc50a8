// The transparency procedure over what messages are made of: base64 without a dot, text with few, lines that
// all begin with one; and the buffer without it, as for BDAT.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstring>
#include <string>

#include "smtp/body_buffer.hpp"

namespace {

using mailsend::smtp::BodyBuffer;

/// A message of 64 KiB on its way through the buffer, copied in as by a source that composes it.
void through_the_buffer(benchmark::State& state, const std::string& line, BodyBuffer::Form form) {
    std::string body;
    while (body.size() < 64 * 1024) body += line;
    BodyBuffer buffer;
    for (auto _ : state) {
        std::size_t given = 0;
        buffer.start(form);
        while (!buffer.ended()) {
            buffer.fill([&](char* into, std::size_t most) {
                const std::size_t count = std::min(most, body.size() - given);
                std::memcpy(into, body.data() + given, count);
                given += count;
                return count;
            });
            benchmark::DoNotOptimize(buffer.view());
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
constexpr char text_line[] = "A sentence, and another. Then www.example.test ends the line.\r\n";
BENCHMARK_CAPTURE(through_the_buffer, base64, std::string(76, 'A') + "\r\n", BodyBuffer::Form::dot_stuffed);
BENCHMARK_CAPTURE(through_the_buffer, text, text_line, BodyBuffer::Form::dot_stuffed);
BENCHMARK_CAPTURE(through_the_buffer, dots, ".x\r\n", BodyBuffer::Form::dot_stuffed);
BENCHMARK_CAPTURE(through_the_buffer, chunk, text_line, BodyBuffer::Form::plain);

}  // namespace
