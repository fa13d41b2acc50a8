#include "bench/sink.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace bench {
namespace {

void say(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// Keeps the last bytes only: a message of any size costs the same memory. What is answered leaves when there
/// is nothing left to read: replies to a group share a packet (RFC 2920 3.2).
class Dialogue {
  public:
    explicit Dialogue(int fd) : fd_(fd) {}

    void say(std::string_view reply) { replies_ += reply; }

    /// One line without CR LF; false at the end.
    bool line(std::string& out) {
        for (;;) {
            const std::size_t end = buffer_.find("\r\n");
            if (end != buffer_.npos) {
                out = buffer_.substr(0, end);
                buffer_.erase(0, end + 2);
                return true;
            }
            if (!fill()) return false;
        }
    }

    /// Reads through CR LF . CR LF.
    bool skip_message() {
        constexpr std::string_view end_of_data = "\r\n.\r\n";
        buffer_.insert(0, "\r\n");
        for (;;) {
            const std::size_t end = buffer_.find(end_of_data);
            if (end != buffer_.npos) {
                buffer_.erase(0, end + end_of_data.size());
                return true;
            }
            if (buffer_.size() > end_of_data.size())
                buffer_.erase(0, buffer_.size() - end_of_data.size() + 1);
            if (!fill()) return false;
        }
    }

  private:
    bool fill() {
        bench::say(fd_, replies_);
        replies_.clear();
        const ssize_t count = ::recv(fd_, chunk_, sizeof chunk_, 0);
        if (count <= 0) return false;
        buffer_.append(chunk_, static_cast<std::size_t>(count));
        return true;
    }

    int fd_;
    char chunk_[64 * 1024];
    std::string buffer_, replies_;
};

void converse(int fd) {
    Dialogue dialogue(fd);
    std::string command;
    dialogue.say("220 sink.example.test\r\n");
    while (dialogue.line(command)) {
        const std::string_view verb = std::string_view(command).substr(0, 4);
        if (verb == "EHLO") {
            dialogue.say("250-sink.example.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE\r\n");
        } else if (verb == "DATA") {
            dialogue.say("354 go\r\n");
            if (!dialogue.skip_message()) return;
            dialogue.say("250 2.0.0 ok\r\n");
        } else if (verb == "QUIT") {
            say(fd, "221 bye\r\n");
            return;
        } else {
            dialogue.say("250 ok\r\n");
        }
    }
}

[[noreturn]] void serve(int listener) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        const int fd = ::accept(listener, nullptr, nullptr);
        if (fd < 0) ::_exit(0);
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::thread([fd] {
            converse(fd);
            ::close(fd);
        }).detach();
    }
}

}  // namespace

Sink::Sink() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener < 0 || ::bind(listener, generic, size) != 0 || ::listen(listener, 256) != 0 ||
        ::getsockname(listener, generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "the sink cannot listen");
    }
    port_ = ntohs(address.sin_port);
    process_ = ::fork();
    if (process_ == 0) serve(listener);
    ::close(listener);
    if (process_ < 0) throw std::system_error(errno, std::generic_category(), "the sink cannot start");
}

Sink::~Sink() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

}  // namespace bench
