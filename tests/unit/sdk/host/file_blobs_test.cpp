#include "host/file_blobs.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support/scratch.hpp"
#include "wfc/stream.hpp"

namespace wfc {
namespace {

using test::Scratch;
using testing::ElementsAre;
using testing::IsEmpty;

wfc_sink emit(FileBlobs& blobs, const char* name) {
    wfc_sink sink{};
    EXPECT_EQ(blobs.emit(name, &sink), WFC_OK);
    return sink;
}

TEST(FileBlobs, ReadsASourceAsOftenAsItIsOpened) {
    const Scratch scratch;
    FileBlobs blobs;
    blobs.source("a", scratch.write("a.txt", "abc"));
    for (int i = 0; i < 2; ++i) {
        wfc_source opened{};
        ASSERT_EQ(blobs.open("a", &opened), WFC_OK);
        Source source(opened);
        char buffer[8];
        EXPECT_EQ(source.size(), 3u);
        EXPECT_EQ(source.read(buffer, sizeof buffer), 3u);
    }
    wfc_source none{};
    EXPECT_EQ(blobs.open("b", &none), WFC_NOT_FOUND);
}

TEST(FileBlobs, RefusesASourceThatIsNoReadableRegularFile) {
    const Scratch scratch;
    FileBlobs blobs;
    ASSERT_EQ(mkfifo((scratch / "fifo").c_str(), 0600), 0);
    EXPECT_THROW(blobs.source("a", scratch / "missing"), FileUnusable);
    EXPECT_THROW(blobs.source("a", scratch / "fifo"), FileUnusable);
    EXPECT_THROW(blobs.source("a", "/dev/zero"), FileUnusable);
    EXPECT_THROW(blobs.source("a", scratch.path()), FileUnusable);
}

TEST(FileBlobs, GivesASavedBlobItsNameOnlyAtCommit) {
    const Scratch scratch;
    FileBlobs blobs;
    blobs.save("out", scratch / "out.bin");
    const wfc_sink sink = emit(blobs, "out");
    write(sink, "first ");
    write(sink, "second");
    EXPECT_FALSE(std::filesystem::exists(scratch / "out.bin"));
    EXPECT_THAT(blobs.commit(), IsEmpty());
    EXPECT_EQ(Scratch::read(scratch / "out.bin"), "first second");
    EXPECT_EQ(scratch.entries(), 1u);
}

TEST(FileBlobs, LeavesNothingAndKeepsTheOldFileWithoutCommit) {
    const Scratch scratch;
    scratch.write("out.bin", "old");
    {
        FileBlobs blobs;
        blobs.save("out", scratch / "out.bin");
        write(emit(blobs, "out"), "new");
    }
    EXPECT_EQ(Scratch::read(scratch / "out.bin"), "old");
    EXPECT_EQ(scratch.entries(), 1u);
}

TEST(FileBlobs, FailsWritesAfterDiscard) {
    const Scratch scratch;
    FileBlobs blobs;
    blobs.save("out", scratch / "out.bin");
    const wfc_sink sink = emit(blobs, "out");
    blobs.discard();
    wfc_sink again{};
    EXPECT_EQ(blobs.emit("out", &again), WFC_UNAVAILABLE);
    EXPECT_EQ(scratch.entries(), 0u);
    EXPECT_EQ(sink.write(sink.ctx, view("x")), WFC_UNAVAILABLE);
}

TEST(FileBlobs, TakesAndForgetsABlobThatNobodyWants) {
    FileBlobs blobs;
    write(emit(blobs, "other"), "bytes");
    EXPECT_THAT(blobs.commit(), IsEmpty());
}

TEST(FileBlobs, NamesWhatWasNeverEmittedAndRefusesASecondOneOfAName) {
    const Scratch scratch;
    FileBlobs blobs;
    blobs.save("never", scratch / "n");
    blobs.save("twice", scratch / "t");
    emit(blobs, "twice");
    wfc_sink again{};
    EXPECT_EQ(blobs.emit("twice", &again), WFC_CONFLICT);
    EXPECT_THAT(blobs.commit(), ElementsAre("never"));
}

TEST(FileBlobs, RefusesATargetThatCannotBeWrittenBeforeTheCallStarts) {
    const Scratch scratch;
    FileBlobs blobs;
    EXPECT_THROW(blobs.save("out", scratch / "missing/out"), FileUnusable);
    EXPECT_THROW(blobs.save("out", scratch.path()), FileUnusable);
    EXPECT_THROW(blobs.save("out", scratch.path().string() + "/"), FileUnusable);
}

}  // namespace
}  // namespace wfc
