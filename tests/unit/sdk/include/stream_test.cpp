#include "wfc/stream.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <string>

namespace {

/// A source over a string that gives at most `step` bytes a read and counts its closes.
struct Bytes {
    std::string content;
    std::size_t step = 1;
    std::size_t at = 0;
    int closed = 0;
    std::int64_t misbehave = 0;  // returned by read, when not 0

    wfc_source open() {
        return {this,
                [](void* ctx, void* into, std::size_t capacity) noexcept -> std::int64_t {
                    Bytes& self = *static_cast<Bytes*>(ctx);
                    if (self.misbehave != 0) return self.misbehave;
                    const std::size_t n = std::min({self.step, capacity, self.content.size() - self.at});
                    std::memcpy(into, self.content.data() + self.at, n);
                    self.at += n;
                    return static_cast<std::int64_t>(n);
                },
                [](void* ctx) noexcept -> std::int64_t {
                    Bytes& self = *static_cast<Bytes*>(ctx);
                    return self.content.empty() ? -1 : static_cast<std::int64_t>(self.content.size());
                },
                [](void* ctx) noexcept -> wfc_status {
                    static_cast<Bytes*>(ctx)->at = 0;
                    return static_cast<Bytes*>(ctx)->content.empty() ? WFC_UNSUPPORTED : WFC_OK;
                },
                [](void* ctx) noexcept { ++static_cast<Bytes*>(ctx)->closed; }};
    }
};

std::string drain(wfc::Source& source) {
    std::string out;
    char block[16];
    while (const std::size_t n = source.read(block, sizeof block)) out.append(block, n);
    return out;
}

TEST(Source, ReadsToTheEndThroughShortReads) {
    for (const std::size_t step : {1u, 7u, 4093u}) {
        Bytes bytes{"a text that is longer than one block", step};
        wfc::Source source(bytes.open());
        EXPECT_EQ(drain(source), bytes.content);
        EXPECT_EQ(source.size(), bytes.content.size());
        EXPECT_TRUE(source.rewind());
        EXPECT_EQ(drain(source), bytes.content);
    }
}

TEST(Source, IsClosedExactlyOnce) {
    Bytes bytes{"x"};
    {
        wfc::Source source(bytes.open());
        wfc::Source moved(std::move(source));
        wfc::Source assigned;
        EXPECT_FALSE(assigned);
        assigned = std::move(moved);
        EXPECT_TRUE(assigned);
        assigned.close();
        assigned.close();
        EXPECT_EQ(bytes.closed, 1);
    }
    EXPECT_EQ(bytes.closed, 1);
}

TEST(Source, AssigningOverAnOpenOneClosesIt) {
    Bytes first{"x"};
    Bytes second{"y"};
    wfc::Source source(first.open());
    source = wfc::Source(second.open());
    EXPECT_EQ(first.closed, 1);
    EXPECT_EQ(second.closed, 0);
}

TEST(Source, ThrowsWhenTheHostFailsOrClaimsMoreThanItWasGivenRoomFor) {
    for (const std::int64_t answer : {std::int64_t{-1}, INT64_MIN, std::int64_t{17}, INT64_MAX}) {
        Bytes bytes{"x"};
        bytes.misbehave = answer;
        wfc::Source source(bytes.open());
        char block[16];
        EXPECT_THROW(source.read(block, sizeof block), wfc::StreamFailed);
    }
}

TEST(Source, SaysWhenItKnowsNoSizeOrCannotRewind) {
    Bytes bytes{""};
    wfc::Source source(bytes.open());
    EXPECT_EQ(source.size(), std::nullopt);
    EXPECT_FALSE(source.rewind());
}

TEST(Sink, ThrowsWithTheStatusOfTheOneThatRefused) {
    const wfc_sink full{nullptr, [](void*, wfc_view) noexcept -> wfc_status { return WFC_UNAVAILABLE; }};
    try {
        wfc::write(full, "x");
        FAIL();
    } catch (const wfc::StreamFailed& failure) {
        EXPECT_EQ(failure.status(), WFC_UNAVAILABLE);
    }
}

TEST(Sink, AppendsToWhatTheReceiverOwns) {
    std::string out = "a";
    wfc::write(wfc::append_to(out), "bc");
    EXPECT_EQ(out, "abc");
}

TEST(Sink, ReportsWhenTheReceiverIsOutOfMemory) {
    struct Full {
        void append(const char*, std::size_t) { throw std::bad_alloc(); }
    } full;
    EXPECT_THROW(wfc::write(wfc::append_to(full), "x"), wfc::StreamFailed);
}

TEST(View, ANullViewIsTheEmptyString) {
    EXPECT_EQ(wfc::text({nullptr, 0}), "");
    EXPECT_EQ(wfc::text({nullptr, 7}), "");
    EXPECT_EQ(wfc::text(wfc::view("abc")), "abc");
}

}  // namespace
