/// A person of a test: a terminal, a browser that only notes what it should open, and raw connections to the
/// port at which the host listens.
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <functional>
#include <future>
#include <netinet/in.h>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "host/loopback_listener.hpp"
#include "host/prompt_service.hpp"
#include "testhost/call.hpp"
#include "wfc/host.hpp"

namespace wfc::test {

/// A port that is free in both families, below those that the kernel gives out by itself.
inline std::uint16_t free_port() {
    std::random_device random;
    std::uniform_int_distribution<int> any(12'000, 31'000);
    for (int i = 0; i < 1000; ++i) {
        const auto port = static_cast<std::uint16_t>(any(random));
        try {
            const LoopbackListener attempt(port);
            return port;
        } catch (const CannotListen&) {
        }
    }
    throw std::runtime_error("no port of the loopback is free");
}

/// An address of the loopback, of one family.
struct LoopbackAddress {
    LoopbackAddress(std::uint16_t port, int family) : four(), six() {
        if (family == AF_INET) {
            four.sin_family = AF_INET;
            four.sin_port = htons(port);
            four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        } else {
            six.sin6_family = AF_INET6;
            six.sin6_port = htons(port);
            six.sin6_addr = in6addr_loopback;
            size = sizeof six;
        }
    }
    const sockaddr* generic() const {
        return size == sizeof four ? reinterpret_cast<const sockaddr*>(&four)
                                   : reinterpret_cast<const sockaddr*>(&six);
    }

    sockaddr_in four;
    sockaddr_in6 six;
    socklen_t size = sizeof four;
};

/// Another program that has a port, in one family only; false where the machine lacks that family.
class Held {
  public:
    Held(std::uint16_t port, int family) : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const LoopbackAddress address(port, family);
        held_ = bind(socket_.get(), address.generic(), address.size) == 0 && listen(socket_.get(), 1) == 0;
    }
    explicit operator bool() const { return held_; }

  private:
    Descriptor socket_;
    bool held_ = false;
};

/// One connection to 127.0.0.1, or ::1.
class Visitor {
  public:
    explicit Visitor(std::uint16_t port, int family = AF_INET)
        : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const LoopbackAddress address(port, family);
        connected_ = ::connect(socket_.get(), address.generic(), address.size) == 0;
        const timeval patience{15, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    bool connected() const { return connected_; }
    bool send(std::string_view bytes) const {
        return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    /// All until the host closes.
    std::string rest() const {
        std::string out;
        char chunk[4096];
        for (ssize_t n = 0; (n = recv(socket_.get(), chunk, sizeof chunk, 0)) > 0;) {
            out.append(chunk, static_cast<std::size_t>(n));
        }
        return out;
    }
    std::string ask(std::string_view bytes) const { return send(bytes) ? rest() : std::string(); }
    void leave() { socket_.close(); }

  private:
    Descriptor socket_;
    bool connected_ = false;
};

/// Lines come through a pipe.
class FakeTerminal : public PromptTerminal {
  public:
    FakeTerminal() {
        if (pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe");
    }
    ~FakeTerminal() override {
        ::close(ends_[0]);
        hang_up();
    }
    void show_url(std::string_view url, bool opened) override {
        urls.emplace_back(url, opened);
        if (on_url) on_url();
    }
    void show_code(std::string_view url, std::string_view code, std::int64_t expires_in_s) override {
        codes.push_back(std::string(url) + " " + std::string(code) + " " + std::to_string(expires_in_s));
    }
    int descriptor() override { return ends_[0]; }
    std::optional<SecretString> pasted() override {
        char chunk[4096];
        const ssize_t n = ::read(ends_[0], chunk, sizeof chunk);
        if (n > 0) typed_.append(chunk, static_cast<std::size_t>(n));
        const std::size_t end = typed_.find('\n');
        if (end == std::string::npos) return std::nullopt;
        SecretString line(std::string_view(typed_).substr(0, end));
        typed_.erase(0, end + 1);
        return line;
    }
    void complain(std::string_view sentence) override {
        complaints.emplace_back(sentence);
        if (on_complaint) on_complaint();
    }
    void asked(const PromptQuestion& question) override { kinds.push_back(question.index()); }
    void refused(Pasted verdict, std::string_view sentence) override {
        verdicts.push_back(verdict);
        PromptTerminal::refused(verdict, sentence);
    }
    void done() noexcept override { ++dones; }

    void type(std::string_view text) const {
        if (::write(ends_[1], text.data(), text.size()) < 0) throw std::runtime_error("cannot type");
    }
    void hang_up() { ::close(std::exchange(ends_[1], -1)); }

    std::vector<std::pair<std::string, bool>> urls{};
    std::vector<std::string> codes{}, complaints{};
    std::vector<std::size_t> kinds{};
    std::vector<Pasted> verdicts{};
    std::function<void()> on_url{}, on_complaint{};
    int dones = 0;

  private:
    int ends_[2] = {-1, -1};
    std::string typed_{};
};

inline std::string redirect_uri(std::uint16_t port) {
    return "http://127.0.0.1:" + std::to_string(port) + "/callback";
}

inline std::string redirect_question(std::uint16_t port, const std::string& language = "en",
                                     const std::string& more = {}) {
    return R"({"kind":"redirect","url":"https://login.example.test/authorize?x=1","redirect_uri":")" +
           redirect_uri(port) + R"(","state":"the-right-state","setting":"/auth/redirect_uri","language":")" +
           language + "\"" + more + "}";
}

inline std::string get(std::uint16_t port, const std::string& target, const std::string& more = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" + more + "\r\n";
}

inline constexpr const char* right_target = "/callback?code=the-code&state=the-right-state";
inline constexpr const char* right_answer = R"({"parameters":{"code":"the-code","state":"the-right-state"}})";

/// A host that has asked, on a thread of its own, and listens when the constructor returns.
class Asked {
  public:
    explicit Asked(PromptTerminal* terminal = nullptr, std::function<void(Asked&)> prepare = {},
                   const std::string& language = "en")
        : port(free_port()), service(terminal, [this](const std::string& url) {
              opened.push_back(url);
              if (!std::exchange(listening_, true)) listens_.set_value();
              return has_browser.load();
          }) {
        if (prepare) prepare(*this);
        asking_ = std::async(std::launch::async, [this, language] {
            return Prompt(service.table()).present(call.table(), redirect_question(port, language));
        });
        if (listens_.get_future().wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
            throw std::runtime_error("nobody listens");
        }
    }
    ~Asked() { call.cancel(); }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;

    Prompt::Answer answer() { return asking_.get(); }
    bool answered() const { return asking_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
    /// A question that is answered at once.
    Prompt::Answer say(const std::string& question) {
        const testhost::TestCall other("sign-in");
        return Prompt(service.table()).present(other.table(), question);
    }

    const std::uint16_t port;
    testhost::TestCall call{"sign-in"};
    std::vector<std::string> opened{};
    std::atomic<bool> has_browser{true};

  private:
    bool listening_ = false;
    std::promise<void> listens_{};

  public:
    PromptService service;

  private:
    std::future<Prompt::Answer> asking_{};
};

}  // namespace wfc::test
