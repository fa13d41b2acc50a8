#include "settings/host_names.hpp"

#include <gmock/gmock.h>
#include <stdexcept>

namespace mailsend {
namespace {

using testing::HasSubstr;

std::string refused(std::string (*read)(std::string_view), std::string_view text) {
    try {
        return "was taken as " + read(text);
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
}

TEST(HostName, ThatEndsInANumberIsRefused) {
    for (const char* name :
         {"127.1", "127.0.0.1.", "0177.0.0.01", "2130706433", "0x7f000001", "0x7F.0.0.0X1", "0x7f.1", "0x",
          "mail.example.0x1f", "256.1.1.1", "\uff11\uff12\uff17.\uff11", "0x7f000001."}) {
        EXPECT_THAT(refused(host_name, name), HasSubstr("looks like an IP address")) << name;
    }
}

TEST(HostName, MayHoldNumbersElsewhere) {
    for (const char* name :
         {"1.example.test", "0x7f.example.test", "mail1", "0xyz", "x0x1", "mail_1", "0_7f", "1_1"}) {
        EXPECT_EQ(host_name(name), name);
    }
    EXPECT_EQ(host_name("127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(host_name("[2001:DB8::1]"), "2001:db8::1");
}

TEST(AddressToConnectFrom, IsOneThatAConnectionCanBeginAt) {
    for (const char* address : {"192.0.2.1", "127.0.0.9", "2001:db8::1", "fe80::1", "::1"}) {
        EXPECT_EQ(ip_address(address), address);
    }
    for (const char* any : {"0.0.0.0", "::", "0::0"}) {
        EXPECT_THAT(refused(ip_address, any), HasSubstr("means any address; leave it out")) << any;
    }
    for (const char* group : {"224.0.0.1", "239.255.255.255", "ff02::1"}) {
        EXPECT_THAT(refused(ip_address, group), HasSubstr("is a multicast address, from which")) << group;
    }
    EXPECT_THAT(refused(ip_address, "255.255.255.255"), HasSubstr("is the broadcast address"));
    for (const char* mapped : {"::ffff:192.0.2.1", "::FFFF:c000:201"}) {
        EXPECT_THAT(refused(ip_address, mapped), HasSubstr("write the IPv4 address alone")) << mapped;
    }
    EXPECT_THAT(refused(ip_address, "eth0"), HasSubstr("is no IP address"));
}

}  // namespace
}  // namespace mailsend
