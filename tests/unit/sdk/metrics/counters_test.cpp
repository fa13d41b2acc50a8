#include "metrics/counters.hpp"

#include <gmock/gmock.h>
#include <string>
#include <thread>
#include <vector>

namespace wfc::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count_of(const std::string& part, const std::string& text) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST(Counters, CountCallsByOutcomeAndHowLongTheyTook) {
    Counters counters("1.2.3");
    counters.invoked({"c", "do", R"({"outcome":"accepted"})", std::chrono::milliseconds(30)});
    counters.invoked({"c", "do", R"({"outcome":"accepted"})", std::chrono::milliseconds(70)});
    counters.invoked({"c", "do", R"({"outcome":"failed","error":{"id":"net.down","class":"transient"}})"});
    const std::string text = counters.text();
    EXPECT_THAT(text, HasSubstr("wfc_build_info{version=\"1.2.3\"} 1\n"));
    EXPECT_THAT(
        text, HasSubstr("wfc_invocations_total{component=\"c\",operation=\"do\",outcome=\"accepted\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("wfc_errors_total{class=\"transient\",component=\"c\",id=\"net.down\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("wfc_invocation_seconds_count{component=\"c\",operation=\"do\"} 2\n"));
    EXPECT_THAT(text,
                HasSubstr("wfc_invocation_seconds_bucket{component=\"c\",operation=\"do\",le=\"0.05\"} 1\n"));
}

/// A series that begins with its first 1 has no increase that an alarm could see, and one that is not there
/// is no 0.
TEST(Counters, BeginAtZeroForWhatIsKnownToCome) {
    Counters counters("1");
    counters.know_flow("f");
    counters.know_call("c", "do");
    const std::string text = counters.text();
    for (const char* outcome :
         {"succeeded", "accepted", "partial", "rejected", "failed", "unknown", "cancelled"}) {
        EXPECT_THAT(
            text, HasSubstr(std::string("wfc_invocations_total{component=\"c\",operation=\"do\",outcome=\"") +
                            outcome + "\"} 0\n"));
        EXPECT_THAT(text,
                    HasSubstr(std::string("wfc_runs_total{flow=\"f\",outcome=\"") + outcome + "\"} 0\n"));
    }
    EXPECT_THAT(text, HasSubstr("wfc_runs_total{flow=\"f\",outcome=\"stopped\"} 0\n"));
    EXPECT_THAT(text, Not(HasSubstr("operation=\"do\",outcome=\"stopped\"")));
    EXPECT_THAT(text, HasSubstr("wfc_duplicates_total{component=\"c\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("wfc_invocation_seconds_count{component=\"c\",operation=\"do\"} 0\n"));
    counters.invoked({"c", "do", R"({"outcome":"accepted"})"});
    counters.know_call("c", "do");
    EXPECT_THAT(
        counters.text(),
        HasSubstr("wfc_invocations_total{component=\"c\",operation=\"do\",outcome=\"accepted\"} 1\n"));
}

TEST(Counters, TellOfRuns) {
    Counters counters("1");
    counters.know_flow("f");
    EXPECT_THAT(counters.text(), HasSubstr("wfc_runs_missed_total{flow=\"f\"} 0\n"));
    counters.run_ended("f", "accepted", 1'700'000'000'500, 1500);
    counters.run_ended("f", "stopped", 1'700'000'001'000, 0);
    counters.runs_missed("f", 3);
    counters.runs_skipped("f", 2);
    counters.run_cut("f");
    counters.warned("f", "c");
    counters.trouble("f");
    counters.next_run("f", 1'700'000'100'250);
    const std::string text = counters.text();
    for (const char* line :
         {"wfc_runs_total{flow=\"f\",outcome=\"accepted\"} 1\n",
          "wfc_runs_total{flow=\"f\",outcome=\"stopped\"} 1\n",
          "wfc_last_run_timestamp_seconds{flow=\"f\",outcome=\"accepted\"} 1700000000.5\n",
          "wfc_run_seconds_sum{flow=\"f\"} 1.5\n", "wfc_runs_missed_total{flow=\"f\"} 3\n",
          "wfc_runs_skipped_total{flow=\"f\"} 2\n", "wfc_runs_cut_total{flow=\"f\"} 1\n",
          "wfc_account_warnings_total{component=\"c\",flow=\"f\"} 1\n", "wfc_troubles_total{flow=\"f\"} 1\n",
          "wfc_next_run_timestamp_seconds{flow=\"f\"} 1700000100.25\n"}) {
        EXPECT_THAT(text, HasSubstr(line));
    }
    counters.next_run("f", std::nullopt);
    EXPECT_THAT(counters.text(), Not(HasSubstr("wfc_next_run_timestamp_seconds{")));
}

TEST(Counters, KeepABoundedNumberOfSeries) {
    Counters counters("1");
    for (int i = 0; i < 700; ++i) {
        const std::string id = "e" + std::to_string(i);
        counters.invoked({"c", "do",
                          R"({"outcome":")" + id + R"(","error":{"id":")" + id + R"(","class":")" + id +
                              R"("},"timing_ms":{")" + id + R"(":1},"attempts":[{"timing_ms":{")" + id +
                              R"(":1}}]})"});
    }
    const std::string text = counters.text();
    EXPECT_EQ(count_of("\nwfc_invocations_total{", text), 1u);
    EXPECT_EQ(count_of("\nwfc_errors_total{", text), 501u);
    EXPECT_EQ(count_of("\nwfc_stage_seconds_total{", text), 101u);
    EXPECT_EQ(count_of("\nwfc_wait_seconds_total{", text), 51u);
    EXPECT_THAT(text, HasSubstr("wfc_errors_total{class=\"other\",component=\"c\",id=\"other\"} 200\n"));
}

TEST(Counters, LoseNothingWhereThreadsCountAndOneReads) {
    Counters counters("1");
    constexpr int each = 500;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&counters, t] {
            const std::string flow = "f" + std::to_string(t);
            for (int i = 0; i < each; ++i) {
                counters.invoked({"c", "do",
                                  R"({"outcome":"failed","error":{"id":"e)" + std::to_string(i) + "\"}}",
                                  std::chrono::milliseconds(1)});
                counters.next_run(flow, i % 2 == 0 ? std::optional<std::int64_t>(i) : std::nullopt);
            }
        });
    }
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(counters.text().empty());
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(counters.text(), HasSubstr("wfc_invocations_total{component=\"c\",operation=\"do\",outcome="
                                           "\"failed\"} 2000\n"));
}

}  // namespace
}  // namespace wfc::metrics
