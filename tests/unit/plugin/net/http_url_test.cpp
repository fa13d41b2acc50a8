#include "net/http_url.hpp"

#include <gmock/gmock.h>
#include <stdexcept>

namespace {

using mailsend::net::parse_http_url;
using testing::HasSubstr;
using testing::Not;

std::string why_not(const std::string& url) {
    try {
        parse_http_url(url);
    } catch (const std::invalid_argument& refused) {
        EXPECT_THAT(refused.what(), Not(HasSubstr("hunter2")));
        return refused.what();
    }
    return "nothing was refused";
}

TEST(HttpUrl, IsTakenApart) {
    const auto url = parse_http_url("HTTPS://Login.Example.Test/common/v2.0/token?a=%2F%2f#fragment");
    EXPECT_TRUE(url.tls);
    EXPECT_FALSE(url.loopback);
    EXPECT_EQ(url.host, "login.example.test");
    EXPECT_EQ(url.port, 443);
    EXPECT_EQ(url.authority, "login.example.test");
    EXPECT_EQ(url.target, "/common/v2.0/token?a=%2F%2f");
    EXPECT_EQ(parse_http_url("https://example.test:8443").authority, "example.test:8443");
    EXPECT_EQ(parse_http_url("https://example.test").target, "/");
    EXPECT_EQ(parse_http_url("https://example.test?a=b").target, "/?a=b");
    EXPECT_EQ(parse_http_url("https://example.test#x/y").target, "/");
    const auto v6 = parse_http_url("https://[2001:db8::1]/x");
    EXPECT_EQ(v6.host, "2001:db8::1");
    EXPECT_EQ(v6.authority, "[2001:db8::1]");
}

TEST(HttpUrl, KnowsLoopback) {
    for (const char* url : {"http://127.0.0.1/", "http://127.1.2.3:80/", "http://[::1]:8080/",
                            "http://localhost/", "http://LOCALHOST./", "http://auth.localhost/"}) {
        EXPECT_TRUE(parse_http_url(url).loopback) << url;
    }
    for (const char* url :
         {"http://example.test/", "http://192.0.2.1/", "http://[2001:db8::1]/", "http://[::ffff:127.0.0.1]/",
          "http://0.0.0.0/", "http://[::]/", "http://notlocalhost/", "http://localhost.example.test/",
          "http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://127.0.0.1.example.test/"}) {
        EXPECT_THAT(why_not(url), HasSubstr("neither https nor on this machine")) << url;
    }
}

TEST(HttpUrl, IsRefusedWhereItWouldMisleadAndNeverQuoted) {
    EXPECT_THAT(why_not("https://user:hunter2@example.test/"), HasSubstr("user name or password"));
    EXPECT_THAT(why_not("https://hunter2@example.test/"), HasSubstr("user name or password"));
    EXPECT_THAT(why_not("https://@example.test/"), HasSubstr("user name or password"));
    EXPECT_THAT(why_not("http://127.0.0.1@example.test/"), HasSubstr("user name or password"));
    for (const char* url : {"ftp://example.test/", "file:///etc/passwd", "/token", "//example.test/", ""}) {
        EXPECT_THAT(why_not(url), HasSubstr("is not https")) << url;
    }
    for (const char* url :
         {"https://", "https:///token", "https:example.test", "https://exa%6dple.test/",
          "https://exa\\mple.test/", "https://[fe80::1%25eth0]/", "https://[::1/", "https://[example.test]/",
          "https://example.test:port/", "https://example.test:99999/"}) {
        EXPECT_NE(why_not(url), "nothing was refused") << url;
    }
    for (const std::string& url :
         {std::string("https://example.test/a b"), std::string("https://example.test/\r\nX: hunter2"),
          std::string("https://example.test/\0x", 23), std::string("https://ex\xc3\xa4mple.test/")}) {
        EXPECT_THAT(why_not(url), HasSubstr("not visible ASCII")) << url;
    }
    EXPECT_THAT(why_not("https://example.test/" + std::string(9000, 'x')), HasSubstr("longer than"));
}

TEST(HttpUrl, KnowsTheAddressesOfThisMachine) {
    for (const char* address : {"127.0.0.1", "127.255.0.1", "::1"}) {
        EXPECT_TRUE(mailsend::net::is_loopback_address(address)) << address;
    }
    for (const char* address :
         {"", "localhost", "126.0.0.1", "127.1", "::", "::ffff:127.0.0.1", "fe80::1%lo", "::1%lo"}) {
        EXPECT_FALSE(mailsend::net::is_loopback_address(address)) << address;
    }
}

}  // namespace
