#include "flow/flow_file.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>
#include <string>

namespace wfc::flow {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

json step(const std::string& id) {
    return {{"id", id}, {"component", "greet"}, {"operation", "hello"}};
}

/// The smallest flow, changed by a JSON merge patch.
json flow(const json& patch = json::object()) {
    json out = {
        {"id", "daily"}, {"schedule", "0 9 * * 1-5"}, {"timezone", "Asia/Tokyo"}, {"steps", {step("one")}}};
    out.merge_patch(patch);
    return out;
}

Flow parsed(const json& document) {
    return parse_flow("/flows/daily.json", document.dump());
}

struct Refusal {
    std::string pointer, sentence;
};
Refusal refusal_of(const std::string& document) {
    try {
        parse_flow("/flows/daily.json", document);
    } catch (const FlowInvalid& error) {
        return {error.pointer(), error.what()};
    }
    return {"", "accepted"};
}
Refusal refusal(const json& document) {
    return refusal_of(document.dump());
}

void expect_refused(const json& document, const std::string& pointer, const std::string& part) {
    const Refusal found = refusal(document);
    EXPECT_EQ(found.pointer, pointer) << found.sentence;
    EXPECT_THAT(found.sentence, AllOf(testing::StartsWith("/flows/daily.json: "), HasSubstr(part)));
}

TEST(FlowFile, TheSmallestOneHasTheDefaults) {
    const Flow read = parsed(flow());
    EXPECT_EQ(read.file, "/flows/daily.json");
    EXPECT_EQ(read.id, "daily");
    EXPECT_EQ(read.zone.name(), "Asia/Tokyo");
    ASSERT_TRUE(read.cron.has_value());
    EXPECT_EQ(read.every, std::nullopt);
    EXPECT_EQ(read.on_missed, OnMissed::skip);
    EXPECT_EQ(read.overlap, Overlap::skip);
    ASSERT_EQ(read.steps.size(), 1u);
    EXPECT_EQ(read.steps[0].component, "greet");
    EXPECT_EQ(read.steps[0].operation, "hello");
    EXPECT_TRUE(read.steps[0].settings.empty());
    EXPECT_EQ(read.steps[0].input, "{}");
    EXPECT_TRUE(read.steps[0].on.empty());
    EXPECT_FALSE(read.steps[0].only_by_route);
}

TEST(FlowFile, EveryMemberIsRead) {
    const Flow read = parsed(json::parse(R"({"format": 1, "id": "A.b_c-9", "every": "10m", "timezone": "UTC",
        "on_missed": "run-once", "overlap": "queue",
        "steps": [ { "id": "one", "component": "greet", "operation": "hello", "settings": "../accounts/./a.json",
                     "input": {"name": "{{payload.x}}"}, "on": {"failed": "two"} },
                   { "id": "two", "component": "greet", "operation": "hello", "settings": "/etc/b.json" } ],
        "on": {"warning": "log"}})"));
    EXPECT_EQ(read.id, "A.b_c-9");
    EXPECT_FALSE(read.cron.has_value());
    EXPECT_EQ(read.every, std::chrono::minutes(10));
    EXPECT_EQ(read.on_missed, OnMissed::run_once);
    EXPECT_EQ(read.overlap, Overlap::queue);
    EXPECT_EQ(read.steps[0].settings, "/accounts/a.json") << "relative to the flow file";
    EXPECT_EQ(read.steps[0].input, R"({"name":"{{payload.x}}"})");
    EXPECT_EQ(read.steps[1].settings, "/etc/b.json");
    EXPECT_TRUE(read.steps[1].only_by_route);
}

TEST(FlowFile, ARelativeFileBecomesAbsoluteAndItsPathsWithIt) {
    json document = flow();
    document["steps"][0]["settings"] = "a.json";
    const Flow read = parse_flow("flows/daily.json", document.dump());
    EXPECT_EQ(read.file, std::filesystem::current_path() / "flows/daily.json");
    EXPECT_EQ(read.steps[0].settings, std::filesystem::current_path() / "flows/a.json");
}

TEST(FlowFile, WithoutATimeZoneTheMachinesOwnIsTaken) {
    EXPECT_EQ(parsed(flow({{"timezone", nullptr}})).zone.name(), Zone::machine().name());
}

TEST(FlowFile, AnIntervalNeedsNoTimeZone) {
    const char* before = getenv("TZ");
    const std::string kept = before == nullptr ? "" : before;
    setenv("TZ", "JST-9", 1);
    const json interval = flow({{"schedule", nullptr}, {"every", "10m"}, {"timezone", nullptr}});
    EXPECT_EQ(refusal(interval).sentence, "accepted");
    EXPECT_EQ(parsed(interval).zone.name(), "UTC");
    expect_refused(flow({{"timezone", nullptr}}), "/timezone",
                   "/timezone is missing, and \"JST-9\" is no time zone known here");
    expect_refused(flow({{"schedule", nullptr}, {"every", "10m"}, {"timezone", "Asia/Tokio"}}), "/timezone",
                   "did you mean \"Asia/Tokyo\"?");
    before == nullptr ? unsetenv("TZ") : setenv("TZ", kept.c_str(), 1);
}

TEST(FlowFile, AScheduleThatItsZoneLeavesOutEachTimeIsRefused) {
    // The second Sunday of March at two: New York's clocks go from two to three then.
    const auto sunday_at_two = [](const char* zone) {
        return flow({{"schedule", "*/15 2 8-14 3 */7"}, {"timezone", zone}});
    };
    expect_refused(sunday_at_two("America/New_York"), "/schedule",
                   "/schedule never occurs in America/New_York");
    EXPECT_EQ(refusal(sunday_at_two("Europe/Berlin")).sentence, "accepted");
}

TEST(FlowFile, APathThatCannotBeMadeAbsoluteIsRefused) {
    try {
        parse_flow("", flow().dump());
        FAIL() << "accepted";
    } catch (const FlowInvalid& error) {
        EXPECT_THAT(error.what(), HasSubstr("has no name"));
    }
    const std::filesystem::path back = std::filesystem::current_path();
    std::string name = (std::filesystem::temp_directory_path() / "flow-XXXXXX").string();
    std::filesystem::current_path(mkdtemp(name.data()));
    std::filesystem::remove(name);
    try {
        parse_flow("daily.json", flow().dump());
        ADD_FAILURE() << "accepted";
    } catch (const FlowInvalid& error) {
        EXPECT_THAT(error.what(), HasSubstr("daily.json: the working directory"));
    }
    EXPECT_EQ(parse_flow("/flows/daily.json", flow().dump()).file, "/flows/daily.json");
    std::filesystem::current_path(back);
}

TEST(FlowFile, AnIntegerOfMoreThan64BitsIsRefusedRatherThanRounded) {
    const auto with_input = [](const std::string& input) {
        std::string document = flow({{"steps", {{{"id", "a"}}}}}).dump();
        document.replace(document.find("{\"id\":\"a\"}"), 10,
                         R"({"id":"a","component":"greet","operation":"hello","input":)" + input + "}");
        return document;
    };
    const Refusal found = refusal_of(with_input(R"({"list":[1,{"order":18446744073709551616}]})"));
    EXPECT_EQ(found.pointer, "/steps/0/input/list/1/order");
    EXPECT_THAT(found.sentence, HasSubstr("is an integer of more than 64 bits; write it as a string"));
    EXPECT_EQ(refusal_of(with_input(R"({"x":-9223372036854775809})")).pointer, "/steps/0/input/x");
    const std::string kept = R"({"a":18446744073709551615,"b":-9223372036854775808,"c":0.1,"d":1e+300})";
    EXPECT_EQ(parse_flow("/f.json", with_input(kept)).steps[0].input, kept);
}

TEST(FlowFile, ASlipInAMembersNameIsNamedWithTheNearest) {
    expect_refused(flow({{"shedule", "0 9 * * *"}, {"schedule", nullptr}}), "/shedule",
                   "did you mean \"schedule\"?");
    json document = flow();
    document["steps"][0]["componnet"] = "greet";
    expect_refused(document, "/steps/0/componnet", "did you mean \"component\"?");
    expect_refused(flow({{"description", "x"}}), "/description", "/description is not a known member");
}

TEST(FlowFile, ADocumentThatIsNoObjectOrNoJsonIsRefused) {
    EXPECT_THAT(refusal_of("[]").sentence, HasSubstr("must be an object"));
    EXPECT_THAT(refusal_of("{\"id\": ").sentence, HasSubstr("not valid JSON: syntax error at byte"));
    EXPECT_THAT(refusal_of("").sentence, HasSubstr("not valid JSON"));
    EXPECT_EQ(refusal_of(R"({"id": "a", "id": "b"})").pointer, "/id");
    EXPECT_THAT(refusal_of(std::string(9u << 20, ' ')).sentence, HasSubstr("larger than 8 MiB"));
    EXPECT_THAT(refusal_of(std::string(100, '[')).sentence, HasSubstr("nests deeper than 32 levels"));
    expect_refused(flow({{"format", 2}}), "/format", "must be 1");
}

TEST(FlowFile, AnIdIsMadeOfFewCharacters) {
    for (const char* id : {"", "a b", "a/b", "日報", "a:b"}) {
        expect_refused(flow({{"id", id}}), "/id", "must be 1 to 64 of the characters A-Z a-z 0-9 . _ -");
    }
    for (const char* id : {".", "..", ".hidden", "-x", "_x"}) {
        expect_refused(flow({{"id", id}}), "/id", "begin with a letter or a digit");
        expect_refused(flow({{"steps", {step(id)}}}), "/steps/0/id", "begin with a letter or a digit");
    }
    expect_refused(flow({{"id", std::string(65, 'a')}}), "/id", "must be 1 to 64");
    EXPECT_EQ(parsed(flow({{"id", std::string(64, 'a')}})).id.size(), 64u);
    expect_refused(flow({{"id", nullptr}}), "/id", "/id is missing");
    expect_refused(flow({{"id", 7}}), "/id", "must be a string");
}

TEST(FlowFile, AFlowHasEitherAScheduleOrAnInterval) {
    expect_refused(flow({{"schedule", nullptr}}), "", "needs \"schedule\" (as \"0 9 * * 1-5\") or \"every\"");
    expect_refused(flow({{"every", "10m"}}), "/every", "stands beside \"schedule\"");
    expect_refused(flow({{"schedule", "0 25 * * *"}}), "/schedule",
                   "/schedule has \"25\" for the hour; it goes from 0");
    expect_refused(flow({{"schedule", "0 0 30 2 *"}}), "/schedule", "/schedule never occurs");
    const auto interval = [](const char* every) { return flow({{"schedule", nullptr}, {"every", every}}); };
    for (const char* every : {"10", "ten minutes", "10 m", ""}) {
        expect_refused(interval(every), "/every", "/every is no duration; write a whole number and its unit");
    }
    expect_refused(interval("0s"), "/every", "/every is shorter than 1s");
    expect_refused(interval("999ms"), "/every", "/every is shorter than 1s");
    expect_refused(interval("9999h"), "/every", "/every is longer than 8760h");
    EXPECT_EQ(parsed(flow({{"schedule", nullptr}, {"every", "1000ms"}})).every, std::chrono::seconds(1));
}

TEST(FlowFile, WordsAreOfTheirSets) {
    expect_refused(flow({{"timezone", "Asia/Tokio"}}), "/timezone", "did you mean \"Asia/Tokyo\"?");
    expect_refused(flow({{"on_missed", "run_once"}}), "/on_missed", "did you mean \"run-once\"?");
    expect_refused(flow({{"overlap", "que"}}), "/overlap", "did you mean \"queue\"?");
}

TEST(FlowFile, StepsAreOneToAHundredWithIdsOfTheirOwn) {
    expect_refused(flow({{"steps", json::array()}}), "/steps", "must have 1 to 100 steps, not 0");
    expect_refused(flow({{"steps", nullptr}}), "/steps", "is missing");
    expect_refused(flow({{"steps", {{"id", "x"}}}}), "/steps", "must be an array, not an object");
    expect_refused(flow({{"steps", {1}}}), "/steps/0", "must be an object");
    json many = json::array();
    for (int i = 0; i < 100; ++i) many.push_back(step("s" + std::to_string(i)));
    EXPECT_EQ(parsed(flow({{"steps", many}})).steps.size(), 100u);
    many.push_back(step("last"));
    expect_refused(flow({{"steps", many}}), "/steps", "not 101");
    expect_refused(flow({{"steps", {step("a"), step("b"), step("a")}}}), "/steps/2/id", "as that of step 1");
    for (const char* id : {"log", "stop"}) {
        expect_refused(flow({{"steps", {step(id)}}}), "/steps/0/id", "must not be");
    }
}

TEST(FlowFile, MembersOfAStepAreChecked) {
    const auto with = [](const char* member, const json& value) {
        json document = flow();
        if (value.is_null()) {
            document["steps"][0].erase(member);
        } else {
            document["steps"][0][member] = value;
        }
        return document;
    };
    expect_refused(with("component", nullptr), "/steps/0/component", "is missing");
    expect_refused(with("component", ""), "/steps/0/component", "1 to 64");
    expect_refused(with("operation", 3), "/steps/0/operation", "must be a string");
    expect_refused(with("settings", ""), "/steps/0/settings", "must be the path of a file");
    expect_refused(with("settings", std::string("a\0b", 3)), "/steps/0/settings",
                   "must be the path of a file");
    expect_refused(with("settings", json::object()), "/steps/0/settings", "must be a string, not an object");
    expect_refused(with("input", "text"), "/steps/0/input", "must be an object, not a string");
    expect_refused(with("on", "alert"), "/steps/0/on", "must be an object");
}

TEST(FlowFile, ControlCharactersOfAFilesNameDoNotReachTheSentence) {
    try {
        parse_flow("/flows/\x1b[31m.json", "[]");
        FAIL() << "accepted";
    } catch (const FlowInvalid& error) {
        EXPECT_THAT(error.what(), testing::Not(HasSubstr("\x1b")));
    }
}

}  // namespace
}  // namespace wfc::flow
