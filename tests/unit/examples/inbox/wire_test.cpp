#include "inbox/wire.hpp"

#include <gtest/gtest.h>
#include <thread>

#include "inbox/certificates.hpp"
#include "inbox/listener.hpp"
#include "pair.hpp"

namespace inbox {
namespace {

constexpr milliseconds patience{5000};

TEST(Wire, ReadsLinesThatArriveInPieces) {
    Pair pair;
    pair.client.send("EHLO a\r\nNO");
    std::string line;
    EXPECT_EQ(pair.wire.read_line(line, 100, patience), Got::bytes);
    EXPECT_EQ(line, "EHLO a");
    EXPECT_EQ(pair.wire.read_line(line, 100, milliseconds(20)), Got::timeout);
    pair.client.send("OP\r\n");
    EXPECT_EQ(pair.wire.read_line(line, 100, patience), Got::bytes);
    EXPECT_EQ(line, "NOOP");
}

TEST(Wire, SkipsALineThatIsTooLongAndGoesOnBehindIt) {
    Pair pair;
    std::thread sender([&] { pair.client.send(std::string(1'000'000, 'x') + "\r\nQUIT\r\n"); });
    std::string line;
    EXPECT_EQ(pair.wire.read_line(line, 100, patience), Got::too_long);
    EXPECT_EQ(pair.wire.read_line(line, 100, patience), Got::bytes);
    EXPECT_EQ(line, "QUIT");
    sender.join();
}

TEST(Wire, ReportsABareLineFeed) {
    Pair pair;
    pair.client.send("NOOP\n\n");
    std::string line;
    EXPECT_EQ(pair.wire.read_line(line, 100, patience), Got::bare_lf);
    EXPECT_EQ(line, "NOOP");
    EXPECT_EQ(pair.wire.read_line(line, 100, patience), Got::bare_lf);
    EXPECT_EQ(line, "");
}

TEST(Wire, EndsAWaitWhenAskedToStop) {
    Pair pair;
    std::thread stopper([&] { pair.stop.ask(); });
    std::string line;
    EXPECT_EQ(pair.wire.read_line(line, 100, std::chrono::minutes(5)), Got::stopped);
    stopper.join();
}

TEST(Wire, SurvivesAPeerThatIsGone) {
    Pair pair;
    pair.client.close();
    bool sent = true;
    for (int i = 0; i < 100 && sent; ++i) sent = pair.wire.send(std::string(100'000, 'x'), patience);
    EXPECT_FALSE(sent);
}

TEST(Wire, SaysWhyAHandshakeFailed) {
    const Authority authority;
    const Certificate certificate = authority.issue({"localhost"});
    const ServerTls tls(certificate.certificate_pem, certificate.key_pem);
    Pair pair;
    pair.client.send("EHLO this is no handshake\r\n");
    EXPECT_FALSE(pair.wire.start_tls(tls, patience));
    EXPECT_FALSE(pair.wire.tls_error().empty());
    EXPECT_FALSE(pair.wire.encrypted());
}

TEST(ServerTls, RefusesAKeyThatIsNotTheCertificates) {
    const Authority authority;
    const Certificate one = authority.issue({"localhost"});
    const Certificate other = authority.issue({"localhost"});
    EXPECT_THROW(ServerTls(one.certificate_pem, other.key_pem), std::runtime_error);
    EXPECT_THROW(ServerTls("nothing", one.key_pem), std::runtime_error);
}

TEST(Listener, ListensOnOnePortForAllItsAddressesAndRefusesAnythingElse) {
    Listener listener([](Wire& wire, std::size_t) { wire.send("hello\r\n"); });
    const std::uint16_t port = listener.open({"127.0.0.1", "::1"}, 0);
    EXPECT_NE(port, 0);
    for (const std::string& address : listener.addresses(0)) {
        EXPECT_EQ(address.substr(address.rfind(':')), ":" + std::to_string(port));
    }
    EXPECT_THROW(listener.open({"localhost"}, 0), std::runtime_error);
    EXPECT_THROW(listener.open({"127.0.0.1"}, port), std::runtime_error);
}

}  // namespace
}  // namespace inbox
