// Bytes of a server into replies, as they come: one in a piece, several in a piece, the answer to EHLO in
// two.
#include <benchmark/benchmark.h>
#include <string>

#include "smtp/reply_reader.hpp"

namespace {

using mailsend::smtp::ReplyReader;

void one_short_reply(benchmark::State& state) {
    ReplyReader reader;
    for (auto _ : state) {
        reader.push("250 2.1.5 Ok\r\n");
        benchmark::DoNotOptimize(reader.next());
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(one_short_reply);

void the_answers_to_a_group(benchmark::State& state) {
    ReplyReader reader;
    for (auto _ : state) {
        reader.push(
            "250 2.0.0 Ok: queued as 4F1B2C3D\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with "
            "<CR><LF>.<CR><LF>\r\n");
        while (auto reply = reader.next()) benchmark::DoNotOptimize(reply);
    }
    state.SetItemsProcessed(4 * state.iterations());
}
BENCHMARK(the_answers_to_a_group);

void the_answer_to_ehlo_in_two_pieces(benchmark::State& state) {
    ReplyReader reader;
    for (auto _ : state) {
        reader.push("250-mail.example.test\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-8BITM");
        benchmark::DoNotOptimize(reader.next());
        reader.push("IME\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n");
        benchmark::DoNotOptimize(reader.next());
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(the_answer_to_ehlo_in_two_pieces);

}  // namespace
