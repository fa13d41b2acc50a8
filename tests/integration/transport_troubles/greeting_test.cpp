// Servers that are reached and do not greet as a mail server does.
#include "transport_troubles/door.hpp"
#include "transport_troubles/own_network.hpp"
#include "transport_troubles/trouble.hpp"

namespace {

using test::Door;
using test::Part;
using test::Trouble;

class GreetingTrouble : public test::TransportTrouble {};

/// Says it and waits until the client has gone.
Part says(const std::string& bytes) {
    return [bytes](int connection) {
        test::say(connection, bytes);
        test::listen_to_the_end(connection);
    };
}

TEST_F(GreetingTrouble, SilenceIsATimeOut) {
    const Door door(test::listen_to_the_end);
    ends({.id = "greet.timeout",
          .stage = "greeting",
          .error_class = "transient",
          .advice = "backoff",
          .actor = "provider",
          .message = "timed out after 1 s while waiting for the server's greeting",
          .told = {"timeouts.greeting"}},
         hasty(without_login("127.0.0.1", door.port()), "greeting"));
}

TEST_F(GreetingTrouble, SilenceOnPort465IsTheWrongSecurity) {
    IN_OWN_NETWORK({}, [&] {
        const Door door(test::listen_to_the_end, 465);
        for (const char* security : {"none", "starttls"}) {
            ends({.id = "greet.timeout_465",
                  .stage = "greeting",
                  .error_class = "permanent",
                  .advice = "after-fix",
                  .actor = "developer",
                  .message = "timed out after 1 s while waiting for the server's greeting",
                  .told = {"465", "implicit-tls"}},
                 hasty(without_login("127.0.0.1", 465, security), "greeting"));
        }
    });
}

TEST_F(GreetingTrouble, AnEndBeforeAnyWordIsToldFromAReset) {
    const Door silent([](int) {});
    ends({.id = "greet.eof",
          .stage = "greeting",
          .error_class = "transient",
          .advice = "backoff",
          .actor = "mailbox-admin",
          .message = "the server closed the connection without a greeting",
          .told = {"implicit-tls"}},
         without_login("127.0.0.1", silent.port()));

    const Door rude(test::reset);
    ends({.id = "greet.reset",
          .stage = "greeting",
          .error_class = "transient",
          .advice = "backoff",
          .actor = "tenant-admin",
          .message = "the server reset the connection while waiting for the server's greeting"},
         without_login("127.0.0.1", rude.port()));
}

TEST_F(GreetingTrouble, OtherProtocolsAreQuotedAndNamed) {
    struct Other {
        std::string first_line;
        const char* name;
    };
    for (const Other& other : {Other{"* OK Dovecot ready.", "IMAP"}, Other{"+OK ready", "POP3"},
                               Other{"SSH-2.0-OpenSSH_9.2", "SSH"}, Other{"HTTP/1.1 400 Bad Request", "HTTP"},
                               Other{"<html><body>Please sign in</body></html>", "HTTP"}}) {
        SCOPED_TRACE(other.first_line);
        const Door door(says(other.first_line + "\r\n"));
        const Trouble expected{.id = "greet.not_smtp",
                               .stage = "greeting",
                               .error_class = "permanent",
                               .advice = "after-fix",
                               .actor = "mailbox-admin",
                               .message = "",
                               .told = {other.first_line, "SMTP"}};
        const auto settings = without_login("127.0.0.1", door.port());
        const auto sent = ends(expected, settings);
        EXPECT_THAT(sent.value("/error/message"_json_pointer, ""),
                    testing::HasSubstr(std::string("not an SMTP reply but ") + other.name + ": "));
        const auto tested = ends(expected, settings, "test-connection", "{}");
        EXPECT_THAT(tested.value("report", nlohmann::json()).dump(),
                    testing::HasSubstr(std::string("The server speaks ") + other.name));
    }
}

TEST_F(GreetingTrouble, ATlsAlertIsTheWrongSecurity) {
    const Door door(says(std::string("\x15\x03\x01\x00\x02\x02\x46", 7)));  // fatal, protocol_version
    ends({.id = "greet.tls_alert",
          .stage = "greeting",
          .error_class = "permanent",
          .advice = "after-fix",
          .actor = "developer",
          .message = "the server expects TLS from the first byte",
          .told = {"implicit-tls"}},
         without_login("127.0.0.1", door.port()));
}

TEST_F(GreetingTrouble, ARefusalIsReadInTheServersWordsAlthoughItHangsUp) {
    const Door closed(
        [](int connection) { test::say(connection, "554 mail.example.test here, go away\r\n"); });
    ends({.id = "greet.refused",
          .stage = "greeting",
          .error_class = "permanent",
          .advice = "after-fix",
          .actor = "mailbox-admin",
          .message = "554 mail.example.test here, go away"},
         without_login("127.0.0.1", closed.port()));

    struct Said {
        const char* reply;
        const char* id;
        const char* actor;
    };
    for (const Said& said : {Said{"421 mail.example.test is closing", "generic.server.shutdown", "provider"},
                             Said{"450 come back in a while", "generic.greeting.busy", "nobody"}}) {
        const Door busy([&](int connection) { test::say(connection, std::string(said.reply) + "\r\n"); });
        ends({.id = said.id,
              .stage = "greeting",
              .error_class = "transient",
              .advice = "backoff",
              .actor = said.actor,
              .message = said.reply},
             without_login("127.0.0.1", busy.port()));
    }
}

}  // namespace
