#include "serve/call.hpp"

#include <gmock/gmock.h>

#include "host/component_host.hpp"
#include "pipe.hpp"
#include "serve/line_reader.hpp"
#include "support/scratch.hpp"
#include "wfc/view.hpp"

namespace wfc::serve {
namespace {

using nlohmann::json;

class ACall : public testing::Test {
  protected:
    static Invoke invoke() {
        Invoke asked{"component", "operation", R"({"in":1})"};
        return asked;
    }
    static void result(const Call& call, std::string_view text) {
        call.table().result.write(call.table().result.ctx, view(text));
    }

    const wfc::test::Scratch home;
    BlobFolder folder{home.path()};
    test::Pipe pipe;
    LineWriter out{pipe.in.get()};
};

TEST_F(ACall, IsWhatTheEngineAskedFor) {
    Invoke asked = invoke();
    asked.call = "again";
    asked.timeout = std::chrono::milliseconds(60'000);
    const std::uint64_t before = system_clock_table()->monotonic_ms(nullptr);
    Call call(7, std::move(asked), {}, folder, out);
    EXPECT_EQ(text(call.table().id), "again");
    EXPECT_EQ(text(call.table().operation), "operation");
    EXPECT_EQ(text(call.table().input), R"({"in":1})");
    EXPECT_GE(call.deadline_ms(), before + 60'000);
    EXPECT_EQ(call.table().cancelled(&call.table()), 0);
    call.cancel();
    EXPECT_EQ(call.table().cancelled(&call.table()), 1);
    const Call fresh(8, invoke(), {}, folder, out);
    EXPECT_EQ(text(fresh.table().id).size(), 32u);
    EXPECT_EQ(fresh.deadline_ms(), 0u);
}

TEST_F(ACall, SaysProgressUntilItsResultAndThatOnce) {
    Call call(7, invoke(), {"odd"}, folder, out);
    call.table().progress(&call.table(), view(R"({"stage":"one"})"));
    result(call, R"({"outcome":)");
    result(call, R"("odd"})");
    const Result done = call.finish(WFC_OK);
    EXPECT_TRUE(call.claim());
    EXPECT_FALSE(call.claim());
    call.table().progress(&call.table(), view(R"({"stage":"late"})"));
    call.say(done);
    const auto lines = test::lines_of(pipe, out);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0], json::parse(R"({"type":"progress","id":7,"event":{"stage":"one"}})"));
    EXPECT_EQ(lines[1]["port"], "odd");
}

TEST_F(ACall, WithoutADocumentBrokeItsContract) {
    Call call(7, invoke(), {}, folder, out);
    const Result done = call.finish(WFC_OK);
    EXPECT_EQ(done.status, WFC_INTERNAL);
    EXPECT_EQ(done.outcome, "unknown");
    EXPECT_EQ(json::parse(done.document)["error"]["id"], "host.contract_broken");
}

TEST_F(ACall, WhoseResultIsLongerThanALineKeepsItsOutcomeWhereThatIsKnown) {
    Call call(7, invoke(), {}, folder, out);
    result(call, R"({"outcome":"odd","text":")");
    result(call, std::string(longest_line - 30, 'x'));
    result(call, "\"}");
    const Result whole = call.finish(WFC_OK);
    EXPECT_EQ(whole.outcome, "odd");
    call.say(whole);
    const json line = test::lines_of(pipe, out).at(0);
    EXPECT_EQ(line["status"], "internal");
    EXPECT_EQ(line["outcome"], "odd");

    Call longer(8, invoke(), {}, folder, out);
    result(longer, std::string(longest_line, 'x'));
    EXPECT_EQ(longer.table().result.write(longer.table().result.ctx, view("x")), WFC_UNAVAILABLE);
    EXPECT_EQ(longer.finish(WFC_OK).outcome, "unknown");
}

TEST_F(ACall, ThatIsRefusedLeavesItsFilesToTheEngine) {
    const std::string name = folder.path().filename().string();
    home.write("blobs/" + name + "/a", "x");
    home.write("blobs/" + name + "/b", "x");
    Invoke first = invoke(), second = invoke();
    first.blobs = {{"in", "a"}};
    second.blobs = {{"in", "b"}};
    {
        Call refused(7, std::move(first), {}, folder, out);
        refused.refuse({"not-configured", "sentence"});
        Call done(8, std::move(second), {}, folder, out);
        done.say(
            Call::without(WFC_CANCELLED, "cancelled", "host.cancelled", "permanent", "never", "sentence"));
        EXPECT_FALSE(std::filesystem::exists(folder.path() / "b")) << "gone before the result is said";
    }
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "a"));
    EXPECT_EQ(test::lines_of(pipe, out).at(0)["error"]["id"], "not-configured");
}

}  // namespace
}  // namespace wfc::serve
