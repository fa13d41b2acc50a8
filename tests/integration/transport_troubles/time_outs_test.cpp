// Silence, an end and a reset at every place of a dialogue; what is known of the message then.
#include "transport_troubles/door.hpp"
#include "transport_troubles/trouble.hpp"

namespace {

using test::Door;
using test::Trouble;

class DialogueTrouble : public test::TransportTrouble {
  protected:
    nlohmann::json scripted(const std::string& script, const std::string& hasty_at = {}) {
        play(script);
        nlohmann::json out = settings(false);
        return hasty_at.empty() ? out : hasty(out, hasty_at);
    }
    /// The same with a wait for each reply: otherwise MAIL and the message leave together.
    nlohmann::json one_at_a_time(const std::string& script, const std::string& hasty_at = {}) {
        nlohmann::json out = scripted(script, hasty_at);
        out["delivery"]["pipelining"] = "off";
        return out;
    }
    /// A message that the buffers of two sockets do not take whole.
    static std::string large_message() {
        return nlohmann::json{
            {"to", "bob@example.test"}, {"subject", "Test"}, {"text", std::string(12U << 20U, 'x')}}
            .dump();
    }
};

struct Place {
    const char* stage;
    const char* phrase;
};
constexpr Place places[] = {{"ehlo", "waiting for the reply to EHLO"},
                            {"starttls", "waiting for the reply to STARTTLS"},
                            {"auth", "signing in"},
                            {"mail", "waiting for the reply to MAIL FROM"},
                            {"rcpt", "waiting for the reply to RCPT TO"}};

TEST_F(DialogueTrouble, SilenceBeforeTheMessageIsATimeOutOfItsStage) {
    for (const Place& place : places) {
        SCOPED_TRACE(place.stage);
        ends({.id = "idle.timeout",
              .stage = place.stage,
              .error_class = "transient",
              .advice = "backoff",
              .actor = "provider",
              .message = std::string("timed out after 1 s while ") + place.phrase,
              .told = {"timeouts.command"}},
             one_at_a_time(std::string(place.stage) + " silence\n", "command"));
    }
}

TEST_F(DialogueTrouble, AnEndBeforeTheMessageIsClosedAtItsStage) {
    for (const Place& place : places) {
        SCOPED_TRACE(place.stage);
        ends({.id = "conn.closed",
              .stage = place.stage,
              .error_class = "transient",
              .advice = "backoff",
              .actor = "provider",
              .message = "the server closed the connection in the middle of the dialogue"},
             one_at_a_time(std::string(place.stage) + " cut\n"));
    }
}

TEST_F(DialogueTrouble, AResetBeforeTheMessageIsAResetAtItsStage) {
    for (const Place& place : places) {
        SCOPED_TRACE(place.stage);
        ends({.id = "conn.reset",
              .stage = place.stage,
              .error_class = "transient",
              .advice = "backoff",
              .actor = "tenant-admin",
              .message = std::string("the server reset the connection while ") + place.phrase},
             one_at_a_time(std::string(place.stage) + " reset\n"));
    }
}

TEST_F(DialogueTrouble, SilenceInsteadOfTheGoAheadHandsNothingOver) {
    play("data silence\n", inbox::Offers::parse("STARTTLS,AUTH=PLAIN"));
    ends({.id = "data.timeout",
          .stage = "data",
          .error_class = "transient",
          .advice = "backoff",
          .actor = "provider",
          .message = "timed out after 1 s while sending the message",
          .told = {"timeouts.data"}},
         hasty(settings(false), "data"));
    EXPECT_TRUE(arrived().empty());
}

/// Takes the envelope in clear, then does `then` with the message.
test::Part takes_envelope(test::Part then) {
    return [then = std::move(then)](int connection) {
        test::say(connection, "220 hello\r\n");
        for (const char* answer : {"250 hello\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"}) {
            if (test::hear(connection).empty()) return;
            test::say(connection, answer);
        }
        then(connection);
    };
}

TEST_F(DialogueTrouble, AServerThatStopsReadingTheMessageIsATimeOut) {
    std::mutex over;
    std::unique_lock waiting(over);
    const Door deaf(takes_envelope([&](int) { const std::lock_guard until(over); }));
    nlohmann::json settings = hasty(without_login("127.0.0.1", deaf.port()), "data");
    settings["language"] = "en";
    mail_send_.configure(settings);
    // Once: the server is deaf to a second client.
    wfc::testhost::TestCall call("send", large_message());
    mail_send_.component.invoke(*call.table());
    waiting.unlock();
    const auto document = nlohmann::json::parse(call.result());
    EXPECT_EQ(document.value("/error/id"_json_pointer, ""), "data.timeout") << document.dump(1);
    EXPECT_EQ(document.value("/error/stage"_json_pointer, ""), "data");
}

TEST_F(DialogueTrouble, AResetInTheMiddleOfTheMessageDeliversNothing) {
    const Door rude(takes_envelope([](int connection) {
        test::hear(connection);
        test::reset(connection);
    }));
    ends({.id = "data.reset",
          .stage = "data",
          .error_class = "transient",
          .advice = "backoff",
          .actor = "tenant-admin",
          .message = "the server reset the connection while sending the message",
          .told = {"MTU"}},
         without_login("127.0.0.1", rude.port()), "send", large_message());
}

TEST_F(DialogueTrouble, SilenceBehindTheFinalDotLeavesTheOutcomeUnknown) {
    const auto document =
        ends({.id = "data.timeout_final",
              .stage = "dot",
              .error_class = "unknown",
              .advice = "never",
              .actor = "nobody",
              .message = "the whole message was sent but the server's answer never came (timed out after 1 s",
              .told = {"Message-ID"}},
             scripted("dot silence\n", "data"));
    EXPECT_THAT(document.value("/error/explanation/cause"_json_pointer, ""),
                testing::HasSubstr("within 1 seconds"));
    EXPECT_EQ(document.value("unknown", nlohmann::json::array()).size(), 1U);
    EXPECT_NE(document.value("message_id", ""), "");
}

TEST_F(DialogueTrouble, AnEndOrAResetBehindTheFinalDotLeavesTheOutcomeUnknown) {
    for (const char* script : {"dot cut\n", "dot reset\n"}) {
        SCOPED_TRACE(script);
        ends({.id = "outcome.unknown",
              .stage = "dot",
              .error_class = "unknown",
              .advice = "never",
              .actor = "nobody",
              .message = "the whole message was sent but the server's answer never came",
              .told = {"Message-ID"}},
             scripted(script));
    }
}

TEST_F(DialogueTrouble, NothingBehindQuitChangesTheOutcome) {
    for (const char* script : {"quit silence\n", "quit cut\n", "quit reset\n"}) {
        SCOPED_TRACE(script);
        EXPECT_EQ(send(scripted(script)).status, WFC_OK);
    }
    EXPECT_EQ(arrived().size(), 3U);
}

}  // namespace
