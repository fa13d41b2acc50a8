#include "transport_troubles/own_network.hpp"

#include <cerrno>
#include <exception>
#include <sched.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace test {
namespace {

/// The program `ip` of this thread's network; a child has the network of the thread that starts it.
bool ip(const std::string& arguments) {
    std::vector<std::string> words{"ip"};
    std::istringstream line(arguments);
    for (std::string word; line >> word;) words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    char path[] = "PATH=/usr/sbin:/sbin:/usr/bin:/bin";
    char* environment[] = {path, nullptr};
    pid_t child = 0;
    for (const char* place : {"/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"}) {
        if (::access(place, X_OK) != 0) continue;
        if (::posix_spawn(&child, place, nullptr, nullptr, argv.data(), environment) != 0) return false;
        int status = 0;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return false;
}

}  // namespace

std::string in_own_network(const std::vector<std::string>& routes, const std::function<void()>& work) {
    std::string why;
    std::exception_ptr thrown;
    std::thread([&] {
        if (::unshare(CLONE_NEWNET) != 0) {
            why = std::generic_category().message(errno);
            return;
        }
        bool ready = ip("link set lo up");
        for (const std::string& route : routes) ready = ready && ip("route add " + route);
        if (!ready) {
            why = "the program ip cannot set it up";
            return;
        }
        try {
            work();
        } catch (...) {
            thrown = std::current_exception();
        }
    }).join();
    if (thrown) std::rethrow_exception(thrown);
    return why;
}

}  // namespace test
