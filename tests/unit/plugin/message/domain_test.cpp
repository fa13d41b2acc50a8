#include "message/domain.hpp"

#include <gmock/gmock.h>
#include <stdexcept>

namespace mailsend {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view domain) {
    try {
        return "accepted: " + ascii_domain(domain);
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
}

TEST(Domain, TurnsInternationalNamesIntoALabels) {
    EXPECT_EQ(ascii_domain("faß.de"), "xn--fa-hia.de");
    EXPECT_EQ(ascii_domain("例え。テスト"), "xn--r8jz45g.xn--zckzah");
    EXPECT_EQ(ascii_domain("BÜCHER.example"), "xn--bcher-kva.example");
    EXPECT_EQ(ascii_domain("XN--BCHER-KVA.example"), "xn--bcher-kva.example");
    EXPECT_EQ(ascii_domain("LocalHost"), "localhost");
    EXPECT_EQ(ascii_domain("r3---sn.example"), "r3---sn.example");
}

// libidn2 would delete some of these characters or pass them on: mail would reach another domain.
TEST(Domain, RefusesWhatTheLibraryWouldRepair) {
    for (const char* domain : {"exa mple.de", "é exa.de", "a/b.de", "a@b.de", "é@b.de", "é＠b.de", "a%b.de",
                               "é/b.de", "a:25.de", "é;b.de"}) {
        EXPECT_THAT(refusal(domain), Not(HasSubstr("accepted"))) << domain;
    }
    EXPECT_THAT(refusal("a_b.example"), HasSubstr("underscore"));
    EXPECT_THAT(refusal("é_b.example"), HasSubstr("underscore"));
    EXPECT_THAT(refusal("a\r\nb.de"), HasSubstr("line break"));
}

TEST(Domain, RefusesLabelsThatNoNameMayHave) {
    for (const char* domain : {"a..b", ".de", "de.", ".", "é..b", "é.", "-a.de", "a-.de", "é-.de",
                               "xn--zzzzzzz!.de", "xn--a.de", "😀.test"}) {
        EXPECT_THAT(refusal(domain), Not(HasSubstr("accepted"))) << domain;
    }
    EXPECT_THAT(refusal(""), HasSubstr("empty"));
}

TEST(Domain, AsksForBracketsAroundAnIpAddress) {
    EXPECT_THAT(refusal("192.0.2.1"), HasSubstr("brackets"));
    EXPECT_EQ(ascii_domain("[192.0.2.1]"), "[192.0.2.1]");
    EXPECT_EQ(ascii_domain("[ipv6:2001:DB8::1]"), "[IPv6:2001:db8::1]");
    for (const char* domain : {"[]", "[", "[192.0.2]", "[2001:db8::1]", "[192.0.2.1", "[IPv6:192.0.2.1]",
                               "[IPv6:fe80::1%eth0]", "[192.0.2.1]x"}) {
        EXPECT_THAT(refusal(domain), Not(HasSubstr("accepted"))) << domain;
    }
}

}  // namespace
}  // namespace mailsend
