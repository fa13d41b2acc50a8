/// An HTTP server on loopback that gives its answers in order, one a connection, and keeps what it was asked.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "net/http.hpp"
#include "net/patience.hpp"
#include "support/loopback_listener.hpp"
#include "testhost/testhost.hpp"

namespace test {

/// "HTTP/1.1 200 OK" with a JSON body; `headers` are whole lines.
inline std::string http(const std::string& status, const std::string& body, const std::string& headers = {}) {
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

/// Answers as long as it has some, then closes connections without a word.
class ScriptedServer {
  public:
    explicit ScriptedServer(
        std::vector<std::string> answers, std::function<void()> on_request = [] {})
        : answers_(std::move(answers)), on_request_(std::move(on_request)), thread_([this] { serve(); }) {}
    ~ScriptedServer() {
        listener_.stop();
        thread_.join();
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::string url(const std::string& path = "/token") const {
        return "http://127.0.0.1:" + std::to_string(listener_.port()) + path;
    }
    /// Head and body of every request so far.
    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    /// The form of request `at`.
    std::string form(std::size_t at = 0) const {
        const std::string request = requests().at(at);
        return request.substr(request.find("\r\n\r\n") + 4);
    }

  private:
    static std::string read_request(int client) {
        std::string all;
        char bytes[4096];
        std::size_t whole = std::string::npos;
        while (all.size() < whole) {
            const ssize_t count = ::recv(client, bytes, sizeof bytes, 0);
            if (count <= 0) break;
            all.append(bytes, static_cast<std::size_t>(count));
            const std::size_t head = all.find("\r\n\r\n");
            const std::size_t length = all.find("Content-Length: ");
            if (head != all.npos && length < head) whole = head + 4 + std::stoul(all.substr(length + 16));
            if (head != all.npos && length == all.npos) whole = head + 4;
        }
        return all;
    }

    static void send_all(int client, const std::string& bytes) {
        for (std::size_t sent = 0; sent < bytes.size();) {
            const ssize_t count = ::send(client, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (count <= 0) return;
            sent += static_cast<std::size_t>(count);
        }
    }

    void serve() {
        for (std::size_t next = 0;; ++next) {
            const int client = listener_.accept();
            if (client < 0) return;
            const timeval most{10, 0};
            ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
            ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
            std::string request = read_request(client);
            on_request_();
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(std::move(request));
            }
            if (next < answers_.size()) send_all(client, answers_[next]);
            ::close(client);
        }
    }

    LoopbackListener listener_{8};
    std::vector<std::string> answers_;
    std::function<void()> on_request_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

/// A host with the machine's clocks, and the patience of a call that has a minute.
class Minute {
  public:
    Minute() { host_.real_time(); }
    wfc::Clock clock() const { return wfc::Host(host_.table()).clock(); }
    mailsend::net::Patience patience(std::function<bool()> cancelled = {}) const {
        return {clock(), std::move(cancelled), clock().monotonic_ms() + 60'000};
    }

  private:
    wfc::testhost::TestHost host_;
};

}  // namespace test
