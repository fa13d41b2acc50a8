// How often MailSend waits for the server: for the first message of a connection, for the next one, and for
// each of several that are asked for at the same time. Counted by turns on a long way, so that it does not
// depend on how fast this machine is; the table below is the promise.
#include <algorithm>
#include <thread>
#include <vector>

#include "inbox/inbox.hpp"
#include "round_trips/delaying_proxy.hpp"
#include "support/loaded_mail_send.hpp"
#include "support/scratch.hpp"

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr int at_once = 4;

/// What was counted, or is promised.
struct RoundTrips {
    int first;   ///< handshake of TCP, greeting and signing in among them
    int next;    ///< on the same connection, the one before has its result
    int queued;  ///< so many more, all asked for at once, on the same connection: together
};

struct Promise {
    const char* name;
    const char* security;  ///< of the settings
    const char* sign_in;   ///< mechanism, or "none"
    const char* offers;    ///< of the server, besides
    RoundTrips promised;
};

// TCP 1, greeting 1, EHLO 1; STARTTLS 1, TLS 1.3 1, EHLO 1 or TLS 1.3 1; AUTH with its first response 1; then
// MAIL, RCPT, DATA and the body: one each, MAIL to DATA in one (RFC 2920), or all in one (RFC 3030). Of
// messages that wait for each other the body of one and the MAIL of the next share a turn; with BDAT none
// waits.
const Promise promises[] = {
    {"InClear", "none", "none", "", {7, 4, at_once * 4}},
    {"InClearPipelining", "none", "none", "PIPELINING,", {5, 2, at_once + 1}},
    {"InClearChunking", "none", "none", "PIPELINING,CHUNKING,", {4, 1, 1}},
    {"StarttlsPlain", "starttls", "PLAIN", "", {11, 4, at_once * 4}},
    {"StarttlsPlainPipelining", "starttls", "PLAIN", "PIPELINING,", {9, 2, at_once + 1}},
    {"StarttlsPlainChunking", "starttls", "PLAIN", "PIPELINING,CHUNKING,", {8, 1, 1}},
    {"ImplicitTlsXoauth2", "implicit-tls", "XOAUTH2", "", {9, 4, at_once * 4}},
    {"ImplicitTlsXoauth2Pipelining", "implicit-tls", "XOAUTH2", "PIPELINING,", {7, 2, at_once + 1}},
    {"ImplicitTlsXoauth2Chunking", "implicit-tls", "XOAUTH2", "PIPELINING,CHUNKING,", {6, 1, 1}},
};

void PrintTo(const Promise& promise, std::ostream* out) {
    *out << promise.name;
}

/// A server far away, and MailSend with settings for it.
class FarAway {
  public:
    FarAway(const Promise& way, std::chrono::milliseconds one_way)
        : inbox_(options(way)), proxy_(door(way), one_way) {
        mail_send_.host.file("ca.pem", {.bytes = inbox_.ca_pem()});
        mail_send_.host.secret("secret", "secret");
        json settings = test::LoadedMailSend::in_clear(proxy_.port());
        settings["server"]["security"] = way.security;
        settings["delivery"]["max_connections"] = 1;
        if (way.security != std::string("none")) {
            settings["server"]["host"] = "localhost";
            settings["network"]["source_address"] = "127.0.0.1";  // not ::1, where the proxy is not
            settings["tls"]["ca_file"] = "ca.pem";
        }
        if (way.sign_in == std::string("PLAIN")) {
            settings["auth"] = {
                {"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "secret"}}}};
        } else if (way.sign_in == std::string("XOAUTH2")) {
            settings["auth"] = {{"method", "oauth2"},
                                {"provider", "custom"},
                                {"grant", "access-token"},
                                {"username", "alice@example.test"},
                                {"access_token", {{"$secret", "secret"}}}};
        }
        mail_send_.configure(settings);
    }
    FarAway(const FarAway&) = delete;
    FarAway& operator=(const FarAway&) = delete;

    /// Sends so many at once and counts what they took together.
    int send(int messages) {
        const test::Waits before = proxy_.waits();
        std::vector<std::thread> threads;
        for (int i = 0; i < messages; ++i) {
            threads.emplace_back([this, id = "call-" + std::to_string(++calls_)] {
                wfc::testhost::TestCall call("send", test::short_message());
                call.id(id);
                EXPECT_EQ(mail_send_.component.invoke(*call.table()), WFC_OK) << call.result();
            });
        }
        for (std::thread& thread : threads) thread.join();
        return proxy_.waits().since(before).round_trips();
    }

  private:
    inbox::Options options(const Promise& way) {
        inbox::Options out;
        out.store = scratch_.path();
        out.tls_port = 0;
        out.auth_in_clear = true;  // it has nothing to protect; the settings decide
        std::string offers = std::string(way.offers) + "8BITMIME,SIZE,ENHANCEDSTATUSCODES";
        if (way.sign_in != std::string("none")) offers += std::string(",AUTH=") + way.sign_in;
        if (way.security == std::string("starttls")) offers += ",STARTTLS";
        out.offers = inbox::Offers::parse(offers);
        return out;
    }
    std::uint16_t door(const Promise& way) const {
        return way.security == std::string("implicit-tls") ? *inbox_.tls_port() : inbox_.port();
    }

    wfc::test::Scratch scratch_;  // outlives the inbox
    inbox::Inbox inbox_;
    test::DelayingProxy proxy_;
    test::LoadedMailSend mail_send_{};
    int calls_ = 0;
};

class RoundTripsOf : public ::testing::TestWithParam<Promise> {};

TEST_P(RoundTripsOf, AreAsFewAsThePromiseSays) {
    const RoundTrips& promised = GetParam().promised;
    RoundTrips least{1000, 1000, 1000};
    // A busy machine may stop a turn in its middle, which then looks like two; it cannot hide one. A longer
    // way leaves it more time.
    for (const auto one_way : {25ms, 75ms, 200ms}) {
        FarAway server(GetParam(), one_way);
        least.first = std::min(least.first, server.send(1));
        least.next = std::min(least.next, server.send(1));
        least.queued = std::min(least.queued, server.send(at_once));
        if (least.first <= promised.first && least.next <= promised.next && least.queued <= promised.queued)
            break;
    }
    EXPECT_EQ(least.first, promised.first) << "first message";
    EXPECT_EQ(least.next, promised.next) << "next message";
    EXPECT_EQ(least.queued, promised.queued) << at_once << " more at once";
}

INSTANTIATE_TEST_SUITE_P(Counted, RoundTripsOf, ::testing::ValuesIn(promises),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
