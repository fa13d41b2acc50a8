#include "net/http_socket.hpp"

#include <Poco/Net/StreamSocket.h>
#include <gmock/gmock.h>

#include "peer.hpp"

namespace {

using mailsend::net::HttpSocket;
using mailsend::net::Patience;
using test::patience;

/// Takes what is written, gives what it is told, fails when told so.
class Script : public mailsend::net::Stream {
  public:
    std::size_t read(char* into, std::size_t capacity, const Patience& /*patience*/) override {
        const std::size_t count = answer.copy(into, capacity);
        answer.erase(0, count);
        return count;
    }
    void write(std::string_view bytes, const Patience& /*patience*/) override {
        if (broken) throw mailsend::Failure(mailsend::Stage::connect, "conn.reset", "it broke");
        written += bytes;
    }
    std::uint64_t bytes_written() const noexcept override { return written.size(); }
    bool has_pending_input() override { return !answer.empty(); }
    bool ended() override { return broken; }
    void start_tls(const mailsend::net::Trust&, const std::string&, const Patience&) override {}
    std::optional<mailsend::net::TlsFacts> tls() const override { return std::nullopt; }
    std::string peer_address() const override { return {}; }
    std::string local_address() const override { return {}; }
    void close() noexcept override {}

    std::string written;
    std::string answer;
    bool broken = false;
};

class HttpSocketOver : public testing::Test {
  protected:
    Script script_;
    HttpSocket* const adapter_ = new HttpSocket(script_, "example.test", patience());
    Poco::Net::StreamSocket socket_{adapter_};
};

TEST_F(HttpSocketOver, WipesWhatItSent) {
    for (const bool broken : {false, true}) {
        script_.broken = broken;
        std::string secret = "code=hunter2";
        if (broken) {
            EXPECT_THROW(socket_.sendBytes(secret.data(), 12), mailsend::Failure);
        } else {
            EXPECT_EQ(socket_.sendBytes(secret.data(), 12), 12);
        }
        EXPECT_EQ(secret, std::string(12, '\0'));
    }
    EXPECT_EQ(script_.written, "code=hunter2");
}

TEST_F(HttpSocketOver, WipesWhatItReceivedWhenTold) {
    script_.answer = "HTTP/1.1 200 OK hunter2";
    std::string buffer(64, '-');
    EXPECT_EQ(socket_.receiveBytes(buffer.data(), 64), 23);
    EXPECT_EQ(buffer.substr(0, 24), "HTTP/1.1 200 OK hunter2-");
    adapter_->wipe_received();
    EXPECT_EQ(buffer.substr(0, 24), std::string(23, '\0') + "-");
}

TEST_F(HttpSocketOver, KeepsTheFirstCauseAndTriesNothingMore) {
    std::string bytes = "one";
    EXPECT_NO_THROW(adapter_->rethrow_cause());
    script_.broken = true;
    EXPECT_THROW(socket_.sendBytes(bytes.data(), 3), mailsend::Failure);
    script_.broken = false;
    script_.answer = "HTTP/1.1 200 OK";
    bytes = "two";
    EXPECT_THROW(socket_.sendBytes(bytes.data(), 3), mailsend::Failure);
    EXPECT_EQ(bytes, std::string(3, '\0'));
    EXPECT_THROW(socket_.receiveBytes(bytes.data(), 3), mailsend::Failure);
    EXPECT_THROW(adapter_->rethrow_cause(), mailsend::Failure);
    EXPECT_EQ(script_.written, "");
}

}  // namespace
