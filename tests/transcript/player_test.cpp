#include "transcript/player.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>

#include "inbox/certificates.hpp"
#include "unit/examples/inbox/pair.hpp"

namespace transcript {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const inbox::ServerTls& tls() {
    static const inbox::Authority authority;
    static const inbox::Certificate certificate = authority.issue({"localhost"});
    static const inbox::ServerTls made(certificate.certificate_pem, certificate.key_pem);
    return made;
}

int connected(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("connect");
    return fd;
}

/// What the player complains about when `clients` say these bytes, one connection after the other.
std::vector<std::string> complaints(const std::string& dialogue, const std::vector<std::string>& clients) {
    const Transcript transcript = Transcript::parse("# s\nexpect: {\"a\":1}\n" + dialogue);
    Player player(transcript, tls());
    for (const std::string& bytes : clients) {
        inbox::RawClient client(connected(player.port()));
        client.send(bytes);
        ::usleep(20'000);  // lets the server read before the end of the connection arrives
    }
    return player.finish();
}

TEST(Player, HasNothingToSayWhenAllGoesAsWritten) {
    EXPECT_THAT(complaints("S: 220 hello\nC: EHLO a\nC~ MAIL .*\nC* <message>\nM~ ^x\nC: QUIT\n",
                           {"EHLO a\r\nMAIL b\r\nx..\r\n..\r\n.\r\nQUIT\r\n"}),
                IsEmpty());
}

TEST(Player, NamesTheLineTheClientDepartsFrom) {
    EXPECT_THAT(complaints("S: 220 hello\nC: EHLO a\nS: 250 b\n", {"HELO a\r\n"}),
                ElementsAre(HasSubstr("line 4 (C: EHLO a): the client said \"HELO a\""),
                            HasSubstr("line 4 was never reached")));
    EXPECT_THAT(complaints("C* <message>\nM~ ^Subject\n", {"hello\r\n.\r\n"}),
                testing::Contains(HasSubstr("not in the message")));
}

TEST(Player, NamesTheLineThatWasNeverReached) {
    EXPECT_THAT(complaints("S: 220 hello\nC: EHLO a\nC: QUIT\n", {"EHLO a\r\n"}),
                ElementsAre(HasSubstr("line 5 (C: QUIT): the client"), "line 5 was never reached: C: QUIT"));
    EXPECT_THAT(complaints("S: 220 hello\nC: QUIT\n", {}),
                ElementsAre(HasSubstr("line 3 was never reached")));
}

TEST(Player, DoesNotTakeMoreThanIsWritten) {
    EXPECT_THAT(complaints("C: QUIT\n", {"QUIT\r\nNOOP\r\n"}), ElementsAre(HasSubstr("more than expected")));
    EXPECT_THAT(complaints("C: A\nS! quiet 50ms\nC: B\n", {"A\r\nB\r\n"}),
                testing::Contains(HasSubstr("S! quiet")));
    EXPECT_THAT(complaints("C: QUIT\n", {"QUIT\r\n", "QUIT\r\n"}),
                ElementsAre(HasSubstr("more often than expected")));
}

TEST(Player, PlaysOneConnectionAfterTheOther) {
    EXPECT_THAT(complaints("C: A\n=== next connection\nC: B\n", {"A\r\n", "B\r\n"}), IsEmpty());
    EXPECT_THAT(complaints("C: A\n=== next connection\nC: B\n", {"A\r\n"}),
                ElementsAre(HasSubstr("never reached: C: B")));
}

TEST(Player, SwallowsAnythingWhenTold) {
    EXPECT_THAT(complaints("S: 220 hello\nS! swallow\n", {"what\never\r\n"}), IsEmpty());
}

TEST(Player, TakesBytesThatEndWithoutALine) {
    EXPECT_THAT(
        complaints("C+ (?s)POST / .*\\r\\n\\r\\na=1\nS> 200\n", {"POST / HTTP/1.1\r\nHost: x\r\n\r\na=1"}),
        IsEmpty());
    EXPECT_THAT(complaints("C+ POST\n", {"GET"}),
                testing::Contains(HasSubstr("closed the connection, having said \"GET\"")));
    EXPECT_THAT(complaints("C+ A\n", {"AB"}), testing::Contains(HasSubstr("having said \"AB\"")));
}

TEST(Player, RefusesABareLineFeed) {
    EXPECT_THAT(complaints("C: A\n", {"A\n"}), testing::Contains(HasSubstr("LF alone")));
}

}  // namespace
}  // namespace transcript
