/// A submission server that takes access tokens, and says of each what it is told to.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/loopback_listener.hpp"

namespace mailsend::delivery {

/// A server that takes one connection after the other: greets, offers XOAUTH2, and answers AUTH with the next
/// of `verdicts` (several lines: one for each line it hears), everything else with what an idle server says.
class TokenServer {
  public:
    explicit TokenServer(std::vector<std::vector<std::string>> verdicts) : verdicts_(std::move(verdicts)) {
        thread_ = std::thread([this] {
            for (const auto& verdict : verdicts_) {
                const int client = listener_.accept();
                if (client < 0) return;
                serve(client, verdict);
                ::close(client);
            }
        });
    }
    ~TokenServer() {
        listener_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return listener_.port(); }
    /// Every line of the client but its answers to the exchange of AUTH. After the client is gone.
    std::vector<std::string> heard() {
        const std::lock_guard lock(mutex_);
        return heard_;
    }

  private:
    void serve(int client, const std::vector<std::string>& verdict) {
        const auto say = [&](const std::string& line) {
            (void)::send(client, (line + "\r\n").data(), line.size() + 2, MSG_NOSIGNAL);
        };
        say("220 hello");
        std::size_t said = 0;
        for (std::string line; read_line(client, line);) {
            const std::string verb = line.substr(0, 4);
            if (verb == "AUTH" || (said > 0 && said < verdict.size())) {
                if (verb == "AUTH") note(line);
                if (verdict[said] == "hang up") return;
                say(verdict[said++]);
                continue;
            }
            note(line);
            if (verb == "EHLO") {
                say("250-hello\r\n250 AUTH XOAUTH2");
            } else if (verb == "DATA") {
                say("354 go");
                while (read_line(client, line) && line != ".") {
                }
                say("250 taken");
            } else {
                say(verb == "QUIT" ? "221 bye" : "250 ok");
            }
        }
    }
    static bool read_line(int client, std::string& line) {
        line.clear();
        for (char c = 0; ::recv(client, &c, 1, 0) == 1;) {
            if (c == '\n') return true;
            if (c != '\r') line += c;
        }
        return false;
    }
    void note(const std::string& line) {
        const std::lock_guard lock(mutex_);
        heard_.push_back(line);
    }

    std::vector<std::vector<std::string>> verdicts_;
    test::LoopbackListener listener_{4};
    std::mutex mutex_;
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace mailsend::delivery
