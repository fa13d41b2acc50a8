#include "host/event_record.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "host/log_writer.hpp"
#include "host/secret_view.hpp"
#include "wfc/host.hpp"

namespace wfc {
namespace {

using testing::HasSubstr;

TEST(KeptLines, KeepTheFirstAndTheLastOnes) {
    KeptLines lines(20);
    for (char c = 'a'; c <= 'h'; ++c) lines.add(std::string(3, c));  // four bytes each with its line feed
    EXPECT_EQ(lines.text(), "aaa\nbbb\n{\"missing\":{\"lines\":4,\"bytes\":16}}\nggg\nhhh\n");
    lines.add(std::string(100, 'x'));
    EXPECT_EQ(lines.text(), "aaa\nbbb\n{\"missing\":{\"lines\":7,\"bytes\":125}}\n");
}

TEST(KeptLines, StayWithinTheirBoundsWhenLinesGrow) {
    KeptLines lines(20);
    for (const char* line : {"aaa", "bbb", "ccc", "ddd"}) lines.add(line);
    lines.change([](const std::string& line) { return line + line; });
    EXPECT_EQ(lines.text(), "aaaaaa\n{\"missing\":{\"lines\":2,\"bytes\":8}}\ndddddd\n");
}

TEST(EventRecord, GetsEverythingWhateverIsWritten) {
    EventRecord record;
    testing::internal::CaptureStderr();
    {
        LogWriter log(LogFormat::text, 3);
        EXPECT_FALSE(log.table()->enabled(log.table()->ctx, 0));
        log.copy_to(record);
        EXPECT_TRUE(log.table()->enabled(log.table()->ctx, 0));
        const Log component(log.table());
        component.write(Level::trace, "a.trace", R"({"line":"x"})");
        component.write(Level::error, "an.error", "{}");
        log.event(4, "prompt.code", "{}");  // the host's own, for the person who is there
        log.progress(R"({"stage":"one"})");
    }
    const std::string shown = testing::internal::GetCapturedStderr();
    EXPECT_THAT(shown, testing::Not(HasSubstr("a.trace")));
    EXPECT_THAT(shown, HasSubstr("an.error"));
    const std::string lines = record.logged().text();
    const auto first = nlohmann::json::parse(lines.substr(0, lines.find('\n')));
    EXPECT_EQ(first["event"], "a.trace");
    EXPECT_EQ(first["level"], "trace");
    EXPECT_EQ(first["fields"]["line"], "x");
    EXPECT_THAT(lines, HasSubstr("an.error"));
    EXPECT_THAT(lines, testing::Not(HasSubstr("prompt.code")));
    EXPECT_EQ(nlohmann::json::parse(record.progressed().text())["progress"]["stage"], "one");
}

TEST(EventRecord, IsBounded) {
    EventRecord record;
    for (char c = 'a'; c <= 'j'; ++c) {
        record.log(std::string(1'000'000, c));
        record.progress(std::string(200'000, c));
    }
    for (const auto& [text, most] : {std::pair(record.logged().text(), EventRecord::most_log),
                                     std::pair(record.progressed().text(), EventRecord::most_progress)}) {
        EXPECT_LE(text.size(), most + 100);
        EXPECT_EQ(text.front(), 'a');
        EXPECT_EQ(text[text.size() - 2], 'j');
        EXPECT_THAT(text, HasSubstr("missing"));
    }
}

TEST(SecretView, KeepsValuesThatPassedWhenAskedTo) {
    SecretStore store;
    store.keep("a", SecretString("A"));
    store.keep("b", SecretString("B"));
    SecretView view(store, {"a", "b"});
    const wfc_secrets* table = view.table();
    const auto get = [&](const char* name) {
        const wfc_sink nowhere = {nullptr, [](void*, wfc_view) noexcept -> wfc_status { return WFC_OK; }};
        return table->get(table->ctx, {name, 1}, nowhere);
    };
    const auto passed = [&] {
        std::string out;
        view.passed([&](std::string_view value) { out += value; });
        return out;
    };
    EXPECT_EQ(get("a"), WFC_OK);
    EXPECT_EQ(passed(), "");
    view.keep_values();
    EXPECT_EQ(get("b"), WFC_OK);
    EXPECT_EQ(get("b"), WFC_OK);
    table->put(table->ctx, {"a", 1}, {"C", 1});  // kept even if the store cannot take it
    EXPECT_EQ(passed(), "BC");
}

}  // namespace
}  // namespace wfc
