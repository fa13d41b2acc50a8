// Servers that fail at STARTTLS: none offered, not now, or something said behind it.
#include "transport_troubles/door.hpp"
#include "transport_troubles/trouble.hpp"

namespace {

using test::Door;
using test::Trouble;

class StarttlsTrouble : public test::TransportTrouble {
  protected:
    /// With a login, which must not happen.
    static nlohmann::json required(std::uint16_t port) {
        nlohmann::json out = without_login("127.0.0.1", port, "starttls");
        out["auth"] = {{"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "alice"}}}};
        return out;
    }
};

/// Answers EHLO and STARTTLS with these bytes, and notes whatever else is said.
test::Part dialogue(std::string ehlo, std::string starttls, std::string& heard) {
    return [=, &heard](int connection) {
        test::say(connection, "220 mail.example.test ESMTP\r\n");
        if (test::hear(connection).empty()) return;
        test::say(connection, ehlo);
        for (bool asked = false;;) {
            const std::string said = test::hear(connection);
            if (said.empty()) return;
            if (!asked && said.starts_with("STARTTLS")) {
                asked = true;
                test::say(connection, starttls);
            } else if (said.starts_with("QUIT")) {
                test::say(connection, "221 bye\r\n");
            } else {
                heard += said;
            }
        }
    };
}

TEST_F(StarttlsTrouble, NoneOfferedEndsTheSessionBeforeTheLogin) {
    mail_send_.host.secret("alice", "secret");
    std::string heard;
    {
        const Door door(dialogue("250-mail.example.test\r\n250 AUTH PLAIN LOGIN\r\n", "", heard));
        ends({.id = "starttls.missing",
              .stage = "starttls",
              .error_class = "permanent",
              .advice = "after-fix",
              .actor = "tenant-admin",
              .message = "the server does not offer STARTTLS",
              .told = {std::to_string(door.port())}},
             required(door.port()));
    }
    EXPECT_THAT(heard, testing::Not(testing::HasSubstr("AUTH")));
}

TEST_F(StarttlsTrouble, AServerThatCannotEncryptNowIsLeft) {
    mail_send_.host.secret("alice", "secret");
    std::string heard;
    {
        const Door door(
            dialogue("250-mail.example.test\r\n250 STARTTLS\r\n", "454 not at the moment\r\n", heard));
        ends({.id = "starttls.454",
              .stage = "starttls",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "provider",
              .message = "454 not at the moment"},
             required(door.port()));
    }
    EXPECT_THAT(heard, testing::Not(testing::HasSubstr("AUTH")));
}

TEST_F(StarttlsTrouble, BytesBehindTheConsentAreAnAttack) {
    mail_send_.host.secret("alice", "secret");
    std::string heard;
    {
        const Door door(dialogue("250-mail.example.test\r\n250 STARTTLS\r\n",
                                 "220 go ahead\r\n250-mail.example.test\r\n250 AUTH PLAIN\r\n", heard));
        ends({.id = "starttls.injection",
              .stage = "starttls",
              .error_class = "permanent",
              .advice = "after-fix",
              .actor = "provider",
              .message = "bytes in clear arrived behind the server's reply to STARTTLS"},
             required(door.port()));
    }
    EXPECT_EQ(heard, "") << "not a word more was said, no ClientHello either";
}

}  // namespace
