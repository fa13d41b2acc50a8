// Facts into an explanation: a condition of our own, a reply that a provider's words tell, one that nobody
// knows.
#include "diagnosis/diagnosis.hpp"

#include <benchmark/benchmark.h>
#include <string>

namespace {

using namespace mailsend;

void explained_reply(benchmark::State& state, Stage stage, int code, const std::string& text) {
    Facts facts;
    facts.stage = stage;
    facts.reply = Reply{code, {std::to_string(code) + " " + text}};
    for (auto _ : state) benchmark::DoNotOptimize(diagnose(facts, Language::en));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(explained_reply, known, Stage::auth, 535,
                  "5.7.8 Username and Password not accepted. For more information, go to "
                  "https://support.google.com/mail/?p=BadCredentials");
BENCHMARK_CAPTURE(explained_reply, by_status, Stage::rcpt, 550, "5.1.1 No such user");
BENCHMARK_CAPTURE(explained_reply, by_code, Stage::rcpt, 450, "not today");

void explained_condition(benchmark::State& state) {
    const Facts facts = Failure(Stage::connect, "conn.refused", "refused").facts();
    for (auto _ : state) benchmark::DoNotOptimize(diagnose(facts, Language::ja));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(explained_condition);

}  // namespace
