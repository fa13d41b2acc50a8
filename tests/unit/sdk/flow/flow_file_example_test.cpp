// The flow that the examples show is one that the reader takes, and its files are there.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <nlohmann/json.hpp>

#include "flow/flow_file.hpp"

namespace wfc::flow {
namespace {

const std::filesystem::path folder = SOURCE_DIR "/examples/flows";

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ExampleFlow, RunsOnWorkingDaysAtNineInTokyo) {
    const Flow flow = parse_flow(folder / "daily-report.json", text_of(folder / "daily-report.json"));
    EXPECT_EQ(flow.id, "daily-report");
    ASSERT_TRUE(flow.cron.has_value());
    const auto friday = flow.cron->next(1'795'046'400, flow.zone);  // Thursday, 2026-11-19T09:00+09:00
    ASSERT_TRUE(friday.has_value());
    EXPECT_EQ(flow.zone.text(*friday), "2026-11-20T09:00:00+09:00");
    EXPECT_EQ(flow.zone.text(flow.cron->next(*friday, flow.zone).value()), "2026-11-23T09:00:00+09:00");
}

TEST(ExampleFlow, SendsEveryFailureToItsAlertStep) {
    const Flow flow = parse_flow(folder / "daily-report.json", text_of(folder / "daily-report.json"));
    ASSERT_EQ(flow.steps.size(), 2u);
    EXPECT_FALSE(flow.steps[0].only_by_route);
    EXPECT_TRUE(flow.steps[1].only_by_route);
    for (const char* outcome : {"rejected", "failed", "unknown", "cancelled"}) {
        const Route& route = flow.steps[0].on.at(outcome);
        EXPECT_EQ(route.kind, Route::Kind::step) << outcome;
        EXPECT_EQ(route.step, 1u) << outcome;
    }
}

TEST(ExampleFlow, NamesAccountsThatAreThereAndHoldNoPassword) {
    const Flow flow = parse_flow(folder / "daily-report.json", text_of(folder / "daily-report.json"));
    for (const Step& step : flow.steps) {
        const auto account = nlohmann::json::parse(text_of(step.settings));
        EXPECT_TRUE(account["auth"]["password"].contains("$secret")) << step.settings;
    }
    EXPECT_TRUE(nlohmann::json::parse(text_of(folder / "report.json")).is_object());
}

}  // namespace
}  // namespace wfc::flow
