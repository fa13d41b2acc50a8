#include "net/http.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>

#include "http_peer.hpp"

namespace {

using mailsend::net::HttpAnswer;
using mailsend::net::HttpRequest;
using mailsend::net::HttpTerms;
using mailsend::net::Trust;
using test::answer_to_get;
using test::answering;
using test::answering_under_tls;
using test::facts_of;
using test::get;
using test::loopback_url;
using test::patience;
using test::Peer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* hello =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello";

TEST(Http, PostsABodyToLoopbackAndTakesTheAnswer) {
    std::string asked;
    Peer peer(answering(hello, &asked));
    HttpRequest request;
    request.url = loopback_url(peer, "/a%2Fb?c=d#e");
    request.headers = {{"X-Trace", "one"}};
    request.content_type = "application/x-www-form-urlencoded";
    request.body = wfc::SecretString("grant_type=x&code=y");
    const HttpAnswer answer = exchange(request, {}, patience());
    peer.finish();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.reveal(), "hello");
    EXPECT_EQ(answer.headers.at("content-type"), "application/json");
    EXPECT_THAT(asked, StartsWith("POST /a%2Fb?c=d HTTP/1.1\r\n"));
    EXPECT_THAT(asked, HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) + "\r\n"));
    for (const char* field : {"X-Trace: one", "Content-Type: application/x-www-form-urlencoded",
                              "Content-Length: 19", "Connection: Close", "Accept: application/json"}) {
        EXPECT_THAT(asked, HasSubstr("\r\n" + std::string(field) + "\r\n"));
    }
    EXPECT_THAT(asked, testing::EndsWith("\r\n\r\ngrant_type=x&code=y"));
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Http, GetsWithoutABody) {
    std::string asked;
    Peer peer(answering(hello, &asked));
    HttpRequest request = get("http://localhost:" + std::to_string(peer.port()));
    request.headers = {{"Accept", "text/plain"}};
    EXPECT_EQ(exchange(request, {}, patience()).body.reveal(), "hello");
    peer.finish();
    EXPECT_THAT(asked, StartsWith("GET / HTTP/1.1\r\n"));
    EXPECT_THAT(asked, AllOf(Not(HasSubstr("Content-Length")), HasSubstr("Accept: text/plain\r\n"),
                             Not(HasSubstr("application/json"))));
}

TEST(Http, SaysThatAnEmptyBodyIsEmpty) {
    std::string asked;
    Peer peer(answering(hello, &asked));
    HttpRequest request;
    request.url = loopback_url(peer);
    exchange(request, {}, patience());
    peer.finish();
    EXPECT_THAT(asked, HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST(Http, SendsALargeBodyWhole) {
    std::string asked;
    Peer peer(answering(hello, &asked));
    HttpRequest request;
    request.url = loopback_url(peer);
    request.body = wfc::SecretString(std::string(1'000'000, 'b') + "end");
    EXPECT_EQ(exchange(request, {}, patience()).status, 200);
    peer.finish();
    EXPECT_THAT(asked, testing::EndsWith("bend"));
    EXPECT_EQ(asked.size() - asked.find("\r\n\r\n") - 4, 1'000'003U);
}

TEST(Http, SpeaksToIPv6Literals) {
    std::string asked;
    Peer peer(answering(hello, &asked), "::1");
    const std::string authority = "[::1]:" + std::to_string(peer.port());
    EXPECT_EQ(exchange(get("http://" + authority + "/x"), {}, patience()).status, 200);
    peer.finish();
    EXPECT_THAT(asked, HasSubstr("\r\nHost: " + authority + "\r\n"));
}

TEST(Http, ReadsEveryKindOfBody) {
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(answer_to_get(chunked + "2\r\nhe\r\n3;x=\"y\"\r\nllo\r\n0\r\n\r\n").body.reveal(), "hello");
    EXPECT_EQ(answer_to_get(chunked + "5\nhello\n0\nTrailer: x\n\n").body.reveal(), "hello");
    EXPECT_EQ(answer_to_get(chunked + "0\r\n\r\n").body.reveal(), "");
    EXPECT_EQ(answer_to_get("HTTP/1.0 200 OK\r\n\r\nhello").body.reveal(), "hello");
    EXPECT_EQ(answer_to_get("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n").body.reveal(), "");
    const std::string large(200'000, 'x');
    EXPECT_EQ(answer_to_get("HTTP/1.1 200 OK\r\n\r\n" + large).body.reveal(), large);
    EXPECT_EQ(answer_to_get(chunked + "30d40\r\n" + large + "\r\n0\r\n\r\n").body.reveal(), large);
    EXPECT_EQ(answer_to_get("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + large).body.reveal(),
              large);
}

TEST(Http, KeepsTheFirstFieldOfAName) {
    const auto answer = answer_to_get(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nwww-authenticate: Basic\r\n"
        "Retry-After:  30 \r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.headers.at("www-authenticate"), "Bearer");
    EXPECT_EQ(answer.headers.at("retry-after"), "30");
}

TEST(Http, FollowsNoRedirect) {
    Peer elsewhere([](int connection) {
        ADD_FAILURE() << "somebody came";
        test::drain(connection);
    });
    for (const char* status : {"301", "302", "303", "307", "308"}) {
        const std::string location = loopback_url(elsewhere);
        const auto answer =
            answer_to_get("HTTP/1.1 " + std::string(status) + " Moved\r\nLocation: " + location +
                          "\r\nContent-Length: 0\r\n\r\n");
        EXPECT_EQ(std::to_string(answer.status), status);
        EXPECT_EQ(answer.headers.at("location"), location);
    }
}

TEST(Http, PassesOverInterimAnswers) {
    EXPECT_EQ(answer_to_get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
                            std::string(hello))
                  .body.reveal(),
              "hello");
}

class HttpUnderTls : public testing::Test {
  protected:
    HttpTerms believing(const inbox::Authority& authority) const {
        HttpTerms terms;
        terms.trust = [pem = authority.certificate_pem()] {
            return std::make_shared<const Trust>(pem, mailsend::net::TlsVersion::tls1_2);
        };
        return terms;
    }
    static std::string url(const Peer& peer) {
        return "https://localhost:" + std::to_string(peer.port()) + "/t";
    }

    inbox::Authority authority_;
};

TEST_F(HttpUnderTls, PostsAndTakesTheAnswer) {
    std::string asked;
    Peer peer(answering_under_tls(authority_.issue({"localhost"}), hello, &asked));
    HttpRequest request;
    request.url = url(peer);
    request.body = wfc::SecretString("code=y");
    EXPECT_EQ(exchange(request, believing(authority_), patience()).body.reveal(), "hello");
    peer.finish();
    EXPECT_THAT(asked, StartsWith("POST /t HTTP/1.1\r\n"));
    EXPECT_THAT(asked, testing::EndsWith("\r\n\r\ncode=y"));
}

TEST_F(HttpUnderTls, ChecksTheNameOfTheUrlBeforeItAsks) {
    std::string asked;
    Peer peer(answering_under_tls(authority_.issue({"login.example.test"}), hello, &asked));
    const auto facts = facts_of([&] { exchange(get(url(peer)), believing(authority_), patience()); });
    EXPECT_EQ(facts.stage, mailsend::Stage::tls);
    EXPECT_EQ(facts.condition, "cert.host_mismatch");
    EXPECT_EQ(facts.details.at("host"), "localhost");
    EXPECT_EQ(facts.details.at("port"), std::to_string(peer.port()));
    peer.finish();
    EXPECT_EQ(asked, "");
}

TEST_F(HttpUnderTls, BelievesNoOtherAuthority) {
    const inbox::Authority other("Other");
    std::string asked;
    Peer peer(answering_under_tls(other.issue({"localhost"}), hello, &asked));
    const auto facts = facts_of([&] { exchange(get(url(peer)), believing(authority_), patience()); });
    EXPECT_EQ(facts.stage, mailsend::Stage::tls);
    EXPECT_THAT(facts.condition, StartsWith("cert."));
    peer.finish();
    EXPECT_EQ(asked, "");
}

TEST_F(HttpUnderTls, TellsAServerThatSpeaksPlainly) {
    Peer peer([](int connection) {
        test::say(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
        test::drain(connection);
    });
    EXPECT_EQ(facts_of([&] { exchange(get(url(peer)), believing(authority_), patience()); }).condition,
              "tls.plaintext_server");
}

TEST_F(HttpUnderTls, GivesTheHandshakeItsTime) {
    Peer peer([](int connection) { test::drain(connection); });
    HttpTerms terms = believing(authority_);
    terms.connect_ms = 100;
    const auto facts = facts_of([&] { exchange(get(url(peer)), terms, patience()); });
    EXPECT_EQ(facts.stage, mailsend::Stage::tls);
    EXPECT_EQ(facts.condition, "tls.timeout");
    EXPECT_EQ(facts.details.at("seconds"), "1");
}

TEST_F(HttpUnderTls, TakesTheEndOfTheConnectionForTheEndOfAnOpenBody) {
    Peer peer(answering_under_tls(authority_.issue({"localhost"}), "HTTP/1.1 200 OK\r\n\r\nhello"));
    EXPECT_EQ(exchange(get(url(peer)), believing(authority_), patience()).body.reveal(), "hello");
}

}  // namespace
