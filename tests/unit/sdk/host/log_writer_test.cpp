#include "host/log_writer.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "host/current_call.hpp"
#include "wfc/host.hpp"

namespace wfc {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

template <class Work>
std::string written(LogFormat format, std::int32_t lowest, Work work) {
    testing::internal::CaptureStderr();
    {
        LogWriter log(format, lowest);
        work(log);
    }
    return testing::internal::GetCapturedStderr();
}

TEST(LogWriter, WritesALineForPeople) {
    const std::string out = written(LogFormat::text, 2, [](LogWriter& log) {
        log.event(3, "peer.reply", R"({"code":250,"braces":"{}%v"})");
        log.event(1, "quiet", "{}");
    });
    EXPECT_THAT(out, EndsWith("Z warning peer.reply {\"code\":250,\"braces\":\"{}%v\"}\n"));
    EXPECT_THAT(out, Not(HasSubstr("quiet")));
}

TEST(LogWriter, EscapesControlCharactersOfTheComponent) {
    const std::string out =
        written(LogFormat::text, 0, [](LogWriter& log) { log.event(2, "a\x1b[31m\nb", "\x7f\xc2\x9b\xff"); });
    EXPECT_THAT(out, EndsWith("a\\u001b[31m\\u000ab \\u007f\\u009b\\xff\n"));
}

TEST(LogWriter, EmbedsFieldsAsAnObjectInJsonMode) {
    const std::string out = written(LogFormat::json, 0, [](LogWriter& log) {
        log.event(4, "peer.reply", R"({"code":250})");
        log.event(2, "odd", "not json \xff");
        log.progress(R"({"stage":"one"})");
        log.notice(3, "\x1b[1mfor people", "plain");
    });
    std::istringstream lines(out);
    std::vector<nlohmann::json> parsed;
    for (std::string line; std::getline(lines, line);) parsed.push_back(nlohmann::json::parse(line));
    ASSERT_EQ(parsed.size(), 4u);
    EXPECT_EQ(parsed[0]["level"], "error");
    EXPECT_EQ(parsed[0]["event"], "peer.reply");
    EXPECT_EQ(parsed[0]["fields"]["code"], 250);
    EXPECT_THAT(parsed[1]["fields"]["text"].get<std::string>(), HasSubstr("not json"));
    EXPECT_EQ(parsed[2]["progress"]["stage"], "one");
    EXPECT_EQ(parsed[3]["fields"]["text"], "plain");
}

TEST(LogWriter, GivesASinkWhatIsLoggedAndWritesNothing) {
    testing::internal::CaptureStderr();
    std::vector<std::string> got;
    {
        LogWriter log(2, [&](std::int32_t level, std::string_view id, std::string_view fields) {
            got.push_back(std::to_string(level) + " " + std::string(id) + " " + std::string(fields));
            if (id == "bad") throw std::runtime_error("sink");
        });
        log.event(3, "peer.reply", "no json");
        log.event(1, "quiet", "{}");
        log.progress(R"({"stage":"one"})");
        log.notice(3, "for people", "plain");
        log.event(4, "bad", "{}");
        log.end_progress();
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_THAT(got,
                testing::ElementsAre("3 peer.reply no json", R"(3 wfc.notice {"text":"plain"})", "4 bad {}"));
}

TEST(LogWriter, NamesTheCallInWhatTheHostItselfSays) {
    const auto say = [](LogWriter& log) {
        const CurrentCall within({"call-1", "flow-1", "step-1"});
        log.notice(3, "for people", "plain");
    };
    EXPECT_EQ(written(LogFormat::text, 0, say), "for people (call call-1)\n");
    const nlohmann::json said = nlohmann::json::parse(written(LogFormat::json, 0, say));
    EXPECT_EQ(said["call_id"], "call-1");
    EXPECT_EQ(said["flow"], "flow-1");
    EXPECT_EQ(said["step"], "step-1");
    EXPECT_EQ(said["fields"]["text"], "plain");
}

TEST(LogWriter, SurvivesHostileFields) {
    const std::string out = written(LogFormat::json, 0, [](LogWriter& log) {
        log.event(99, "", std::string(100000, '['));
        log.event(-5, "", std::string(1000000, 'x'));
    });
    EXPECT_LT(out.size(), 200000u);
}

TEST(LogWriter, ShowsProgressAsAShortLineWhereEverythingIsLogged) {
    const auto work = [](LogWriter& log) {
        log.progress(R"({"stage":"connect","text":"192.0.2.1","n":3})");
        log.end_progress();
    };
    EXPECT_EQ(written(LogFormat::text, 0, work), "… stage connect · text 192.0.2.1 · n 3\n");
    EXPECT_EQ(written(LogFormat::text, 3, work), "");  // a file is no terminal
}

TEST(LogWriter, AnswersEnabledByLevelThroughItsTable) {
    LogWriter log(LogFormat::text, 3);
    const Log seen(log.table());
    EXPECT_FALSE(seen.enabled(Level::info));
    EXPECT_TRUE(seen.enabled(Level::warning));
}

}  // namespace
}  // namespace wfc
