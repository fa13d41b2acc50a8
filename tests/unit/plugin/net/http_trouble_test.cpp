#include <atomic>
#include <gmock/gmock.h>

#include "http_peer.hpp"

namespace {

using mailsend::net::HttpRequest;
using mailsend::net::HttpTerms;
using test::answer_to_get;
using test::answering;
using test::facts_of;
using test::get;
using test::loopback_url;
using test::patience;
using test::Peer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

mailsend::Facts trouble_with(const std::string& answer, const HttpTerms& terms = {}) {
    auto facts = facts_of([&] { answer_to_get(answer, terms); });
    EXPECT_EQ(facts.stage, mailsend::Stage::api) << answer.substr(0, 200);
    EXPECT_EQ(facts.details["host"], "127.0.0.1");
    EXPECT_NE(facts.details["port"], "");
    return facts;
}

const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

TEST(HttpTrouble, IsTheEndOfAConnectionBeforeThatOfTheAnswer) {
    for (const std::string& part :
         {std::string(), std::string("HTT"), ok, ok + "Content-Le", ok + "Content-Length: 5\r\n",
          ok + "Content-Length: 5\r\n\r\n", ok + "Content-Length: 5\r\n\r\nhell", chunked, chunked + "5",
          chunked + "5\r\nhel", chunked + "5\r\nhello", chunked + "5\r\nhello\r\n",
          std::string("HTTP/1.1 100 Continue\r\n\r\n")}) {
        const auto facts = trouble_with(part);
        EXPECT_EQ(facts.condition, "http.closed") << part;
        EXPECT_EQ(facts.sentence, "127.0.0.1 closed the connection before its answer was whole");
    }
}

TEST(HttpTrouble, IsAResetInTheMiddle) {
    Peer peer([](int connection) {
        test::request_on(connection);
        test::say(connection, ok + "Content-Length: 5\r\n\r\nhe");
        test::reset(connection);
    });
    EXPECT_EQ(facts_of([&] { exchange(get(loopback_url(peer)), {}, patience()); }).condition, "http.closed");
}

TEST(HttpTrouble, IsWhatIsNoHttp) {
    for (const std::string& answer : {std::string("220 mail.example.test ESMTP\r\n"),
                                      std::string("SSH-2.0-x\r\n"),
                                      std::string("HTTP/2 200 OK\r\n\r\n"),
                                      std::string("<html>"),
                                      std::string("\r\n\r\n"),
                                      std::string("http/1.1 200 OK\r\n\r\n"),
                                      std::string("HTTP/1.1 OK\r\n\r\n"),
                                      std::string("HTTP/1.1 2000 OK\r\n\r\n"),
                                      std::string("HTTP/1.1 099 OK\r\n\r\n"),
                                      std::string("HTTP/1.1 600 OK\r\n\r\n"),
                                      std::string("HTTP/1.1 20x OK\r\n\r\n"),
                                      std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
                                      std::string("\0\0\0\0\0\0\0\0", 8),
                                      ok + "Content-Length: five\r\n\r\nhello",
                                      ok + "Content-Length: -1\r\n\r\nhello",
                                      ok + "Content-Length: " + std::string(40, '9') + "\r\n\r\nhello",
                                      ok + "Content-Length: 5 5\r\n\r\nhello",
                                      ok + "Transfer-Encoding: gzip\r\n\r\nhello",
                                      chunked + "x\r\nhello\r\n0\r\n\r\n",
                                      chunked + "5x\r\nhello\r\n0\r\n\r\n",
                                      chunked + "-5\r\nhello\r\n0\r\n\r\n",
                                      chunked + "\r\n",
                                      chunked + "2\r\nhello\r\n0\r\n\r\n",
                                      chunked + "5;" + std::string(5000, 'x') + "\r\nhello\r\n0\r\n\r\n"}) {
        const auto facts = trouble_with(answer);
        EXPECT_EQ(facts.condition, "http.garbage") << answer.substr(0, 200);
        EXPECT_EQ(facts.sentence, "127.0.0.1 does not answer as an HTTP server does");
    }
}

TEST(HttpTrouble, IsKnownAtOnceWhereNobodySpeaksHttp) {
    // It goes on waiting for a client that speaks its language.
    Peer peer([](int connection) {
        test::say(connection, "220 mail.example.test ESMTP\r\n");
        test::drain(connection);
    });
    HttpTerms terms;
    terms.answer_ms = 60'000;
    EXPECT_EQ(facts_of([&] { exchange(get(loopback_url(peer)), terms, patience()); }).condition,
              "http.garbage");
}

TEST(HttpTrouble, IsNoEndOfInterimAnswers) {
    std::string answers;
    for (int i = 0; i < 20; ++i) answers += "HTTP/1.1 103 Early Hints\r\n\r\n";
    EXPECT_EQ(trouble_with(answers + ok + "Content-Length: 0\r\n\r\n").condition, "http.garbage");
    std::string more;
    while (more.size() < 80'000) more += "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(trouble_with(more).condition, "http.too_large");
}

TEST(HttpTrouble, IsAHeadThatIsTooLarge) {
    std::string many = ok;
    for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
    EXPECT_EQ(trouble_with(many + "\r\n").condition, "http.too_large");
    EXPECT_EQ(trouble_with(ok + "X: " + std::string(70'000, 'y')).condition, "http.too_large");
    EXPECT_EQ(trouble_with(ok + std::string(70'000, 'y')).condition, "http.too_large");
    EXPECT_EQ(trouble_with("HTTP/1.1 200 " + std::string(70'000, 'y')).condition, "http.too_large");
    std::string wide = ok;
    for (int i = 0; i < 20; ++i) wide += "X-" + std::to_string(i) + ": " + std::string(5000, 'y') + "\r\n";
    EXPECT_EQ(trouble_with(wide + "\r\n").condition, "http.too_large");
    std::string whole = ok;
    for (int i = 0; i < 90; ++i) whole += "X-" + std::to_string(i) + ": " + std::string(500, 'y') + "\r\n";
    EXPECT_EQ(answer_to_get(whole + "\r\nhello").body.reveal(), "hello");
}

TEST(HttpTrouble, NamesTheLimitOfAFieldOfTheHead) {
    EXPECT_EQ(answer_to_get(ok + "X: " + std::string(8'000, 'y') + "\r\n\r\nhello").body.reveal(), "hello");
    const auto facts = trouble_with(ok + "X: " + std::string(9'000, 'y') + "\r\n\r\nhello");
    EXPECT_EQ(facts.condition, "http.too_large");
    EXPECT_EQ(facts.sentence,
              "a field in the head of the answer of 127.0.0.1 is longer than the 8192 bytes that are read");
    std::string many = ok;
    for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
    EXPECT_EQ(trouble_with(many + "\r\n").sentence,
              "the head of the answer of 127.0.0.1 has more than 100 fields");
}

TEST(HttpTrouble, IsABodyThatIsTooLarge) {
    HttpTerms terms;
    terms.max_body = 1000;
    const std::string fits(1000, 'x');
    for (const std::string& whole : {ok + "Content-Length: 1000\r\n\r\n" + fits, ok + "\r\n" + fits,
                                     chunked + "3e8\r\n" + fits + "\r\n0\r\n\r\n"}) {
        EXPECT_EQ(answer_to_get(whole, terms).body.size(), 1000U);
    }
    EXPECT_EQ(trouble_with(ok + "Content-Length: 1001\r\n\r\n", terms).condition, "http.too_large");
    EXPECT_EQ(trouble_with(ok + "\r\n" + fits + "y", terms).condition, "http.too_large");
    EXPECT_EQ(trouble_with(chunked + "3e8\r\n" + fits + "\r\n1\r\nx\r\n0\r\n\r\n", terms).condition,
              "http.too_large");
    EXPECT_EQ(trouble_with(chunked + "ffffffffffffffff\r\n", terms).condition, "http.too_large");
    EXPECT_EQ(trouble_with(chunked + "fffffffffffffffff\r\n", terms).condition, "http.too_large");
    EXPECT_THAT(trouble_with(chunked + "3e9\r\n", terms).sentence, HasSubstr("larger than 1000 bytes"));
}

TEST(HttpTrouble, LeavesMostOfTenMegabytesWhereTheyAre) {
    for (const bool in_chunks : {true, false}) {
        std::atomic<std::size_t> sent{0};
        Peer peer([&](int connection) {
            test::request_on(connection);
            test::say(connection, in_chunks ? chunked : ok + "\r\n");
            const std::string block(10'000, 'x');
            const std::string piece = in_chunks ? "2710\r\n" + block + "\r\n" : block;
            for (int i = 0; i < 1000; ++i) {
                if (::send(connection, piece.data(), piece.size(), MSG_NOSIGNAL) <= 0) return;
                sent += piece.size();
            }
        });
        HttpTerms terms;
        terms.max_body = 20'000;
        EXPECT_EQ(facts_of([&] { exchange(get(loopback_url(peer)), terms, patience()); }).condition,
                  "http.too_large");
        peer.finish();
        // What lies in the buffers of two sockets was sent too.
        EXPECT_LT(sent, 9'000'000U);
    }
}

TEST(HttpTrouble, IsAnAnswerThatDripsTooSlowly) {
    for (const std::string& start : {std::string(), ok, ok + "Content-Length: 1000\r\n\r\n", chunked}) {
        Peer peer([&](int connection) {
            test::request_on(connection);
            test::say(connection, start);
            const std::string rest = start.empty() ? ok : start == ok ? "X: y" : std::string(100, '1');
            for (int i = 0; i < 100; ++i) {
                const std::string byte(1, rest[static_cast<std::size_t>(i) % rest.size()]);
                if (::send(connection, byte.data(), 1, MSG_NOSIGNAL) <= 0) return;
                std::this_thread::sleep_for(50ms);
            }
        });
        HttpTerms terms;
        terms.answer_ms = 300;
        const auto facts = facts_of([&] { exchange(get(loopback_url(peer)), terms, patience(30s)); });
        EXPECT_EQ(facts.condition, "http.timeout") << start;
        EXPECT_EQ(facts.sentence, "127.0.0.1 did not answer whole within 1 s");
    }
}

TEST(HttpTrouble, EndsAtCancelAndDeadlineWhereverItIs) {
    const auto silent_after = [](std::string words) {
        return [words = std::move(words)](int connection) {
            if (!words.empty()) test::request_on(connection);
            test::say(connection, words);
            test::drain(connection);
        };
    };
    const std::vector<Peer::Serve> servers = {silent_after(""), silent_after("HTT"), silent_after(ok + "X: "),
                                              silent_after(ok + "\r\nhel"), silent_after(chunked + "5\r\nhe"),
                                              // One that never takes a large request.
                                              [](int) { std::this_thread::sleep_for(600ms); }};
    for (std::size_t i = 0; i < servers.size(); ++i) {
        for (const bool cancel : {true, false}) {
            Peer peer(servers[i]);
            HttpRequest request;
            request.url = loopback_url(peer);
            if (i + 1 == servers.size()) request.body = wfc::SecretString(std::string(20'000'000, 'x'));
            const double took = test::elapsed_ms([&] {
                if (cancel) {
                    EXPECT_THROW(exchange(request, {}, patience(10s, 150ms)), mailsend::Cancelled) << i;
                } else {
                    EXPECT_THROW(exchange(request, {}, patience(150ms)), mailsend::net::TimedOut) << i;
                }
            });
            EXPECT_LT(took, 5000);
        }
    }
}

TEST(HttpTrouble, NeverQuotesTheRequest) {
    for (const std::string& repeated : {std::string(), ok + "Content-Length: ", chunked}) {
        Peer peer([&](int connection) { test::say(connection, repeated + test::request_on(connection)); });
        HttpRequest request;
        request.url = loopback_url(peer, "/token?hunter2-query");
        request.headers = {{"Authorization", "Bearer hunter2-field"}};
        request.body = wfc::SecretString("hunter2-body");
        const auto facts = facts_of([&] { exchange(request, {}, patience()); });
        EXPECT_THAT(facts.sentence, Not(HasSubstr("hunter2")));
        for (const auto& [name, value] : facts.details) EXPECT_THAT(value, Not(HasSubstr("hunter2"))) << name;
    }
}

}  // namespace
