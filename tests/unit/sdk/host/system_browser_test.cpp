#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <thread>

#include "host/loopback_listener.hpp"
#include "host/prompt_service.hpp"
#include "support/scratch.hpp"
#include "variable.hpp"

namespace wfc {
namespace {

constexpr const char* url = "https://login.example.test/authorize?a=b&c=$(id)";

/// No browser but those of the test.
struct Desktop {
    test::Scratch scratch{};
    test::Variable browser{"BROWSER", std::nullopt};
    test::Variable display{"DISPLAY", std::nullopt};
    test::Variable wayland{"WAYLAND_DISPLAY", std::nullopt};

    /// A program that notes how it was started, in the file `name`.noted.
    std::string program(const std::string& name) const {
        const std::string path = scratch.write(name, R"sh(#!/bin/sh
exec >"$0.noting"
echo "$#:$1"
echo "ours: $(env | grep -c '^WFC_')"
echo "streams: $(readlink /proc/$$/fd/0) $(readlink /proc/$$/fd/2)"
echo "inherited: $(readlink /proc/$$/fd/* | grep -c marker)"
[ "$(cut -d' ' -f6 /proc/$$/stat)" = $$ ] && echo "session: its own"
grep -E '^Sig(Blk|Ign):' /proc/self/status
mv "$0.noting" "$0.noted"
)sh");
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path;
    }
    std::string noted(const std::string& name) const {
        const auto path = scratch / (name + ".noted");
        for (int i = 0; i < 3000 && !std::filesystem::exists(path); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return test::Scratch::read(path);
    }
};

TEST(SystemBrowser, IsGivenTheAddressAndNothingOfOurs) {
    const Desktop desktop;
    const test::Variable chosen("BROWSER", desktop.program("browser"));
    const test::Variable secret("WFC_SECRET_A", "hidden");
    const Descriptor left_open(::open(desktop.scratch.write("marker", "").c_str(), O_RDONLY));
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    sigset_t pipe, mask;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &mask);
    const bool opened = open_system_browser(url);
    pthread_sigmask(SIG_SETMASK, &mask, nullptr);
    (void)std::signal(SIGPIPE, before);
    ASSERT_TRUE(opened);
    EXPECT_EQ(desktop.noted("browser"), std::string("1:") + url +
                                            "\nours: 0\nstreams: /dev/null /dev/null\ninherited: 0\n"
                                            "session: its own\nSigBlk:\t0000000000000000\n"
                                            "SigIgn:\t0000000000000000\n");
}

TEST(SystemBrowser, IsTheFirstOfTheListThatWorks) {
    const Desktop desktop;
    const std::string good = desktop.program("good");
    const std::string text = desktop.scratch.write("text", "not a program");
    const std::string broken = desktop.scratch.write("broken", "#!/nowhere/at/all\n");
    std::filesystem::permissions(broken, std::filesystem::perms::owner_all);
    const test::Variable chosen("BROWSER", "/nowhere/browser::" + text + ":" + broken + ":" + good);
    ASSERT_TRUE(open_system_browser(url));
    EXPECT_THAT(desktop.noted("good"), testing::HasSubstr(url));
}

TEST(SystemBrowser, IsLookedForInThePath) {
    const Desktop desktop;
    desktop.program("xdg-open");
    const test::Variable path("PATH",
                              "/nowhere:" + desktop.scratch.path().string() + ":" + std::getenv("PATH"));
    const test::Variable display("DISPLAY", ":7");
    ASSERT_TRUE(open_system_browser(url));
    EXPECT_THAT(desktop.noted("xdg-open"), testing::HasSubstr(url));
}

TEST(SystemBrowser, IsNotThereWithoutADisplay) {
    const Desktop desktop;
    desktop.program("xdg-open");
    const test::Variable path("PATH", desktop.scratch.path().string());
    EXPECT_FALSE(open_system_browser(url));
    const test::Variable none("BROWSER", "/nowhere/browser");
    EXPECT_FALSE(open_system_browser(url));
}

TEST(SystemBrowser, OpensNothingButTheWeb) {
    const Desktop desktop;
    const test::Variable chosen("BROWSER", desktop.program("browser"));
    for (const char* other :
         {"file:///etc/passwd", "--help", "http://login.example.test/", "https://a/ b", ""}) {
        EXPECT_FALSE(open_system_browser(other)) << other;
    }
}

TEST(SystemBrowser, LeavesNoChildBehind) {
    const Desktop desktop;
    const test::Variable chosen("BROWSER", desktop.program("browser"));
    ASSERT_TRUE(open_system_browser(url));
    EXPECT_NE(desktop.noted("browser"), "");
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "neither running nor dead";
}

}  // namespace
}  // namespace wfc
