#include "support/connect_proxy.hpp"

#include <array>
#include <poll.h>
#include <string_view>

namespace test {
namespace {

void say(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

/// The request with its empty line; what came of it when the client goes first.
std::string head_of(int client) {
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n") && ::recv(client, &byte, 1, 0) == 1) head += byte;
    return head;
}

/// Moves what is there; false at the end.
bool move_some(int from, int to) {
    std::array<char, 16 * 1024> bytes{};
    const ssize_t count = ::recv(from, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    say(to, {bytes.data(), static_cast<std::size_t>(count)});
    return true;
}

}  // namespace

ConnectProxy::ConnectProxy() {
    acceptor_ = std::thread([this] {
        for (;;) {
            const int client = listener_.accept();
            if (client < 0) return;
            const int mine = kept(client);
            const std::lock_guard lock(mutex_);
            threads_.emplace_back([this, mine] { serve(mine); });
        }
    });
}

ConnectProxy::~ConnectProxy() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
        for (const int descriptor : descriptors_) ::shutdown(descriptor, SHUT_RDWR);
    }
    listener_.stop();
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    for (const int descriptor : descriptors_) ::close(descriptor);
}

int ConnectProxy::kept(int descriptor) {
    const std::lock_guard lock(mutex_);
    descriptors_.push_back(descriptor);
    if (over_) ::shutdown(descriptor, SHUT_RDWR);
    return descriptor;
}

void ConnectProxy::lead(const std::string& target, std::uint16_t port) {
    const std::lock_guard lock(mutex_);
    ways_[target] = port;
}

void ConnectProxy::refuse(std::string answer) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(answer);
    refuses_ = true;
}

void ConnectProxy::wait_for_greeting() {
    const std::lock_guard lock(mutex_);
    waits_ = true;
}

std::vector<std::string> ConnectProxy::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

/// A connection to where `target` leads; -1 when it leads nowhere.
int ConnectProxy::dial(const std::string& target) {
    std::uint16_t port = 0;
    {
        const std::lock_guard lock(mutex_);
        const auto way = ways_.find(target);
        if (way == ways_.end()) return -1;
        port = way->second;
    }
    const int server = kept(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? server : -1;
}

void ConnectProxy::serve(int client) {
    const std::string head = head_of(client);
    const std::size_t begin = head.find(' ') + 1;
    const std::string target = head.substr(begin, head.find(' ', begin) - begin);
    bool refuses = false;
    bool waits = false;
    std::string answer;
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(head);
        refuses = refuses_;
        waits = waits_;
        answer = refusal_;
    }
    const int server = refuses || !head.starts_with("CONNECT ") ? -1 : dial(target);
    if (server < 0) {
        say(client, refuses ? answer : "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        ::shutdown(client, SHUT_RDWR);
        return;
    }
    answer = "HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n";
    if (waits) {
        std::array<char, 4096> greeting{};
        const ssize_t count = ::recv(server, greeting.data(), greeting.size(), 0);
        if (count > 0) answer.append(greeting.data(), static_cast<std::size_t>(count));
    }
    say(client, answer);
    relay(client, server);
}

/// Until one side ends.
void ConnectProxy::relay(int client, int server) {
    std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    while (::poll(both.data(), both.size(), -1) > 0) {
        if (both[0].revents != 0 && !move_some(client, server)) break;
        if (both[1].revents != 0 && !move_some(server, client)) break;
    }
    ::shutdown(client, SHUT_RDWR);
    ::shutdown(server, SHUT_RDWR);
}

}  // namespace test
