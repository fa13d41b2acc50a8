/// A submission server for several connections at once, that takes commands in groups and messages in
/// chunks.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include "support/loopback_listener.hpp"

namespace mailsend::delivery {

/// Everything is taken unless `answer` says otherwise.
class GroupServer {
  public:
    struct Heard {
        int connection = 0;  ///< the first is 1
        std::string line;    ///< a command; "." for the end of data
        bool more = false;   ///< behind it stood another command already
    };
    struct Conduct {
        std::string offers = "250 PIPELINING";  ///< last lines of the reply to EHLO
        /// The reply, without its end; "" for the usual one, "cut" to close, "reset" to do so
        /// with RST, "250 … +cut" to close behind it.
        /// On the connection's own thread, which it may keep waiting.
        std::function<std::string(const Heard&)> answer{};
    };

    explicit GroupServer(Conduct conduct) : conduct_(std::move(conduct)) {
        acceptor_ = std::thread([this] {
            for (int client = listener_.accept(); client >= 0; client = listener_.accept()) {
                const std::lock_guard lock(mutex_);
                threads_.emplace_back([this, client, number = ++connections_] { serve(client, number); });
            }
        });
    }
    ~GroupServer() { finish(); }
    std::uint16_t port() const { return listener_.port(); }
    int connections() const { return connections_; }

    /// Commands by connection, those before MAIL left out. A message is "<message>". When all clients are
    /// gone.
    std::map<int, std::vector<std::string>> heard() {
        finish();
        return heard_;
    }
    /// How often each recipient got a message.
    std::map<std::string, int> delivered() {
        finish();
        return delivered_;
    }

  private:
    struct Envelope {
        bool begun = false;
        std::vector<std::string> taken{};
        bool refused_chunk = false;
    };

    void finish() {
        listener_.stop();
        if (acceptor_.joinable()) acceptor_.join();
        for (std::thread& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
    }

    void serve(int client, int number) {
        const int on = 1;
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::string in;
        if (say(client, "220 hi")) talk(client, number, in);
        ::close(client);
    }

    void talk(int client, int number, std::string& in) {
        Envelope envelope;
        for (std::string line; read_line(client, in, line);) {
            const auto is = [&](const char* verb) { return line.starts_with(verb); };
            std::string usual = "250 ok";
            if (is("EHLO")) usual = "250-hi\r\n" + conduct_.offers;
            if (is("AUTH")) usual = "235 welcome";
            if (is("QUIT")) usual = "221 bye";
            if (is("RCPT") && !envelope.begun) usual = "503 from whom?";
            if (is("DATA")) usual = envelope.taken.empty() ? "554 nobody" : "354 go";
            if (is("BDAT")) {
                if (!read_octets(client, in, std::stoul(line.substr(5)))) return;
                if (envelope.taken.empty()) usual = "503 nobody";
                line = line.ends_with("LAST") ? "BDAT LAST" : "BDAT";
            }
            const std::string reply = answer({number, line, !in.empty()}, usual);
            const bool good = reply.front() == '2' || reply.front() == '3';
            if (is("MAIL") || is("RSET")) envelope = {};
            if (is("MAIL")) envelope.begun = good;
            if (is("RCPT") && good && envelope.begun)
                envelope.taken.push_back(line.substr(9, line.size() - 10));
            if (is("BDAT") && !good) envelope.refused_chunk = true;
            if (line == "BDAT LAST") {
                if (good && !envelope.refused_chunk) deliver(envelope);
                envelope = {};
            }
            if (!obey(client, reply) || is("QUIT")) return;
            if (!is("DATA") || !reply.starts_with("354")) continue;
            while (read_line(client, in, line) && line != ".") {
            }
            if (line != ".") return note(number, "<cut off>");
            const std::string last = answer({number, line, !in.empty()}, "250 taken");
            if (last.front() == '2') deliver(envelope);
            envelope = {};
            if (!obey(client, last)) return;
        }
    }

    std::string answer(const Heard& heard, const std::string& usual) {
        if (!heard.line.starts_with("EHLO") && !heard.line.starts_with("AUTH"))
            note(heard.connection, heard.line == "." ? "<message>" : heard.line);
        const std::string own = conduct_.answer ? conduct_.answer(heard) : "";
        return own.empty() ? usual : own;
    }
    bool obey(int client, std::string reply) {
        if (reply == "cut") return false;
        if (reply == "reset") {
            const linger hard{1, 0};
            ::setsockopt(client, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
            return false;
        }
        const bool last = reply.ends_with("+cut");
        if (last) reply.resize(reply.size() - 4);
        return say(client, reply) && !last;
    }
    void deliver(const Envelope& envelope) {
        const std::lock_guard lock(mutex_);
        for (const std::string& recipient : envelope.taken) ++delivered_[recipient];
    }
    void note(int number, const std::string& line) {
        const std::lock_guard lock(mutex_);
        heard_[number].push_back(line);
    }
    static bool say(int client, const std::string& line) {
        const std::string bytes = line + "\r\n";
        return ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    }
    static bool more(int client, std::string& in) {
        char bytes[16 * 1024];
        const ssize_t count = ::recv(client, bytes, sizeof bytes, 0);
        if (count > 0) in.append(bytes, static_cast<std::size_t>(count));
        return count > 0;
    }
    static bool read_line(int client, std::string& in, std::string& line) {
        std::size_t end = 0;
        while ((end = in.find("\r\n")) == std::string::npos) {
            if (!more(client, in)) return false;
        }
        line = in.substr(0, end);
        in.erase(0, end + 2);
        return true;
    }
    static bool read_octets(int client, std::string& in, std::size_t count) {
        while (in.size() < count) {
            if (!more(client, in)) return false;
        }
        in.erase(0, count);
        return true;
    }

    Conduct conduct_;
    test::LoopbackListener listener_{64};
    std::mutex mutex_;
    std::atomic<int> connections_ = 0;
    std::map<int, std::vector<std::string>> heard_;
    std::map<std::string, int> delivered_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace mailsend::delivery
