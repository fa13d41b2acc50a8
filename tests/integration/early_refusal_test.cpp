// A server that refuses in the middle of the body is believed at once, whether it goes on reading or not.
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "support/loaded_mail_send.hpp"
#include "support/loopback_listener.hpp"

namespace {

using std::chrono::steady_clock;

/// Says 354, waits for the first bytes of the body, refuses, and then reads on or not.
class Refuser {
  public:
    explicit Refuser(bool reads_on) : reads_on_(reads_on) {
        server_ = std::thread([this] { serve(); });
    }
    ~Refuser() {
        listener_.stop();
        done_ = true;
        server_.join();
    }

    std::uint16_t port() const noexcept { return listener_.port(); }

    std::atomic<std::uint64_t> received{0};

  private:
    void serve() {
        const int fd = listener_.accept();
        if (fd < 0) return;
        const auto say = [fd](std::string_view text) {
            (void)::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        };
        std::string bytes(64 * 1024, '\0');
        say("220 hello\r\n");
        for (const char* answer :
             {"250 hello\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "552 5.3.4 Message too big\r\n"}) {
            if (::recv(fd, bytes.data(), bytes.size(), 0) <= 0) break;
            say(answer);
        }
        while (reads_on_) {
            const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
            if (count <= 0) break;
            received += static_cast<std::uint64_t>(count);
        }
        while (!done_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        ::close(fd);
    }

    bool reads_on_;
    std::atomic<bool> done_{false};
    test::LoopbackListener listener_{1};
    std::thread server_;
};

class EarlyRefusal : public ::testing::TestWithParam<bool> {};

TEST_P(EarlyRefusal, IsTakenWithoutSendingTheRest) {
    Refuser server(GetParam());
    test::LoadedMailSend mail_send;
    nlohmann::json settings = test::LoadedMailSend::in_clear(server.port());
    settings["timeouts"]["data"] = "3s";
    mail_send.configure(settings);
    wfc::testhost::TestCall call(
        "send", R"({"to": "bob@example.test", "text": "x", "attachments": [{"blob": "large"}]})");
    constexpr std::uint64_t megabytes = 256;
    call.blob("large", {.bytes = std::string(1 << 20, 'x'), .repeat = megabytes});
    EXPECT_EQ(mail_send.component.invoke(*call.table()), WFC_FAILED);
    const auto document = nlohmann::json::parse(call.result());
    EXPECT_EQ(document["outcome"], "rejected") << document.dump(1);
    EXPECT_EQ(document["error"]["stage"], "data");
    EXPECT_EQ(document["error"]["message"], "MailSend: failed to send mail: 552 5.3.4 Message too big");
    EXPECT_LT(server.received.load(), megabytes << 20) << "the whole message was sent all the same";
}

INSTANTIATE_TEST_SUITE_P(WhetherOrNotTheServer, EarlyRefusal, ::testing::Bool(),
                         [](const auto& tested) { return tested.param ? "ReadsOn" : "StopsReading"; });

}  // namespace
