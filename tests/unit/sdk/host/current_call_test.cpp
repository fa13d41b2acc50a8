#include "host/current_call.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "host/event_record.hpp"
#include "host/log_writer.hpp"

namespace wfc {
namespace {

using nlohmann::json;
using testing::EndsWith;

TEST(CurrentCall, IsThatOfItsThreadAndOfItsBlock) {
    EXPECT_EQ(CurrentCall::get(), nullptr);
    const CurrentCall outer({"outer"});
    {
        const CurrentCall inner({"inner"});
        EXPECT_EQ(CurrentCall::get()->id, "inner");
        std::thread([] { EXPECT_EQ(CurrentCall::get(), nullptr); }).join();
    }
    EXPECT_EQ(CurrentCall::get()->id, "outer");
}

TEST(CurrentCall, StandsInWhatIsLoggedDuringIt) {
    testing::internal::CaptureStderr();
    EventRecord record;
    {
        LogWriter log(LogFormat::json, 0);
        log.copy_to(record);
        log.table()->write(log.table()->ctx, 2, {"before", 6}, {"{}", 2});
        const CurrentCall call({"f/t/s\n", "f", "s"});
        log.table()->write(log.table()->ctx, 2, {"during", 6}, {R"({"n":1})", 7});
        log.progress("{}");
        std::thread([&log] {
            const CurrentCall other({"other"});
            log.event(2, "beside", "{}");
        }).join();
    }
    std::istringstream lines(testing::internal::GetCapturedStderr());
    std::vector<json> seen;
    for (std::string line; std::getline(lines, line);) seen.push_back(json::parse(line));
    ASSERT_EQ(seen.size(), 4u);
    EXPECT_EQ(seen[0].count("call_id"), 0u);
    EXPECT_EQ(seen[1]["call_id"], "f/t/s\n");
    EXPECT_EQ(seen[1]["flow"], "f");
    EXPECT_EQ(seen[1]["step"], "s");
    EXPECT_EQ(seen[1]["fields"]["n"], 1);
    EXPECT_EQ(seen[2]["call_id"], "f/t/s\n");
    EXPECT_EQ(seen[3]["call_id"], "other");
    EXPECT_EQ(seen[3].count("flow"), 0u);
    std::istringstream kept(record.logged().text());
    std::string line;
    std::getline(kept, line);
    EXPECT_EQ(json::parse(line).count("call_id"), 0u);
    std::getline(kept, line);
    EXPECT_EQ(json::parse(line)["call_id"], "f/t/s\n");
}

TEST(CurrentCall, IsShownToPeopleWithoutControlCharacters) {
    testing::internal::CaptureStderr();
    {
        LogWriter log(LogFormat::text, 0);
        const CurrentCall call({"a\x1b[31m\nb"});
        log.event(2, "peer.reply", R"({"code":250})");
    }
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                EndsWith(" info peer.reply {\"code\":250} (call a\\u001b[31m\\u000ab)\n"));
}

}  // namespace
}  // namespace wfc
