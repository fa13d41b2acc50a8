#include "metrics/listen_address.hpp"

#include <gmock/gmock.h>
#include <stdexcept>

namespace wfc::metrics {
namespace {

TEST(ListenAddress, IsALiteralAndAPort) {
    const ListenAddress four = parse_listen_address("127.0.0.1:9464");
    EXPECT_EQ(four.address, "127.0.0.1");
    EXPECT_EQ(four.port, 9464);
    EXPECT_FALSE(four.six);
    const ListenAddress six = parse_listen_address("[::1]:0");
    EXPECT_EQ(six.address, "::1");
    EXPECT_EQ(six.port, 0);
    EXPECT_EQ(six.text(), "[::1]:0");
}

TEST(ListenAddress, SaysWhatToWriteInsteadOfAnythingElse) {
    for (const char* text : {"", ":", "9464", ":9464", "localhost:1", "127.0.0.1", "127.0.0.1:",
                             "127.0.0.1:70000", "127.0.0.1:+1", "127.0.0.1: 1", "127.1:1", "::1:9464",
                             "[::1]", "[]:1", "[127.0.0.1]:1", "[fe80::1%lo]:1", "127.0.0.1:1:1"}) {
        EXPECT_THROW(parse_listen_address(text), std::invalid_argument) << text;
    }
}

TEST(ListenAddress, KnowsWhichOnesOnlyThisMachineReaches) {
    for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1"}) {
        EXPECT_TRUE(parse_listen_address(text).loopback()) << text;
    }
    for (const char* text : {"0.0.0.0:1", "[::]:1", "12.0.0.1:1", "[::ffff:127.0.0.1]:1", "[fe80::1]:1"}) {
        EXPECT_FALSE(parse_listen_address(text).loopback()) << text;
    }
}

}  // namespace
}  // namespace wfc::metrics
