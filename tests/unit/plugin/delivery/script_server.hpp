/// A submission server that answers line by line as it is told, on one connection after the other.
#pragma once

#include <array>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/loopback_listener.hpp"

namespace mailsend::delivery {

/// Greets with the first line of a connection's script and answers each line it hears with the next; after
/// "354 …" it hears the whole message as one. "cut" closes the connection in the place of an answer; "+cut"
/// at the end of an answer closes it behind it. What comes after the last line is answered "250 ok". `heard`
/// has every line of the client; a message is "<message>" when its dot came, "<cut off>" when it did not.
class ScriptServer {
  public:
    using Scripts = std::vector<std::vector<std::string>>;
    explicit ScriptServer(Scripts scripts) : scripts_(std::move(scripts)) {
        thread_ = std::thread([this] {
            for (const auto& script : scripts_) {
                const int client = listener_.accept();
                if (client < 0) return;
                note("<connection>");
                serve(client, script);
                ::close(client);
            }
        });
    }
    ~ScriptServer() { finish(); }
    std::uint16_t port() const { return listener_.port(); }

    /// Everything that was heard, without EHLO. After the client is gone.
    std::vector<std::string> heard() {
        finish();
        return heard_;
    }

  private:
    void finish() {
        listener_.stop();
        if (thread_.joinable()) thread_.join();
    }

    void serve(int client, const std::vector<std::string>& script) {
        std::size_t next = 0;
        bool body = false;
        for (;;) {
            std::string answer = next < script.size() ? script[next] : "250 ok";
            ++next;
            if (answer == "cut") return;
            const bool last = answer.ends_with("+cut");
            if (last) answer.resize(answer.size() - 4);
            (void)::send(client, (answer + "\r\n").data(), answer.size() + 2, MSG_NOSIGNAL);
            if (last) return;
            body = answer.starts_with("354");
            std::string line;
            if (!read_line(client, line)) return note(body ? "<cut off>" : "<end>");
            if (body) {
                while (line != "." && read_line(client, line)) {
                }
                note(line == "." ? "<message>" : "<cut off>");
                if (line != ".") return;
            } else if (!line.starts_with("EHLO")) {
                note(line);
            }
            if (line == "QUIT") {
                (void)::send(client, "221 bye\r\n", 9, MSG_NOSIGNAL);
                return;
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

    Scripts scripts_;
    test::LoopbackListener listener_{4};
    std::mutex mutex_;
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace mailsend::delivery
