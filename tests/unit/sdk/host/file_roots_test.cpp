#include "host/file_roots.hpp"

#include <cerrno>
#include <chrono>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>

#include "support/scratch.hpp"
#include "wfc/host.hpp"
#include "without_system_call.hpp"

namespace wfc {
namespace {

using test::Scratch;

/// Status, or the content in `*content`.
wfc_status open(const FileRoots& roots, const std::string& path, std::string* content = nullptr) {
    wfc_source opened{};
    const wfc_status status = roots.open(path, &opened);
    if (status != WFC_OK) return status;
    Source source(opened);
    char buffer[64];
    for (std::size_t n; (n = source.read(buffer, sizeof buffer)) > 0;) {
        if (content != nullptr) content->append(buffer, n);
    }
    return WFC_OK;
}

TEST(FileRoots, OpensARelativePathBeneathTheFirstRootThatHasIt) {
    const Scratch one, two;
    one.write("both", "first");
    two.write("both", "second");
    two.write("deep/only", "here");
    const FileRoots roots({one.path(), two.path()});
    std::string both, only;
    EXPECT_EQ(open(roots, "both", &both), WFC_OK);
    EXPECT_EQ(open(roots, "deep/only", &only), WFC_OK);
    EXPECT_EQ(both, "first");
    EXPECT_EQ(only, "here");
    EXPECT_EQ(open(roots, "neither"), WFC_NOT_FOUND);
    EXPECT_EQ(open(roots, ""), WFC_NOT_FOUND);
    EXPECT_EQ(open(roots, "both/below"), WFC_NOT_FOUND);
}

TEST(FileRoots, OpensAnAbsolutePathOnlyBeneathARoot) {
    const Scratch root, other;
    root.write("a", "A");
    other.write("b", "B");
    const FileRoots roots({root.path()});
    std::string content;
    EXPECT_EQ(open(roots, (root / "a").string(), &content), WFC_OK);
    EXPECT_EQ(content, "A");
    EXPECT_EQ(open(roots, (root / "missing").string()), WFC_NOT_FOUND);
    EXPECT_EQ(open(roots, (other / "b").string()), WFC_DENIED);
    EXPECT_EQ(open(roots, root.path().string() + "/../" + other.path().filename().string() + "/b"),
              WFC_DENIED);
    EXPECT_EQ(open(roots, root.path().string() + "x/a"), WFC_DENIED);
    EXPECT_EQ(open(roots, root.path().string()), WFC_DENIED);
}

TEST(FileRoots, FollowsLinksAndDotsInsideAndRefusesThemOutside) {
    const Scratch root, other;
    root.write("dir/a", "A");
    other.write("b", "B");
    std::filesystem::create_symlink("dir/a", root / "in");
    std::filesystem::create_symlink(other / "b", root / "out");
    std::filesystem::create_symlink("../" + other.path().filename().string(), root / "up");
    const FileRoots roots({root.path()});
    EXPECT_EQ(open(roots, "in"), WFC_OK);
    EXPECT_EQ(open(roots, "dir/../dir/a"), WFC_OK);
    EXPECT_EQ(open(roots, "out"), WFC_DENIED);
    EXPECT_EQ(open(roots, "up/b"), WFC_DENIED);
    EXPECT_EQ(open(roots, "../" + other.path().filename().string() + "/b"), WFC_DENIED);
    EXPECT_EQ(open(roots, std::string("dir/a\0x", 7)), WFC_DENIED);
}

TEST(FileRoots, DoesNotFallThroughToALaterRootWhenTheFirstOneRefuses) {
    const Scratch one, two;
    std::filesystem::create_symlink("/etc/passwd", one / "name");
    two.write("name", "fine");
    EXPECT_EQ(open(FileRoots({one.path(), two.path()}), "name"), WFC_DENIED);
}

TEST(FileRoots, RefusesAFifoWithoutWaiting) {
    const Scratch root;
    ASSERT_EQ(mkfifo((root / "fifo").c_str(), 0600), 0);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(open(FileRoots({root.path()}), "fifo"), WFC_DENIED);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(200));
}

TEST(FileRoots, RefusesDirectoriesDevicesAndWhatTheKernelPretendsToBeAFile) {
    const FileRoots roots({"/"});
    EXPECT_EQ(open(roots, "/etc"), WFC_DENIED);
    EXPECT_EQ(open(roots, "/dev/zero"), WFC_DENIED);
    EXPECT_EQ(open(roots, "/proc/self/environ"), WFC_DENIED);
    EXPECT_EQ(open(roots, "/proc/version"), WFC_DENIED);
    EXPECT_EQ(open(roots, "/dev/stdin"), WFC_DENIED);
    EXPECT_EQ(open(roots, "/etc/passwd"), WFC_OK);
}

TEST(FileRoots, TellsSizeAndRewinds) {
    const Scratch root;
    root.write("a", "abcdef");
    const FileRoots roots({root.path()});
    wfc_source opened{};
    ASSERT_EQ(roots.table()->open(roots.table()->ctx, view("a"), &opened), WFC_OK);
    Source source(opened);
    char buffer[4];
    EXPECT_EQ(source.size(), 6u);
    EXPECT_EQ(source.read(buffer, sizeof buffer), 4u);
    EXPECT_TRUE(source.rewind());
    EXPECT_EQ(source.read(buffer, 1), 1u);
    EXPECT_EQ(buffer[0], 'a');
}

TEST(FileRoots, RefusesARootThatIsNoDirectory) {
    const Scratch root;
    EXPECT_THROW(FileRoots({root / "missing"}), std::system_error);
    EXPECT_THROW(FileRoots({root.write("file", "")}), std::system_error);
}

TEST(FileRoots, SayAtOnceThatTheyCannotWorkWithoutOpenat2) {
    for (const int error : {ENOSYS, EPERM}) {
        const int answer = test::without_system_call(SYS_openat2, static_cast<unsigned>(error), [] {
            try {
                const FileRoots roots({"."});
                return 1;
            } catch (const NoFileRoots& fault) {
                return std::string_view(fault.what()).find("openat2") == std::string_view::npos ? 2 : 0;
            }
        });
        ASSERT_NE(answer, test::no_filter) << "the kernel has no seccomp filters";
        EXPECT_EQ(answer, 0) << error;
    }
}

}  // namespace
}  // namespace wfc
