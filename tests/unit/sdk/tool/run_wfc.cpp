#include "run_wfc.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

namespace wfc::test {

namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> out;
    for (std::string& string : strings) out.push_back(string.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

Running::Running(std::vector<std::string> arguments, const std::string& input,
                 std::vector<std::string> environment) {
    scratch_.write("in", input);
    arguments.insert(arguments.begin(), BINARY_DIR "/wfc");
    environment.insert(environment.end(),
                       {"PATH=/usr/bin:/bin", "LANG=C", "WFC_COMPONENTS=" PROBE_COMPONENTS});
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, (scratch_ / "in").c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, (scratch_ / "out").c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_addopen(&files, 2, (scratch_ / "err").c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    if (posix_spawn(&pid_, arguments[0].c_str(), &files, nullptr, pointers(arguments).data(),
                    pointers(environment).data()) != 0) {
        pid_ = -1;
        over_ = true;
    }
    posix_spawn_file_actions_destroy(&files);
}

Running::~Running() {
    if (over_) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

bool Running::says(const std::string& text) const {
    for (int i = 0; i < 1000; ++i) {
        if (Scratch::read(scratch_ / "err").find(text) != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

Ended Running::wait() {
    Ended out;
    if (!over_) {
        int status = 0;
        waitpid(pid_, &status, 0);
        over_ = true;
        out.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }
    out.out = Scratch::read(scratch_ / "out");
    out.err = Scratch::read(scratch_ / "err");
    return out;
}

Ended probe(const std::string& operation, const std::string& input, std::vector<std::string> more,
            std::vector<std::string> environment) {
    more.insert(more.begin(), {"invoke", "probe", operation, "--input", "-"});
    return run(std::move(more), input, std::move(environment));
}

}  // namespace wfc::test
