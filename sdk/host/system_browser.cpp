#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "host/loopback_listener.hpp"
#include "host/prompt_service.hpp"
#include "host/web_address.hpp"

namespace wfc {

namespace {

std::string_view variable(const char* name) noexcept {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::vector<std::string> parts(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const std::string_view part = list.substr(0, list.find(':'));
        list.remove_prefix(std::min(list.size(), part.size() + 1));
        if (!part.empty()) out.emplace_back(part);
    }
    return out;
}

/// Where `program` is: itself if it is a path, else the first in PATH that may be executed; empty: nowhere.
std::string whereabouts(const std::string& program) {
    if (program.find('/') != std::string::npos)
        return access(program.c_str(), X_OK) == 0 ? program : std::string();
    for (const std::string& folder : parts(variable("PATH"))) {
        std::string path = folder + "/" + program;
        if (access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

/// The environment without what is this host's alone: secrets may be in WFC_SECRET_….
std::vector<char*> environment() {
    std::vector<char*> out;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
        if (!std::string_view(*each).starts_with("WFC_")) out.push_back(*each);
    }
    out.push_back(nullptr);
    return out;
}

/// In a child that shares nothing but memory it may only read: calls that are safe in a signal handler alone.
[[noreturn]] void become(const char* path, char* const* arguments, char* const* variables,
                         int report) noexcept {
    setsid();  // Ctrl-C at our terminal is not for the browser
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) sigaction(number, &standard, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nowhere = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) dup2(nowhere, fd);
    // All others close at exec; `report` is among them, and tells the parent so.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    execve(path, arguments, variables);
    const char failed = 1;
    const ssize_t told = write(report, &failed, 1);
    _exit(told == 1 ? 127 : 126);
}

/// Starts it as nobody's child, so that nobody has to wait for its end. True when it runs.
bool start(const std::string& path, std::string program, std::string url) {
    char* const arguments[] = {program.data(), url.data(), nullptr};
    const std::vector<char*> variables = environment();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    const Descriptor reading(ends[0]);
    Descriptor writing(ends[1]);
    const pid_t child = fork();
    if (child < 0) return false;
    if (child == 0) {
        const pid_t grandchild = fork();
        if (grandchild == 0) become(path.c_str(), arguments, variables.data(), writing.get());
        _exit(grandchild < 0 ? 1 : 0);
    }
    writing.close();
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    char failed = 0;
    ssize_t count = 0;
    do {
        count = read(reading.get(), &failed, 1);
    } while (count < 0 && errno == EINTR);
    return count == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

bool open_system_browser(const std::string& url) {
    if (!is_openable(url)) return false;
    std::vector<std::string> programs = parts(variable("BROWSER"));
    if (!variable("DISPLAY").empty() || !variable("WAYLAND_DISPLAY").empty())
        programs.emplace_back("xdg-open");
    for (const std::string& program : programs) {
        const std::string path = whereabouts(program);
        if (!path.empty() && start(path, program, url)) return true;
    }
    return false;
}

}  // namespace wfc
