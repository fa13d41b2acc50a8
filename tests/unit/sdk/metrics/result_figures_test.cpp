#include "metrics/result_figures.hpp"

#include <gmock/gmock.h>

namespace wfc::metrics {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(ResultFigures, AddUpTheAttempts) {
    const ResultFigures figures = read_figures(
        R"({"format":1,"outcome":"accepted","duplicate":true,"timing_ms":{"total":900,"queue":250,"retry":0},
            "attempts":[{"reused":false,"timing_ms":{"connect":100,"total":500},
                         "bytes":{"sent":10,"received":1},
                         "error":{"id":"x"}},
                        {"reused":true,"timing_ms":{"connect":50,"data":1000},
                         "bytes":{"sent":20,"received":2}}]})");
    EXPECT_EQ(figures.outcome, "accepted");
    EXPECT_EQ(figures.error_id, "");
    EXPECT_TRUE(figures.duplicate);
    EXPECT_THAT(figures.waited, ElementsAre(Pair("queue", DoubleEq(0.25)), Pair("retry", DoubleEq(0))));
    EXPECT_EQ(figures.attempts[0][1], 1u);
    EXPECT_EQ(figures.attempts[1][0], 1u);
    EXPECT_EQ(figures.attempts[0][0] + figures.attempts[1][1], 0u);
    EXPECT_THAT(figures.stages, ElementsAre(Pair("connect", DoubleEq(0.15)), Pair("data", DoubleEq(1))));
    EXPECT_EQ(figures.bytes_sent, 30);
    EXPECT_EQ(figures.bytes_received, 3);
}

TEST(ResultFigures, NameTheError) {
    const ResultFigures figures = read_figures(
        R"({"outcome":"rejected","error":{"id":"policy.spam","class":"permanent","cause":{"id":"other"}}})");
    EXPECT_EQ(figures.error_id, "policy.spam");
    EXPECT_EQ(figures.error_class, "permanent");
}

TEST(ResultFigures, OfWhatIsNoDocumentAreThoseOfAFailure) {
    for (const char* text : {"", "{", "[]", "null", "7", R"("outcome")", R"({"outcome":7})",
                             R"({"outcome":"accepted","n":1e999})", "\xff"}) {
        const ResultFigures figures = read_figures(text);
        EXPECT_EQ(figures.outcome, "failed") << text;
        EXPECT_THAT(figures.stages, IsEmpty()) << text;
    }
}

TEST(ResultFigures, NumbersThatCannotBeAreNotThere) {
    const ResultFigures figures = read_figures(
        R"({"outcome":"failed","duplicate":1,"timing_ms":{"a":-1,"b":1e300,"c":"1","d":null,"f":1500},
            "attempts":[{"reused":"true","error":"none","timing_ms":[1],"bytes":[]},
                        {"timing_ms":{"x":-0.5},"bytes":{"sent":1e16,"received":-1}}, 7, null]})");
    EXPECT_FALSE(figures.duplicate);
    for (const auto& [name, seconds] : figures.waited) EXPECT_EQ(seconds, name == "f" ? 1.5 : 0) << name;
    EXPECT_EQ(figures.attempts[0][0], 2u);
    EXPECT_EQ(figures.bytes_sent + figures.bytes_received, 0);
    EXPECT_THAT(figures.stages, ElementsAre(Pair("x", 0)));
}

TEST(ResultFigures, AreBounded) {
    std::string attempts, timing;
    for (int i = 0; i < 3000; ++i) {
        attempts += (i == 0 ? "" : ",") + std::string(R"({"timing_ms":{"s)") + std::to_string(i) + R"(":1}})";
        timing += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
    }
    const ResultFigures figures =
        read_figures(R"({"outcome":"failed","timing_ms":{)" + timing + R"(},"attempts":[)" + attempts + "]}");
    EXPECT_EQ(figures.attempts[0][0], 1000u);
    EXPECT_EQ(figures.stages.size(), 64u);
    EXPECT_EQ(figures.waited.size(), 64u);
    EXPECT_EQ(read_figures(R"({"outcome":"accepted","a":)" + std::string(100'000, '[')).outcome, "failed");
    EXPECT_EQ(read_figures(R"({"outcome":"accepted","a":")" + std::string(5 << 20, 'x') + "\"}").outcome,
              "failed");
    EXPECT_EQ(read_figures(R"({"outcome":"accepted","a":")" + std::string(1 << 20, 'x') + "\"}").outcome,
              "accepted");
}

}  // namespace
}  // namespace wfc::metrics
