// Cancel and deadline end a call within a second, wherever it is: looking up a name, connecting, in every
// stage of the dialogue.
#include <arpa/inet.h>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "inbox/inbox.hpp"
#include "support/dns_server.hpp"
#include "support/loaded_mail_send.hpp"
#include "support/loopback_listener.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto before = milliseconds(300);  // how long the call is left waiting
constexpr auto at_most = milliseconds(1000);

struct Case {
    std::string stage;     ///< where the server falls silent: a stage of the inbox's script, or one of ours
    std::string expected;  ///< stage of the result document
};

/// A server that falls silent at one point, and a component configured for it.
class Silence {
  public:
    explicit Silence(const std::string& stage) {
        if (stage == "resolve") {
            names_.answer("silent.example.test", {.fault = test::DnsFault::silent});
            nlohmann::json settings = test::LoadedMailSend::in_clear(25);
            settings["server"]["host"] = "silent.example.test";
            settings["network"]["name_servers"] = {names_.address()};
            mail_send.configure(settings);
        } else if (stage == "connect") {
            mail_send.configure(test::LoadedMailSend::in_clear(full_backlog()));
        } else if (stage == "body") {
            mail_send.configure(test::LoadedMailSend::in_clear(deaf_server()));
        } else {
            serve(stage);
        }
    }
    ~Silence() {
        if (deaf_.joinable()) {
            listener_->stop();
            deaf_.join();
        }
        for (const int fd : {first_, second_}) {
            if (fd >= 0) ::close(fd);
        }
    }

    test::LoadedMailSend mail_send;

  private:
    void serve(const std::string& stage) {
        std::ofstream(scratch_ / "script") << stage << " silence\n";
        inbox::Options options;
        options.store = scratch_ / "store";
        options.script = scratch_ / "script";
        inbox_.emplace(std::move(options));
        nlohmann::json settings = test::LoadedMailSend::in_clear(inbox_->port());
        settings["delivery"]["pipelining"] = "off";  // or MAIL and the message leave together
        settings["server"]["host"] = "localhost";
        settings["server"]["security"] = "starttls";
        settings["tls"]["ca_file"] = "ca.pem";
        settings["auth"] = {
            {"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "alice"}}}};
        mail_send.host.file("ca.pem", {.bytes = inbox_->ca_pem()});
        mail_send.host.secret("alice", "secret");
        mail_send.configure(settings);
    }

    /// A port whose queue of connections is full: the next SYN gets no answer.
    std::uint16_t full_backlog() {
        listener_.emplace(0);
        for (int* fd : {&first_, &second_}) {
            *fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            ::connect(*fd, listener_->address(), sizeof(sockaddr_in));
            std::this_thread::sleep_for(milliseconds(20));
        }
        return listener_->port();
    }

    /// A server that says 354 and then reads no more, so that writing the body blocks.
    std::uint16_t deaf_server() {
        listener_.emplace(1);
        deaf_ = std::thread([this] {
            first_ = listener_->accept();
            if (first_ < 0) return;
            const auto say = [this](std::string_view text) {
                (void)::send(first_, text.data(), text.size(), MSG_NOSIGNAL);
            };
            say("220 hello\r\n");
            for (const char* answer : {"250 hello\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"}) {
                char command[1024];
                if (::recv(first_, command, sizeof command, 0) <= 0) return;
                say(answer);
            }
        });
        return listener_->port();
    }

    wfc::test::Scratch scratch_;  // outlives the inbox
    test::DnsServer names_;
    std::optional<inbox::Inbox> inbox_;
    std::thread deaf_;
    std::optional<test::LoopbackListener> listener_;
    int first_ = -1, second_ = -1;
};

/// More than the kernel's buffers hold, so that the body itself can block.
std::string large_message() {
    return R"({"to": "bob@example.test", "subject": "Large", "text": "x", "attachments": [{"blob": "large"}]})";
}

std::string message_for(const Case& tested) {
    return tested.stage == "body" ? large_message() : test::short_message();
}

wfc::testhost::Content large_content() {
    return {.bytes = std::string(1 << 20, 'x'), .repeat = 64};
}

class Promptness : public ::testing::TestWithParam<Case> {
  protected:
    /// Runs a call that `end` will stop; its document.
    nlohmann::json ended_in_time(Silence& silence, wfc::testhost::TestCall& call,
                                 steady_clock::time_point begun, wfc_status expected) {
        EXPECT_EQ(silence.mail_send.component.invoke(*call.table()), expected);
        const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
        EXPECT_GE(took, before - milliseconds(20)) << "it did not wait where it was meant to";
        EXPECT_LE(took, before + at_most);
        return nlohmann::json::parse(call.result());
    }
};

TEST_P(Promptness, CancelReturnsWithinASecond) {
    Silence silence(GetParam().stage);
    wfc::testhost::TestCall call("send", message_for(GetParam()));
    call.blob("large", large_content());
    const auto begun = steady_clock::now();
    std::thread canceller([&] {
        std::this_thread::sleep_for(before);
        call.cancel();
    });
    const bool sent = GetParam().expected == "dot";
    const nlohmann::json document = ended_in_time(silence, call, begun, sent ? WFC_FAILED : WFC_CANCELLED);
    canceller.join();
    EXPECT_EQ(document["outcome"], sent ? "unknown" : "cancelled");
    EXPECT_EQ(document["error"]["stage"], GetParam().expected) << document.dump(1);
}

TEST_P(Promptness, DeadlineReturnsWithinASecond) {
    Silence silence(GetParam().stage);
    wfc::testhost::TestCall call("send", message_for(GetParam()));
    call.blob("large", large_content());
    const auto begun = steady_clock::now();
    call.deadline_ms(silence.mail_send.host.now_ms() + static_cast<std::uint64_t>(before.count()));
    const nlohmann::json document = ended_in_time(silence, call, begun, WFC_FAILED);
    const bool sent = GetParam().expected == "dot";
    EXPECT_EQ(document["outcome"], sent ? "unknown" : "failed");
    EXPECT_EQ(document["error"]["id"], sent ? "outcome.unknown" : "deadline.passed") << document.dump(1);
    EXPECT_EQ(document["error"]["stage"], GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(EveryStage, Promptness,
                         ::testing::Values(Case{"resolve", "resolve"}, Case{"connect", "connect"},
                                           Case{"greeting", "greeting"}, Case{"ehlo", "ehlo"},
                                           Case{"starttls", "starttls"}, Case{"tls", "tls"},
                                           Case{"auth", "auth"}, Case{"mail", "mail"}, Case{"rcpt", "rcpt"},
                                           Case{"data", "data"}, Case{"body", "data"}, Case{"dot", "dot"}),
                         [](const auto& tested) { return tested.param.stage; });

}  // namespace
