#include "governor/window.hpp"

#include <gtest/gtest.h>
#include <random>

namespace mailsend::governor {
namespace {

TEST(Window, LetsAsManyInAsTheLimitAndThenSaysWhenTheNextFits) {
    Window minute(60'000);
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(minute.wait_ms(100, 1, 30), 0u);
        minute.count(100, 1);
    }
    EXPECT_EQ(minute.counted(100), 30u);
    // The slice of 0.6 s in which they went ends first.
    EXPECT_EQ(minute.wait_ms(100, 1, 30), 60'500u);
    EXPECT_EQ(minute.wait_ms(60'599, 1, 30), 1u);
    EXPECT_EQ(minute.wait_ms(60'600, 1, 30), 0u);
}

TEST(Window, WaitsForAsManySlicesAsTheAmountNeeds) {
    Window day(86'400'000);
    day.count(0, 40);
    day.count(10'000'000, 60);
    EXPECT_EQ(day.wait_ms(20'000'000, 1, 100), 86'400'000u + 864'000u - 20'000'000u);
    const auto later = day.wait_ms(20'000'000, 41, 100);
    EXPECT_EQ(later, 86'400'000u + 12u * 864'000u - 20'000'000u);
    EXPECT_EQ(day.wait_ms(20'000'000 + *later, 41, 100), 0u);
}

TEST(Window, NeverFitsWhatIsLargerThanTheLimit) {
    EXPECT_EQ(Window(60'000).wait_ms(0, 31, 30), std::nullopt);
}

TEST(Window, MovesACountToTheSliceOfTheEnd) {
    Window minute(60'000);
    minute.count(0, 2);
    minute.move(0, 5'000, 1);
    EXPECT_EQ(minute.counts(), (Window::Counts{{0, 1}, {8, 1}}));
    minute.move(0, 599, 1);
    EXPECT_EQ(minute.counts(), (Window::Counts{{0, 1}, {8, 1}})) << "the same slice";
    minute.move(5'000, 0, 1);
    EXPECT_EQ(minute.counts(), (Window::Counts{{0, 1}, {8, 1}})) << "never to an earlier one";
}

TEST(Window, CountsWhatItHadForgottenWhenThatEnds) {
    Window minute(60'000);
    minute.count(0, 1);
    minute.forget(200'000);
    EXPECT_TRUE(minute.counts().empty());
    minute.move(0, 200'000, 1);
    EXPECT_EQ(minute.counted(200'000), 1u);
}

TEST(Window, RestoresOnlyWhatItCouldHaveStored) {
    Window minute(60'000);
    EXPECT_TRUE(minute.restore({{3, 1}, {4, 2}}, 10'000));
    EXPECT_EQ(minute.counted(10'000), 3u);
    EXPECT_FALSE(minute.restore({{4, 1}, {3, 1}}, 10'000));
    EXPECT_FALSE(minute.restore({{3, 1}, {3, 1}}, 10'000));
    EXPECT_FALSE(minute.restore({{3, 0}}, 10'000));
    EXPECT_FALSE(minute.restore({{3, Window::most + 1}}, 10'000));
    EXPECT_FALSE(minute.restore({{1'000, 1}}, 10'000)) << "in the future";
    Window::Counts many;
    for (std::uint64_t i = 0; i <= Window::most_slices; ++i) many.push_back({i, 1});
    EXPECT_FALSE(minute.restore(many, 10'000'000));
    EXPECT_EQ(minute.counts(), (Window::Counts{{3, 1}, {4, 2}})) << "a refusal changes nothing";
}

/// Whatever arrives when: no window of the length holds more than the limit, wherever it begins.
TEST(Window, NeverHoldsMoreThanTheLimitWhereverItBegins) {
    for (unsigned seed = 1; seed <= 50; ++seed) {
        std::mt19937 random(seed);
        const std::uint64_t limit = 1 + random() % 40;
        Window minute(60'000);
        std::vector<std::uint64_t> taken;
        std::uint64_t now = random() % 100'000;
        for (int i = 0; i < 2'000; ++i) {
            now += random() % (1 + random() % 4'000);
            minute.forget(now);
            if (minute.wait_ms(now, 1, limit) != 0u) continue;
            minute.count(now, 1);
            taken.push_back(now);
        }
        for (std::size_t i = limit; i < taken.size(); ++i)
            ASSERT_GE(taken[i] - taken[i - limit], 60'000u) << "seed " << seed;
        ASSERT_LE(minute.counts().size(), 101u);
    }
}

}  // namespace
}  // namespace mailsend::governor
