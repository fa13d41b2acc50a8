#include "testhost/call.hpp"

#include <gmock/gmock.h>
#include <thread>

#include "wfc/author.hpp"

namespace wfc::testhost {
namespace {

using testing::ElementsAre;

std::string read_all(Source& source, std::size_t capacity = 4096) {
    std::string out, buffer(capacity, '\0');
    for (std::size_t n; (n = source.read(buffer.data(), buffer.size())) > 0;) out.append(buffer, 0, n);
    return out;
}

TEST(TestCall, CarriesWhatItWasGiven) {
    TestCall call("greet", R"({"to":"you"})");
    call.id("piece-7");
    call.deadline_ms(99);
    const Call seen(call.table());
    EXPECT_EQ(seen.id(), "piece-7");
    EXPECT_EQ(seen.operation(), "greet");
    EXPECT_EQ(seen.input(), R"({"to":"you"})");
    EXPECT_EQ(seen.deadline_ms(), 99u);
}

TEST(TestCall, IsCancelledFromAnotherThreadOrAfterSoManyPolls) {
    TestCall call("greet");
    const Call seen(call.table());
    call.cancel_after_polls(2);
    EXPECT_FALSE(seen.cancelled());
    EXPECT_FALSE(seen.cancelled());
    EXPECT_TRUE(seen.cancelled());
    EXPECT_EQ(call.polls(), 3u);
    TestCall other("greet");
    EXPECT_FALSE(Call(other.table()).cancelled());
    std::thread([&] { other.cancel(); }).join();
    EXPECT_TRUE(Call(other.table()).cancelled());
}

TEST(TestCall, ReadsBlobsInShortPiecesAndRepeats) {
    TestCall call("greet");
    Content content;
    content.bytes = "abcdefg";
    content.repeat = 3;
    content.chunk = 4;
    call.blob("b", content);
    Source source = Call(call.table()).open_blob("b");
    char into[64];
    EXPECT_EQ(source.size(), 21u);
    EXPECT_EQ(source.read(into, sizeof into), 4u);
    EXPECT_TRUE(source.rewind());
    EXPECT_EQ(read_all(source), "abcdefgabcdefgabcdefg");
    EXPECT_THAT(call.blobs_asked(), ElementsAre("b"));
}

TEST(TestCall, FailsABlobAtTheByteItWasToldTo) {
    TestCall call("greet");
    Content content;
    content.bytes = "abcdefg";
    content.fail_at = 5;
    content.rewinds = false;
    call.blob("b", content);
    Source source = Call(call.table()).open_blob("b");
    char into[64];
    EXPECT_FALSE(source.rewind());
    EXPECT_EQ(source.read(into, sizeof into), 5u);
    EXPECT_THROW((void)source.read(into, sizeof into), StreamFailed);
}

TEST(TestCall, LiesAboutSizeAndChangesContentOnRewind) {
    TestCall call("greet");
    Content content;
    content.bytes = "abc";
    content.reported_size = 99;
    content.after_rewind = "other";
    call.blob("b", content);
    Source source = Call(call.table()).open_blob("b");
    EXPECT_EQ(source.size(), 99u);
    EXPECT_EQ(read_all(source), "abc");
    EXPECT_TRUE(source.rewind());
    EXPECT_EQ(read_all(source), "other");
    Content hidden;
    hidden.size_known = false;
    call.blob("c", hidden);
    EXPECT_EQ(Call(call.table()).open_blob("c").size(), std::nullopt);
}

TEST(TestCall, AnswersAnUnknownBlobWithNotFound) {
    TestCall call("greet");
    wfc_source out{};
    EXPECT_EQ(call.table()->open_blob(call.table(), view("none"), &out), WFC_NOT_FOUND);
}

TEST(TestCall, CapturesResultProgressAndEmittedBlobs) {
    TestCall call("greet");
    std::string heard;
    call.on_progress([&](const std::string& event) { heard = event; });
    Call seen(call.table());
    seen.progress(R"({"stage":"one"})");
    const wfc_sink sink = seen.emit_blob("letter", "text/plain");
    write(sink, "dear ");
    write(sink, "you");
    seen.result(R"({"outcome":"succeeded"})");
    EXPECT_EQ(call.result(), R"({"outcome":"succeeded"})");
    EXPECT_EQ(call.result_writes(), 1u);
    EXPECT_THAT(call.progress(), ElementsAre(R"({"stage":"one"})"));
    EXPECT_EQ(heard, R"({"stage":"one"})");
    ASSERT_EQ(call.emitted().size(), 1u);
    EXPECT_EQ(call.emitted()[0].name, "letter");
    EXPECT_EQ(call.emitted()[0].media_type, "text/plain");
    EXPECT_EQ(call.emitted()[0].content, "dear you");
}

TEST(TestCall, FailsSinksAtTheByteTheyWereToldTo) {
    TestCall call("greet");
    call.result_fails_at(3);
    call.emit_fails_at(4);
    Call seen(call.table());
    const wfc_sink sink = seen.emit_blob("letter", "text/plain");
    write(sink, "1234");
    EXPECT_THROW(write(sink, "5"), StreamFailed);
    EXPECT_THROW(seen.result("1234"), StreamFailed);
    EXPECT_EQ(call.result(), "");
    call.refuse_emitting();
    EXPECT_THROW((void)seen.emit_blob("second", "text/plain"), StreamFailed);
}

TEST(TestCall, ReportsASourceClosedTwiceOrUsedAfterwards) {
    std::string said;
    {
        TestCall call("greet");
        call.on_misuse([&](const std::string& sentence) { said = sentence; });
        call.blob("b", {});
        wfc_source source{};
        ASSERT_EQ(call.table()->open_blob(call.table(), view("b"), &source), WFC_OK);
        source.close(source.ctx);
        source.close(source.ctx);
        char into[1];
        EXPECT_EQ(source.read(source.ctx, into, 1), -1);
        EXPECT_FALSE(call.sources().clean());
    }
    EXPECT_EQ(said, "of 1 sources opened 1 were closed; 1 closed again, 1 uses after the close");
}

}  // namespace
}  // namespace wfc::testhost
