/// A submission server that answers line by line as it is told, on one connection after the other.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include "support/loopback_listener.hpp"

namespace mailsend::delivery {

/// Greets with the first line of a connection's script and answers each line it hears with the next; after
/// "354 …" it hears the whole message as one. "cut" closes the connection in the place of an answer; "+cut"
/// at the end of an answer closes it behind it; "after Hello: " in front of what follows "354 …" does that in
/// the middle of the message, once its line "Hello" was read and interrupt_now() was called ("reset" there
/// ends with RST). What comes after the last line is answered "250 ok". `heard` has every line of the client;
/// a message is "<message>" when its dot came, "<cut off>" when it did not, "<body>" when it was interrupted.
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
                interrupted_ = interrupting_.load();
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

    /// Lets it do what it is to do in the middle of a message, and returns once that is done. False when it
    /// cannot within 10 s.
    bool interrupt_now() {
        may_interrupt_ = true;
        return comes_true(interrupted_);
    }

  private:
    static bool comes_true(const std::atomic<bool>& condition) {
        for (int i = 0; i < 1'000 && !condition; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return condition;
    }
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
            if (body && next < script.size() && script[next].starts_with(interruption)) {
                return interrupt(client, script[next].substr(interruption.size()));
            }
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
    void interrupt(int client, std::string what) {
        std::string line;
        while (line != "Hello") {
            if (!read_line(client, line)) return note("<cut off>");
        }
        comes_true(may_interrupt_);
        interrupting_ = true;
        note("<body>");
        const bool last = what.ends_with("+cut");
        if (last) what.resize(what.size() - 4);
        const linger hard{1, 0};
        if (what == "reset") ::setsockopt(client, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        if (what == "cut" || what == "reset") return;
        (void)::send(client, (what + "\r\n").data(), what.size() + 2, MSG_NOSIGNAL);
        if (last) return;
        interrupted_ = true;
        note(read_line(client, line) ? line : "<end>");
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

    static constexpr std::string_view interruption = "after Hello: ";

    Scripts scripts_;
    std::atomic<bool> may_interrupt_ = false;
    std::atomic<bool> interrupting_ = false;
    std::atomic<bool> interrupted_ = false;
    test::LoopbackListener listener_{4};
    std::mutex mutex_;
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace mailsend::delivery
