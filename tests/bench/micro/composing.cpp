// A draft into the bytes of its message: a short text as most are, a Japanese one, one with an attachment.
#include <benchmark/benchmark.h>
#include <string>
#include <vector>

#include "message/message.hpp"
#include "unit/plugin/message/memory_source.hpp"

namespace {

using namespace mailsend;

Draft draft_of(const std::string& subject, const std::string& text) {
    Draft draft;
    draft.from = parse_mailbox("Alice Example <alice@example.test>");
    draft.to = parse_mailbox_list("Bob <bob@example.test>");
    draft.subject = subject;
    draft.text = text;
    return draft;
}

/// Composes and reads all of it; how many octets it has.
std::size_t compose_whole(const Draft& draft, const Opener& open, std::vector<char>& buffer) {
    Circumstances circumstances;
    circumstances.message_id = "0123456789abcdef0123456789abcdef@example.test";
    circumstances.now_unix_ms = 1'795'000'000'000;
    circumstances.boundary_seed = "seed";
    const auto message = compose(draft, circumstances, open);
    std::size_t all = 0;
    while (const std::size_t count = message->read(buffer.data(), buffer.size())) all += count;
    return all;
}

void composed(benchmark::State& state, const Draft& draft, const std::string& attached = {}) {
    std::vector<char> buffer(64 * 1024);
    const auto source = test::script(attached);
    std::size_t octets = 0;
    for (auto _ : state) {
        octets = compose_whole(
            draft, [&](const AttachmentSpec&) { return test::open(source); }, buffer);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(octets) * state.iterations());
}

void short_text(benchmark::State& state) {
    std::string text;
    while (text.size() < 1000)
        text += "the numbers of today are in this letter, and nothing else is in it.\n";
    composed(state, draft_of("Report 7", text));
}
BENCHMARK(short_text);

void japanese_text(benchmark::State& state) {
    std::string text;
    while (text.size() < 1000) text += "本日の日報をお送りします。ご確認ください。\n";
    composed(state, draft_of("日報 2026年11月23日", text));
}
BENCHMARK(japanese_text);

void attachment(benchmark::State& state) {
    Draft draft = draft_of("Report", "See the file.\n");
    AttachmentSpec spec;
    spec.blob = "file";
    spec.name = "report.bin";
    spec.type = "application/octet-stream";
    spec.pointer = "/attachments/0";
    draft.attachments.push_back(spec);
    composed(state, draft, std::string(static_cast<std::size_t>(state.range(0)), '\x5a'));
}
BENCHMARK(attachment)->Arg(10 * 1024)->Arg(10 * 1024 * 1024);

}  // namespace
