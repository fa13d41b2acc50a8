#include "governor/window_record.hpp"

#include <gtest/gtest.h>

namespace mailsend::governor {
namespace {

WindowRecord some_record() {
    WindowRecord record;
    record.base = {1'800'000'000'000, 7'000};
    record.time_ms = 100'000'000;
    record.count(100'000'000, 3);
    record.count(100'000'500, 1);
    return record;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, text.npos) << what;
    return at == text.npos ? text : text.replace(at, what.size(), by);
}

TEST(WindowRecord, ComesBackAsItWasStored) {
    const WindowRecord record = some_record();
    const auto back = decoded(encoded(record));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->base.unix_ms, record.base.unix_ms);
    EXPECT_EQ(back->base.monotonic_ms, record.base.monotonic_ms);
    EXPECT_EQ(back->time_ms, record.time_ms);
    EXPECT_EQ(back->minute.counts(), record.minute.counts());
    EXPECT_EQ(back->day.counts(), record.day.counts());
    EXPECT_EQ(back->recipients.counts(), record.recipients.counts());
    EXPECT_EQ(back->recipients.counted(record.time_ms), 4u);
}

TEST(WindowRecord, StaysSmallHoweverMuchIsCounted) {
    WindowRecord record = some_record();
    std::uint64_t time = record.time_ms;
    for (int i = 0; i < 20'000; ++i) record.count(time += 10'007, 1'000'000'000);
    record.time_ms = time;
    EXPECT_LE(encoded(record).size(), 16u << 10);
    EXPECT_TRUE(decoded(encoded(record)));
}

TEST(WindowRecord, IsNothingWhenAnythingInItIsWrong) {
    const std::string good = encoded(some_record());
    ASSERT_TRUE(decoded(good));
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(decoded(good.substr(0, length))) << length;
    EXPECT_FALSE(decoded(replaced(good, R"("format":1)", R"("format":2)")));
    EXPECT_FALSE(decoded(replaced(good, R"("format":1)", R"("format":"1")")));
    EXPECT_FALSE(decoded(replaced(good, R"("time_ms":100000000)", R"("time_ms":-1)")));
    EXPECT_FALSE(decoded(replaced(good, R"("time_ms":100000000)", R"("time_ms":1e99)")));
    EXPECT_FALSE(decoded(replaced(good, R"("time_ms":100000000)", R"("time_ms":99999999999999999999999)")));
    EXPECT_FALSE(decoded(replaced(good, R"("time_ms":100000000)", R"("time_ms":1000)")))
        << "counts of the future";
    EXPECT_FALSE(decoded(replaced(good, R"("monotonic_ms":7000)", R"("monotonic_ms":7.5)")));
    EXPECT_FALSE(decoded(replaced(good, R"("day":[[)", R"("day":[["a",1],[)")));
    EXPECT_FALSE(decoded(replaced(good, R"("day":[[)", R"("day":[[1],[)")));
    EXPECT_FALSE(decoded(replaced(good, R"("day":[[)", R"("days":[[)")));
    EXPECT_FALSE(decoded(replaced(good, R"("day":[[)", R"("day":[[1,1e13],[)")));
    EXPECT_FALSE(decoded("[]"));
    EXPECT_FALSE(decoded("null"));
    EXPECT_FALSE(decoded(std::string(100'000, '[')));
    EXPECT_FALSE(decoded(std::string("\xff\0\x01", 3)));
}

TEST(WindowRecord, KeepsTimeOverAHundredThousandChangesOfItsBase) {
    WindowRecord record;
    Moment now{1'800'000'000'000, 5'000};
    record.base = now;
    // The clocks tick at different moments: each change may lose a millisecond, and never gains one.
    std::uint64_t micros = 0;
    for (int i = 0; i < 100'000; ++i) {
        micros += 3'300;
        now = {1'800'000'000'000 + static_cast<std::int64_t>((micros + 400) / 1'000), 5'000 + micros / 1'000};
        record.rebase(now);
    }
    EXPECT_LE(record.time_at(now), micros / 1'000);
    EXPECT_GE(record.time_at(now), micros / 1'000 * 998 / 1'000);
}

TEST(WindowRecord, StandsStillUntilItsBaseIsChangedWhenBothClocksWentBack) {
    WindowRecord record = some_record();
    const Moment earlier{1'700'000'000'000, 10};
    EXPECT_TRUE(record.stands_still(earlier));
    EXPECT_EQ(record.time_at(earlier), record.time_ms);
    record.rebase(earlier);
    EXPECT_EQ(record.time_ms, 100'000'000u);
    EXPECT_EQ(record.time_at({1'700'000'000'500, 510}), 100'000'500u);
}

}  // namespace
}  // namespace mailsend::governor
