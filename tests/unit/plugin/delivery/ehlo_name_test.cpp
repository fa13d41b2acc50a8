#include "delivery/ehlo_name.hpp"

#include <gtest/gtest.h>

namespace mailsend::delivery {
namespace {

TEST(EhloName, IsTheMachinesNameWhenThatIsFullyQualified) {
    EXPECT_EQ(default_ehlo_name("mail-1.example.test", "192.0.2.1"), "mail-1.example.test");
}

TEST(EhloName, IsAnAddressLiteralOtherwise) {
    for (const char* machine :
         {"", "laptop", "localhost.localdomain", "bad_name.test", ".test", "a..test", "a-.test", "x.test."}) {
        EXPECT_EQ(default_ehlo_name(machine, "192.0.2.1"), "[192.0.2.1]") << machine;
    }
}

TEST(EhloName, MarksIpv6Literals) {
    EXPECT_EQ(default_ehlo_name("pc", "2001:db8::1"), "[IPv6:2001:db8::1]");
}

TEST(EhloName, NeverLetsAMachineNameSmuggleACommand) {
    EXPECT_EQ(default_ehlo_name("a.test\r\nMAIL FROM:<>", "192.0.2.1"), "[192.0.2.1]");
}

}  // namespace
}  // namespace mailsend::delivery
