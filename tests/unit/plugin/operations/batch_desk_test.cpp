#include "operations/batch_desk.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace mailsend {
namespace {

BatchLine line(std::uint64_t number, std::string text = "x") {
    return {number, std::move(text), false, 2};
}

RowResult result(std::uint64_t number) {
    return {number, 2, RowFate::accepted};
}

TEST(DeskOfABatch, HasRoomForSoManyRowsAndSoManyOctets) {
    BatchDesk desk;
    for (std::size_t i = 0; i < BatchDesk::most_rows; ++i) {
        EXPECT_TRUE(desk.room());
        desk.put(line(i + 1));
    }
    EXPECT_FALSE(desk.room());
    desk.trust();
    EXPECT_EQ(desk.take()->number, 1u);
    EXPECT_TRUE(desk.room());

    BatchDesk heavy;
    heavy.put(line(1, std::string(BatchDesk::most_octets, 'x')));
    EXPECT_FALSE(heavy.room());
    heavy.take();
    EXPECT_TRUE(heavy.room());
}

TEST(DeskOfABatch, CountsARowUntilItsResultIsTaken) {
    BatchDesk desk;
    desk.put(line(1));
    desk.put(line(2));
    desk.take();
    EXPECT_EQ(desk.under_way(), 2u);
    desk.done(result(1));
    EXPECT_EQ(desk.under_way(), 2u);
    EXPECT_EQ(desk.results(0).size(), 1u);
    EXPECT_EQ(desk.under_way(), 1u);
}

TEST(DeskOfABatch, SendsWorkersHomeWhenNoMoreComesAndNoneIsLeft) {
    BatchDesk desk;
    desk.put(line(1));
    desk.close();
    EXPECT_EQ(desk.take()->number, 1u);
    EXPECT_FALSE(desk.take());
}

TEST(DeskOfABatch, GivesOneRowAtATimeUntilTheServerIsTrusted) {
    BatchDesk desk;
    desk.put(line(1));
    desk.put(line(2));
    desk.put(line(3));
    EXPECT_EQ(desk.take()->number, 1u);
    std::atomic<bool> second{false};
    std::thread worker([&] { second = desk.take()->number == 2; });
    desk.done(result(1));
    EXPECT_EQ(desk.results(0).size(), 1u);
    EXPECT_FALSE(second) << "nobody has judged the first one yet";
    desk.judged(1);
    worker.join();
    EXPECT_TRUE(second);
    desk.trust();
    EXPECT_EQ(desk.take()->number, 3u);
}

TEST(DeskOfABatch, DropsWhatWaitsWhenItStops) {
    BatchDesk desk;
    desk.put(line(1));
    desk.put(line(2));
    desk.put(line(3));
    desk.take();
    EXPECT_EQ(desk.stop(false), 2u);
    EXPECT_FALSE(desk.take());
    EXPECT_FALSE(desk.stopped());
    EXPECT_EQ(desk.under_way(), 1u);
    EXPECT_EQ(desk.stop(true), 0u);
    EXPECT_TRUE(desk.stopped());
}

TEST(DeskOfABatch, HasBlobsOpenedOnTheThreadThatMay) {
    BatchDesk desk;
    wfc_source opened{};
    wfc_status status = WFC_INTERNAL;
    std::thread worker([&] { status = desk.ask_for_blob(wfc::view("chart"), &opened); });
    const std::thread::id here = std::this_thread::get_id();
    std::thread::id opener{};
    while (opener == std::thread::id{}) {
        desk.results(100);
        desk.open_blobs([&](wfc_view name, wfc_source* out) {
            EXPECT_EQ(wfc::text(name), "chart");
            EXPECT_EQ(out, &opened);
            opener = std::this_thread::get_id();
            return WFC_NOT_FOUND;
        });
    }
    worker.join();
    EXPECT_EQ(opener, here);
    EXPECT_EQ(status, WFC_NOT_FOUND);
}

TEST(DeskOfABatch, LeavesNobodyWaitingForABlobWhenItStops) {
    BatchDesk desk;
    wfc_source opened{};
    wfc_status status = WFC_OK;
    std::thread worker([&] { status = desk.ask_for_blob(wfc::view("chart"), &opened); });
    desk.stop(true);
    worker.join();
    EXPECT_EQ(status, WFC_CANCELLED);
}

}  // namespace
}  // namespace mailsend
