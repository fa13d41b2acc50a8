#include "tool/report_row.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tool/text_columns.hpp"

namespace wfc::tool {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Texts texts = {{"report/stage.reach", "Reaching it"}, {"report/actor.neighbour", "the neighbour"}};
const json refused = {{"stage", "reach"},
                      {"verdict", "failed"},
                      {"timing_ms", 12},
                      {"text", "no"},
                      {"error",
                       {{"explanation",
                         {{"title", "The door is closed"},
                          {"steps", {"Knock.", "Wait."}},
                          {"actor", "neighbour"},
                          {"link", "https://example.test/door"}}}}}};

ReportRows rows(const std::string& language = "en", std::size_t width = 80, bool unicode = true) {
    return {ComponentTexts(texts), language, Screen{width, unicode, false}, Style(false)};
}

TEST(ReportRows, HaveVerdictStageTimeAndText) {
    EXPECT_EQ(rows().lines({{"stage", "reach"}, {"verdict", "ok"}, {"timing_ms", 7}, {"text", "there"}}),
              "✓ ok       Reaching it      7 ms  there");
    EXPECT_EQ(rows().lines({{"stage", "other"}, {"verdict", "skipped"}, {"text", "why"}}),
              "– skipped  other                  why");
    EXPECT_EQ(rows("en", 80, false).lines({{"stage", "reach"}, {"verdict", "warning"}, {"timing_ms", 61234}}),
              "! warning  Reaching it    61.2 s");
    EXPECT_THAT(rows("ja").lines({{"stage", "reach"}, {"verdict", "failed"}}), StartsWith("✗ 失敗"));
}

TEST(ReportRows, NameTheAddressThatTheTextLeavesOut) {
    EXPECT_THAT(
        rows().lines({{"stage", "reach"}, {"verdict", "ok"}, {"text", "x"}, {"address", "192.0.2.1"}}),
        HasSubstr("  192.0.2.1: x"));
    EXPECT_THAT(
        rows().lines(
            {{"stage", "reach"}, {"verdict", "ok"}, {"text", "at 192.0.2.1"}, {"address", "192.0.2.1"}}),
        HasSubstr("  at 192.0.2.1"));
}

TEST(ReportRows, AreExplainedWhereSomethingIsWrong) {
    EXPECT_EQ(rows().lines(refused),
              "✗ failed   Reaching it     12 ms  no\n"
              "    The door is closed\n"
              "    1. Knock.\n"
              "    2. Wait.\n"
              "    Who must act: the neighbour\n"
              "    https://example.test/door");
    json fine = refused;
    fine["verdict"] = "ok";
    EXPECT_THAT(rows().lines(fine), Not(HasSubstr("door")));
    EXPECT_THAT(rows("ja").lines(refused), HasSubstr("対応する人: the neighbour"));
}

TEST(ReportRows, AreNoWiderThanTheScreen) {
    json wide = refused;
    wide["text"] = "サーバーは応答しましたが、拒否されました。 and a text that goes on in another language";
    wide["error"]["explanation"]["link"] = "";
    for (const std::size_t width : {20u, 40u, 60u, 80u}) {
        for (const char* language : {"en", "ja"}) {
            std::istringstream lines(rows(language, width).lines(wide));
            std::string line;
            std::getline(lines, line);  // the columns before the text have a width of their own
            while (std::getline(lines, line)) EXPECT_LE(columns(line), width) << line;
        }
    }
}

TEST(ReportRows, EscapeAndBoundWhatIsForeign) {
    const std::string hostile = "\x1b[2J\n\r\x07" + std::string(100000, 'x');
    const std::string out = rows().lines({{"stage", hostile},
                                          {"verdict", hostile},
                                          {"text", hostile},
                                          {"address", hostile},
                                          {"timing_ms", 1e300},
                                          {"error", {{"explanation", {{"title", hostile}}}}}});
    EXPECT_THAT(out, Not(HasSubstr("\x1b")));
    EXPECT_THAT(out, HasSubstr("\\u001b"));
    EXPECT_LT(out.size(), 10000u);
    for (const json& odd :
         {json{{"stage", 5}, {"verdict", {1}}, {"text", nullptr}, {"error", "x"}}, json::object(),
          json{{"verdict", "failed"}, {"error", {{"explanation", {{"steps", 5}}}}}}})
        EXPECT_THAT(rows().lines(odd), Not(HasSubstr("\n")));
}

TEST(ReportRows, ShowProblemsByTheirPlace) {
    ReportRows table = rows();
    const json problem = {
        {"pointer", "/somewhere/deep"}, {"severity", "error"}, {"message", "must be a number"}};
    table.make_room(json::array({problem}));
    EXPECT_EQ(table.lines(problem), "✗ error    /somewhere/deep  must be a number");
}

TEST(ReportRows, NameTheStageThatRuns) {
    EXPECT_EQ(rows().running({{"stage", "reach"}}), "… Reaching it");
    EXPECT_EQ(rows("en", 80, false).running({{"stage", "other"}}), "... other");
    EXPECT_LE(columns(rows("en", 20).running({{"stage", std::string(500, 'x')}})), 19u);
}

TEST(ReportRows, SayWhatTheStageThatRunsWaitsFor) {
    const auto line = [](const char* language, json event) {
        event["stage"] = "reach";
        return rows(language).running(event);
    };
    EXPECT_EQ(line("en", {{"retry_in_ms", 3259}}), "… Reaching it: trying again in 3.3 s");
    EXPECT_EQ(line("en", {{"retry_in_ms", 3}}), "… Reaching it: trying again in 0.1 s");
    EXPECT_EQ(line("en", {{"retry_in_ms", 45'400}, {"text", "nobody\nthere"}}),
              "… Reaching it: trying again in 45 s: nobody\\u000athere");
    EXPECT_EQ(line("en", {{"retry_in_ms", 290'000}}), "… Reaching it: trying again in 5 min");
    EXPECT_EQ(line("ja", {{"retry_in_ms", 3259}}), "… Reaching it: 3.3 秒後に再試行します");
    EXPECT_EQ(line("ja", {{"retry_in_ms", 290'000}}), "… Reaching it: 5 分後に再試行します");
    EXPECT_EQ(line("en", {{"queued", true}}), "… Reaching it: waiting for its turn");
    EXPECT_EQ(line("ja", {{"queued", true}}), "… Reaching it: 順番を待っています");
    for (const json& odd : {json{{"queued", false}}, json{{"queued", 1}}, json{{"retry_in_ms", "soon"}},
                            json{{"retry_in_ms", -1}}, json{{"retry_in_ms", 1e300}}, json{{"text", 5}}})
        EXPECT_EQ(line("en", odd), "… Reaching it") << odd;
}

TEST(ReportRows, FitVeryNarrowScreensAndThoseWithoutUnicode) {
    json row = refused;
    row["text"] = "b\u00fccher are closed";
    const std::string shown = rows("en", 20, false).lines(row);
    EXPECT_EQ(shown.find('\xc3'), std::string::npos) << shown;
    std::istringstream lines(shown);
    for (std::string line; std::getline(lines, line);) {
        const bool link = line.find("https://") != line.npos;
        EXPECT_TRUE(link || columns(line) <= 20) << line;
    }
}

}  // namespace
}  // namespace wfc::tool
