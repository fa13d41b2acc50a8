#include <gtest/gtest.h>
#include <sys/stat.h>

#include "run_wfc.hpp"
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

}  // namespace
}  // namespace wfc::tool
