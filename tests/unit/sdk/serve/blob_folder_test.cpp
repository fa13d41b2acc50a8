#include "serve/blob_folder.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/call_blobs.hpp"
#include "serve/request.hpp"
#include "support/scratch.hpp"

namespace wfc::serve {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;

class Folder : public testing::Test {
  protected:
    void write(const std::string& name, std::string_view content) const {
        home.write("blobs/" + folder.path().filename().string() + "/" + name, content);
    }
    bool there(const std::string& name) const { return std::filesystem::exists(folder.path() / name); }
    std::size_t folders() const {
        const std::filesystem::directory_iterator all(home / "blobs");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    const wfc::test::Scratch home;
    BlobFolder folder{home.path()};
};

TEST_F(Folder, IsClosedToOthers) {
    struct stat facts {};
    ASSERT_EQ(stat(folder.path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777u, 0700u);
}

TEST_F(Folder, OpensRegularFilesByTheirBareNamesAlone) {
    write("here", "x");
    EXPECT_TRUE(folder.open("here"));
    std::filesystem::create_symlink(folder.path() / "here", folder.path() / "link");
    ASSERT_EQ(mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
    std::filesystem::create_directory(folder.path() / "folder");
    write(".hidden", "x");
    for (const char* name :
         {"", ".", "..", "../x", "/etc/hostname", ".hidden", "missing", "link", "fifo", "folder"}) {
        BlobFolder::Fault fault;
        EXPECT_FALSE(folder.open(name, &fault)) << name;
        EXPECT_NE(fault.sentence, "") << name;
        EXPECT_FALSE(fault.passing) << name;
    }
}

/// No descriptor is to be had while it lives.
class OutOfDescriptors {
  public:
    OutOfDescriptors() {
        getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit none{0, before_.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
    }
    ~OutOfDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
    OutOfDescriptors(const OutOfDescriptors&) = delete;
    OutOfDescriptors& operator=(const OutOfDescriptors&) = delete;

  private:
    rlimit before_{};
};

TEST_F(Folder, SaysWhenTheFaultIsNotTheFiles) {
    const auto error = [&](const std::string& file) -> std::string {
        try {
            folder.take({file});
        } catch (const Refusal& refusal) {
            return refusal.error();
        }
        return "none";
    };
    write("here", "x");
    EXPECT_EQ(error("missing"), "blob");
    {
        const OutOfDescriptors now;
        EXPECT_EQ(error("here"), "busy");
    }
    EXPECT_EQ(error("here"), "none");
}

TEST_F(Folder, GivesAFileToOneCall) {
    write("a", "x");
    write("b", "x");
    folder.take({"a"});
    EXPECT_THROW(folder.take({"b", "a"}), Refusal);
    EXPECT_THROW(folder.take({"b", "missing"}), Refusal);
    folder.take({"b"});
    folder.give_back({"b"}, false);
    EXPECT_TRUE(there("b"));
    folder.give_back({"a"}, true);
    EXPECT_FALSE(there("a"));
}

TEST_F(Folder, KeepsResultsUntilTheyAreReleasedOrOld) {
    write("one", "x");
    write("two", "x");
    folder.keep(1, {"one"});
    folder.keep(2, {"two"});
    folder.release(1);
    folder.release(1);
    EXPECT_FALSE(there("one"));
    folder.expire(steady_clock::now() + BlobFolder::kept_for - std::chrono::minutes(1));
    EXPECT_TRUE(there("two"));
    folder.expire(steady_clock::now() + BlobFolder::kept_for + std::chrono::minutes(1));
    EXPECT_FALSE(there("two"));
}

TEST_F(Folder, RemovesThoseOfProcessesThatAreNoMore) {
    home.write("blobs/0123/left", "x");
    std::filesystem::create_symlink(home.path(), home / "blobs/link");
    {
        const BlobFolder other(home.path());
        EXPECT_FALSE(std::filesystem::exists(home / "blobs/0123"));
        EXPECT_TRUE(std::filesystem::exists(folder.path())) << "this one lives";
        EXPECT_NE(other.path(), folder.path());
    }
    EXPECT_EQ(folders(), 2u) << "the link is nobody's folder";
    EXPECT_TRUE(std::filesystem::exists(home.path()));
}

TEST_F(Folder, CannotBeMadeWhereAFileIsInTheWay) {
    const wfc::test::Scratch other;
    other.write("blobs", "x");
    EXPECT_THROW(BlobFolder{other.path()}, std::system_error);
}

class Blobs : public Folder {
  protected:
    static wfc_view view(std::string_view text) { return {text.data(), text.size()}; }
};

TEST_F(Blobs, OfACallAreOpenedAsOftenAsItLikes) {
    write("file", "content");
    CallBlobs blobs(folder, {{"in", "file"}}, {});
    for (int i = 0; i < 2; ++i) {
        wfc_source source{};
        ASSERT_EQ(blobs.open("in", &source), WFC_OK);
        char text[16];
        EXPECT_EQ(source.read(source.ctx, text, sizeof text), 7);
        source.close(source.ctx);
    }
    wfc_source none{};
    EXPECT_EQ(blobs.open("file", &none), WFC_NOT_FOUND);
    blobs.give_back(true);
    EXPECT_FALSE(there("file"));
}

TEST_F(Blobs, ThatAreSavedStandThereWhenTheCallWentWell) {
    std::string file;
    {
        CallBlobs blobs(folder, {}, {"out", "never"});
        wfc_sink sink{}, again{}, other{};
        ASSERT_EQ(blobs.emit("out", &sink), WFC_OK);
        EXPECT_EQ(blobs.emit("out", &again), WFC_CONFLICT);
        ASSERT_EQ(blobs.emit("other", &other), WFC_OK);
        EXPECT_EQ(sink.write(sink.ctx, view("content")), WFC_OK);
        EXPECT_EQ(other.write(other.ctx, view("thrown away")), WFC_OK);
        const auto kept = blobs.keep(7);
        ASSERT_EQ(kept.size(), 1u);
        EXPECT_EQ(kept.at("out").bytes, 7u);
        file = kept.at("out").file;
    }
    EXPECT_EQ(wfc::test::Scratch::read(folder.path() / file), "content");
    folder.release(7);
    EXPECT_FALSE(there(file));
}

TEST_F(Blobs, ThatAreSavedAreGoneWhenItDidNot) {
    {
        CallBlobs blobs(folder, {}, {"out"});
        wfc_sink sink{};
        ASSERT_EQ(blobs.emit("out", &sink), WFC_OK);
        EXPECT_EQ(sink.write(sink.ctx, view("content")), WFC_OK);
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace wfc::serve
