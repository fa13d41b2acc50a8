#include "host/egress_policy.hpp"

#include <gtest/gtest.h>

#include "wfc/view.hpp"

namespace wfc {
namespace {

TEST(PublicAddress, IsNoneOfTheSpecialOnes) {
    for (const char* address : {"0.0.0.0",
                                "0.1.2.3",
                                "10.0.0.1",
                                "100.64.0.1",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.255.254",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.8",
                                "192.0.2.1",
                                "192.88.99.1",
                                "192.168.1.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.7",
                                "203.0.113.7",
                                "224.0.0.1",
                                "239.255.255.255",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "fe80::1",
                                "fe80::1%eth0",
                                "febf::1",
                                "fec0::1",
                                "fc00::1",
                                "fdff::1",
                                "ff02::1",
                                "2001:db8::1",
                                "100::1",
                                "2001::1",
                                "3fff::1",
                                "64:ff9b:1::808:808"}) {
        EXPECT_FALSE(is_public_address(address)) << address;
    }
}

TEST(PublicAddress, IsEveryOtherOne) {
    for (const char* address :
         {"1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
          "128.0.0.1", "169.253.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1", "192.167.0.1",
          "192.169.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
          "2001:4860:4860::8888"}) {
        EXPECT_TRUE(is_public_address(address)) << address;
    }
}

TEST(PublicAddress, IsDecidedByTheIPv4AddressInside) {
    for (const char* form : {"::ffff:", "::ffff:0:", "::", "64:ff9b::"}) {
        EXPECT_FALSE(is_public_address(std::string(form) + "127.0.0.1")) << form;
        EXPECT_FALSE(is_public_address(std::string(form) + "10.1.2.3")) << form;
        EXPECT_TRUE(is_public_address(std::string(form) + "8.8.8.8")) << form;
    }
    EXPECT_FALSE(is_public_address("::ffff:7f00:1"));
    EXPECT_FALSE(is_public_address("2002:7f00:1::"));
    EXPECT_FALSE(is_public_address("2002:c0a8:101::1"));
    EXPECT_TRUE(is_public_address("2002:808:808::1"));
}

TEST(PublicAddress, IsAnAddressInTheFirstPlace) {
    using namespace std::string_literals;
    for (const std::string& text : {""s, "localhost"s, "127.1"s, "0x7f000001"s, "2130706433"s, "[::1]"s,
                                    "8.8.8.8%eth0"s, "8.8.8.8 "s, "8.8.8.8\0.x"s, "1.1.1.1:25"s}) {
        EXPECT_FALSE(is_public_address(text)) << text;
    }
}

TEST(EgressPolicy, AllowsEverythingUnlessPrivateAddressesAreOff) {
    const auto ask = [](const EgressPolicy& policy, const char* address) {
        return policy.table()->allow(policy.table()->ctx, view("name.example.test"), view(address), 25);
    };
    EXPECT_EQ(ask(EgressPolicy(true), "127.0.0.1"), WFC_OK);
    EXPECT_EQ(ask(EgressPolicy(false), "127.0.0.1"), WFC_DENIED);
    EXPECT_EQ(ask(EgressPolicy(false), "1.1.1.1"), WFC_OK);
}

}  // namespace
}  // namespace wfc
