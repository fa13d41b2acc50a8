#include "metrics/scrape.hpp"

#include <gmock/gmock.h>

namespace wfc::metrics {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string answer(const std::string& bytes, bool loopback = true) {
    RequestReader request;
    request.take(bytes);
    return answer_to(request, loopback, [] { return std::string("figures 1\n"); });
}

TEST(Scrape, GivesTheFiguresInPrometheusFormat) {
    const std::string got = answer("GET /metrics HTTP/1.1\r\nHost: localhost:9464\r\n\r\n");
    EXPECT_THAT(got, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(got, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    EXPECT_THAT(got, HasSubstr("Content-Length: 10\r\n"));
    EXPECT_THAT(got, EndsWith("\r\n\r\nfigures 1\n"));
}

TEST(Scrape, GivesNothingUnderAnotherNameWhereOnlyThisMachineAsks) {
    const std::string request = "GET /metrics HTTP/1.1\r\nHost: rebound.example\r\n\r\n";
    EXPECT_THAT(answer(request), StartsWith("HTTP/1.1 403 "));
    EXPECT_THAT(answer(request), Not(HasSubstr("figures")));
    EXPECT_THAT(answer(request, false), StartsWith("HTTP/1.1 200 "));
}

TEST(Scrape, SaysWhyNot) {
    EXPECT_THAT(answer("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
    const std::string post = answer("POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(post, StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(post, HasSubstr("\r\nAllow: GET\r\n"));
    EXPECT_THAT(answer("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"), EndsWith("\r\n\r\n"));
    EXPECT_THAT(answer("x\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST(Scrape, KnowsTheNamesOfThisMachine) {
    for (const char* name :
         {"127.0.0.1", "127.0.0.1:1", "localhost", "LocalHost:65535", "[::1]", "[::1]:80", "localhost:"})
        EXPECT_TRUE(names_this_machine(name)) << name;
    for (const char* name :
         {"", ":", ":80", "::1", "[::1", "::1]", "[::1]x:1", "localhost:8a", "localhost.:1",
          "127.0.0.1.example", "x127.0.0.1", "localhost@x", "0.0.0.0", "[::]:1"})
        EXPECT_FALSE(names_this_machine(name)) << name;
}

}  // namespace
}  // namespace wfc::metrics
