// A name that stands for two servers, one of which does not do its work: whoever tries again goes to the
// other.
#include <atomic>

#include "delivery/persistent_transport.hpp"
#include "inbox/listener.hpp"
#include "over_smtp.hpp"
#include "support/dns_server.hpp"

namespace mailsend::delivery {
namespace {

constexpr auto patience = std::chrono::seconds(10);

/// 127.0.0.1 ends each connection as it is told, 127.0.0.2 takes every message.
class TwoServers {
  public:
    explicit TwoServers(std::string greeting) : greeting_(std::move(greeting)) {
        // The port is free at the first address; that it is at the other one is likely.
        for (int i = 0; i < 20; ++i) {
            listener_ = std::make_unique<inbox::Listener>(
                [this](inbox::Wire& wire, std::size_t door) { serve(wire, door == 1); });
            try {
                port_ = listener_->open({"127.0.0.1"}, 0);
                listener_->open({"127.0.0.2"}, port_);
                break;
            } catch (const std::system_error&) {
                listener_.reset();
            }
        }
        if (!listener_) throw std::runtime_error("no port is free at both addresses");
        listener_->start();
        names_.answer("mail.example.test", {.a = {"127.0.0.1", "127.0.0.2"}});
    }
    net::Endpoint endpoint() const { return {"mail.example.test", port_, {names_.address()}}; }
    int refused() const { return refused_; }

  private:
    void serve(inbox::Wire& wire, bool good) {
        if (!good) {
            ++refused_;
            if (!greeting_.empty()) wire.send(greeting_ + "\r\n");
            return wire.close();
        }
        wire.send("220 hi\r\n");
        bool body = false;
        for (std::string line; wire.read_line(line, 4096, patience) == inbox::Got::bytes;) {
            if (body && line != ".") continue;
            body = line == "DATA";
            wire.send(body ? "354 go\r\n" : "250 ok\r\n");
        }
    }

    std::string greeting_;
    test::DnsServer names_;
    std::atomic<int> refused_ = 0;
    std::uint16_t port_ = 0;
    std::unique_ptr<inbox::Listener> listener_;
};

class TwoAddresses : public OverSmtp {
  protected:
    Report delivered_to(const TwoServers& servers) {
        Route route;
        route.endpoint = servers.endpoint();
        route.protection = smtp::Protection::none;
        route.ehlo_name = "client.example.test";
        route.clock = wfc::Clock(&real_clock());
        SmtpTransport smtp(route, Partial::report);
        RetryTerms terms;
        terms.diagnose = [](const Facts&) {
            Diagnosis diagnosis;
            diagnosis.error_class = ErrorClass::transient;
            diagnosis.advice = Advice::backoff;
            diagnosis.delay = std::chrono::milliseconds(500);
            return diagnosis;
        };
        terms.chance = [] { return 0.999; };
        terms.waiting = [this](std::uint64_t wait_ms, const Facts&) { waits_.push_back(wait_ms); };
        PersistentTransport transport(smtp, terms, Partial::report);
        const auto message = message_to(1);
        Report report = transport.deliver(*message, order_for(1), patience_of(route));
        transport.close(patience_of(route));
        return report;
    }
    std::vector<std::uint64_t> waits_;
};

TEST_F(TwoAddresses, AreTriedAtOnceWhereTheFirstHangsUpWithoutAGreeting) {
    const TwoServers servers("");
    const Report report = delivered_to(servers);
    EXPECT_EQ(report.verdict, Verdict::accepted);
    ASSERT_EQ(report.attempts.size(), 2u);
    EXPECT_EQ(report.attempts[0].address, "127.0.0.1");
    EXPECT_EQ(report.attempts[0].facts->condition, "greet.eof");
    EXPECT_EQ(report.attempts[1].address, "127.0.0.2");
    EXPECT_FALSE(report.attempts[1].reused);
    EXPECT_TRUE(waits_.empty());
    EXPECT_EQ(servers.refused(), 1);
}

TEST_F(TwoAddresses, AreTriedAfterTheReplysOwnDelayWhereTheFirstSaysNotNow) {
    const TwoServers servers("421 4.3.2 Too busy");
    const Report report = delivered_to(servers);
    EXPECT_EQ(report.verdict, Verdict::accepted);
    ASSERT_EQ(report.attempts.size(), 2u);
    EXPECT_EQ(report.attempts[0].facts->reply->code, 421);
    EXPECT_EQ(report.attempts[1].address, "127.0.0.2");
    ASSERT_EQ(waits_.size(), 1u);
    EXPECT_GE(waits_[0], 200u);
    EXPECT_EQ(servers.refused(), 1);
}

}  // namespace
}  // namespace mailsend::delivery
