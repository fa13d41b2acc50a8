#include <cstdlib>
#include <gmock/gmock.h>
#include <pty.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace wfc::tool {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What `wfc` shows on a terminal of its own.
std::string on_terminal(const char* no_color, const char* operation = "measure") {
    int terminal = -1;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
        setenv("TERM", "xterm", 1);
        setenv("NO_COLOR", no_color, 1);
        execl(BINARY_DIR "/wfc", "wfc", "invoke", "probe", operation, "--components", PROBE_COMPONENTS,
              "--timeout", "300ms", nullptr);
        _exit(127);
    }
    std::string out;
    char buffer[512];
    for (ssize_t n; (n = read(terminal, buffer, sizeof buffer)) > 0;)
        out.append(buffer, static_cast<std::size_t>(n));
    close(terminal);
    waitpid(child, nullptr, 0);
    return out;
}

TEST(Terminal, GetsColoursAndADocumentWithIndents) {
    const std::string out = on_terminal("");
    EXPECT_THAT(out, HasSubstr("\x1b[1;31merror: \x1b[0mthe host has no such blob"));
    EXPECT_THAT(out, HasSubstr("{\r\n  \"format\": 1,\r\n"));
}

TEST(Terminal, GetsNoColoursWithNoColor) {
    const std::string out = on_terminal("1");
    EXPECT_THAT(out, HasSubstr("error: the host has no such blob"));
    EXPECT_THAT(out, Not(HasSubstr("\x1b")));
}

TEST(Terminal, ShowsProgressOnOneLineThatIsGoneAtTheEnd) {
    EXPECT_THAT(on_terminal("1", "wait"), testing::StartsWith("\r\x1b[K… waiting\r\x1b[K{\r\n"));
}

}  // namespace
}  // namespace wfc::tool
