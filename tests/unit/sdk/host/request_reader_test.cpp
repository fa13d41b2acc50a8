#include "host/request_reader.hpp"

#include <gtest/gtest.h>

namespace wfc {
namespace {

using Progress = RequestReader::Progress;

/// The status with which it is refused; 0: it is whole, -1: more is to come.
int status_of(const std::string& bytes) {
    RequestReader reader;
    const Progress progress = reader.take(bytes);
    return progress == Progress::refused ? reader.refusal() : progress == Progress::whole ? 0 : -1;
}

std::string with(const std::string& fields) {
    return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}

TEST(RequestReader, ReadsARequestInOnePieceAndInMany) {
    const std::string request =
        "POST /a%20b?c=d&e HTTP/1.1\r\nhost: localhost:1\r\nCONTENT-TYPE: Text/Plain; charset=utf-8\r\n"
        "Content-Length: 5\r\nAccept-Language: ja\r\n\r\nhello";
    for (const std::size_t step : {request.size(), std::size_t{1}, std::size_t{7}}) {
        RequestReader reader;
        Progress progress = Progress::more;
        for (std::size_t at = 0; at < request.size(); at += step) {
            EXPECT_EQ(progress, Progress::more);
            progress = reader.take(request.substr(at, step));
        }
        ASSERT_EQ(progress, Progress::whole);
        EXPECT_EQ(reader.method(), "POST");
        EXPECT_EQ(reader.path(), "/a%20b");
        EXPECT_EQ(reader.query(), "c=d&e");
        EXPECT_EQ(reader.host(), "localhost:1");
        EXPECT_EQ(reader.media_type(), "text/plain");
        EXPECT_EQ(reader.accept_language(), "ja");
        EXPECT_EQ(reader.body(), "hello");
    }
}

TEST(RequestReader, LeavesWhatComesAfterTheRequest) {
    RequestReader reader;
    EXPECT_EQ(reader.take("POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\nabc"), Progress::whole);
    EXPECT_EQ(reader.body(), "a");
}

TEST(RequestReader, RefusesWhatIsNoRequest) {
    for (const char* line : {"GET /", "GET", "", "GET  / HTTP/1.1", " / HTTP/1.1", "GET http://a/ HTTP/1.1",
                             "GET /\x01 HTTP/1.1", "GET /\xC3\xA4 HTTP/1.1", "\x16\x03\x01 a b"}) {
        EXPECT_EQ(status_of(std::string(line) + "\r\nHost: a\r\n\r\n"), 400) << line;
    }
    EXPECT_EQ(status_of("GET / HTTP/2.0\r\n\r\n"), 505);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\n\r\n\r\n"), 400);
}

TEST(RequestReader, RefusesWhatCouldBeReadInTwoWays) {
    EXPECT_EQ(status_of(with("Host: a\r\nHost: b\r\n")), 400);
    EXPECT_EQ(status_of(with("Content-Length: 1\r\nContent-Length: 2\r\n")), 400);
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\n")), 411);
    for (const char* length : {"-1", "+1", "1x", "0x1"}) {
        EXPECT_EQ(status_of(with("Content-Length: " + std::string(length) + "\r\n")), 400) << length;
    }
}

TEST(RequestReader, IsBounded) {
    EXPECT_EQ(status_of(std::string(RequestReader::most_head, 'a')), -1);
    EXPECT_EQ(status_of(std::string(RequestReader::most_head + 1, 'a')), 431);
    EXPECT_EQ(status_of(with("Content-Length: 65537\r\n")), 413);
    EXPECT_EQ(status_of(with("Content-Length: 65536\r\n")), -1);
    EXPECT_EQ(status_of(with("Content-Length: 99999999999999999999999\r\n")), 413);
    std::string many;
    for (int i = 0; i < 200; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
    EXPECT_EQ(status_of(with(many)), 400);
}

TEST(RequestReader, RefusesTheRestOfARefusedRequest) {
    RequestReader reader;
    EXPECT_EQ(reader.take("GET / HTTP/2.0\r\n\r\n"), Progress::refused);
    EXPECT_EQ(reader.take("GET / HTTP/1.1\r\n\r\n"), Progress::refused);
}

}  // namespace
}  // namespace wfc
