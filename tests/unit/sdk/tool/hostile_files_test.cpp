#include <cerrno>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "run_wfc.hpp"
#include "unit/sdk/host/without_system_call.hpp"
#include "wfc/component.h"

namespace wfc::tool {
namespace {

using test::Scratch;

nlohmann::json open(const Scratch& root, const std::string& path) {
    return test::probe("file", nlohmann::json{{"path", path}}.dump(), {"--root", root.path().string()})
        .document();
}

TEST(HostileFiles, AreRefusedWhileRegularOnesOpen) {
    const Scratch root, other;
    root.write("fine", "1234");
    other.write("outside", "x");
    ASSERT_EQ(mkfifo((root / "fifo").c_str(), 0600), 0);
    std::filesystem::create_symlink(other / "outside", root / "link");
    std::filesystem::create_symlink("/dev/zero", root / "device");
    EXPECT_EQ(open(root, "fine")["size"], 4);
    EXPECT_EQ(open(root, (root / "fine").string())["size"], 4);
    EXPECT_EQ(open(root, "missing")["status"], WFC_NOT_FOUND);
    for (const std::string path :
         {"fifo", "link", "device", "/dev/zero", "/proc/self/environ", "../x", "/etc/passwd"}) {
        const nlohmann::json answer = open(root, path);
        EXPECT_EQ(answer["status"], WFC_DENIED) << path << answer;
    }
}

TEST(HostileFiles, AreNotOpenedAtAllWhereTheKernelCannotKeepThemBeneathARoot) {
    EXPECT_EQ(
        test::without_system_call(SYS_openat2, ENOSYS,
                                  [] {
                                      const test::Ended ended = test::probe("echo");
                                      return ended.err.find("openat2") == std::string::npos ? 1 : ended.code;
                                  }),
        66);
}

}  // namespace
}  // namespace wfc::tool
