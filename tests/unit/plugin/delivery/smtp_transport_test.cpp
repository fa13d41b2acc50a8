// One transaction after the other on a connection that is kept, and who is asked on the way.
#include "delivery/smtp_transport.hpp"

#include <span>

#include "over_smtp.hpp"
#include "wfc/problem.hpp"

namespace mailsend::delivery {
namespace {

TEST_F(OverSmtp, KeepsTheConnectionForTheNextTransaction) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken", "250 ok", "250 ok",
                          "250 ok", "354 go", "250 taken"}});
    const auto reports = delivered(route_to(server), {{.recipients = {0}}, {.recipients = {1, 2}}});
    EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, "DATA", "<message>", mail, rcpt1, rcpt2,
                                     "DATA", "<message>", "QUIT"}));
    EXPECT_FALSE(reports[0].attempts.at(0).reused);
    EXPECT_EQ(reports[0].attempts[0].recipients, 1u);
    EXPECT_GT(reports[0].attempts[0].bytes_sent, 200u);
    EXPECT_GT(reports[0].attempts[0].bytes_received, 20u);
    EXPECT_EQ(reports[0].recipients[0].reply->words(), "250 taken");
    EXPECT_TRUE(reports[1].attempts.at(0).reused);
    EXPECT_EQ(reports[1].attempts[0].address, "127.0.0.1");
    EXPECT_EQ(reports[1].attempts[0].recipients, 2u);
    EXPECT_FALSE(reports[1].attempts[0].timing_ms.contains("connect")) << "no time of the first one";
}

TEST_F(OverSmtp, ResetsWhatWasLeftHalfWay) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "450 later", "250 reset", "250 ok", "250 ok",
                          "354 go", "250 taken"}});
    const auto reports = delivered(route_to(server), {{.recipients = {0}}, {.recipients = {0}}});
    EXPECT_EQ(server.heard(),
              (Lines{"<connection>", mail, rcpt0, "RSET", mail, rcpt0, "DATA", "<message>", "QUIT"}));
    EXPECT_EQ(reports[0].verdict, Verdict::rejected);
    EXPECT_EQ(reports[1].verdict, Verdict::accepted);
}

TEST_F(OverSmtp, TakesAFreshConnectionAtOnceWhereTheKeptOneIsDead) {
    const Lines second{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken"};
    for (const char* end : {"cut", "421 4.4.2 idle for too long+cut"}) {
        ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken", end}, second});
        int admitted = 0;
        const auto admit = [&](std::size_t, const net::Patience&) { ++admitted; };
        const auto reports = delivered(
            route_to(server), {{.recipients = {0}, .admit = admit}, {.recipients = {1}, .admit = admit}});
        EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, "DATA", "<message>", mail,
                                         "<connection>", mail, rcpt1, "DATA", "<message>", "QUIT"}))
            << end;
        EXPECT_EQ(reports[1].verdict, Verdict::accepted);
        ASSERT_EQ(reports[1].attempts.size(), 2u);
        EXPECT_TRUE(reports[1].attempts[0].reused);
        EXPECT_TRUE(reports[1].attempts[0].facts);
        EXPECT_FALSE(reports[1].attempts[1].reused);
        EXPECT_EQ(admitted, 2) << "the second message once, though it took two connections";
    }
}

TEST_F(OverSmtp, DoesNotRepeatAFreshConnectionThatDies) {
    ScriptServer server({{"220 hi", "250 hi", "cut"}, {"220 never"}});
    const auto reports = delivered(route_to(server), {{.recipients = {0}}});
    EXPECT_EQ(reports[0].verdict, Verdict::failed);
    EXPECT_EQ(server.heard(), (Lines{"<connection>", mail}));
}

TEST_F(OverSmtp, AsksBeforeMailAndBeforeTheEndOfDataAndTellsTheAnswer) {
    ScriptServer server(
        {{"220 hi", "250 hi", "250 ok", "250 ok", "550 no", "250 ok", "354 go", "250 taken"}});
    Lines asked;
    Order order = order_for(3);
    order.admit = [&](std::size_t count, const net::Patience&) {
        asked.push_back("admit " + std::to_string(count));
    };
    order.ending = [&](const std::vector<std::size_t>& places) {
        asked.push_back("ending");
        EXPECT_EQ(places, (std::vector<std::size_t>{0, 2}));
    };
    order.answered = [&](std::span<const RecipientReport> reports) {
        asked.push_back("answered");
        ASSERT_EQ(reports.size(), 3u);
        EXPECT_EQ(reports[1].fate, Fate::rejected);
        EXPECT_EQ(reports[2].fate, Fate::accepted);
        EXPECT_EQ(reports[2].reply->code, 250);
    };
    EXPECT_EQ(delivered(route_to(server), {order})[0].verdict, Verdict::partial);
    EXPECT_EQ(asked, (Lines{"admit 3", "ending", "answered"}));
}

TEST_F(OverSmtp, NeverLetsTheEndOfDataGoWhereItIsForbidden) {
    for (const bool problem : {false, true}) {
        ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go"}});
        Order order = order_for(1);
        order.ending = [&](const std::vector<std::size_t>&) {
            if (problem) throw wfc::Problem(WFC_INVALID_INPUT, "/idempotency_key", "another message");
            throw Failure(Stage::host, "host.state", "the disk is full").with("path", "/state");
        };
        order.answered = [](const auto&) { ADD_FAILURE() << "it did not end"; };
        if (problem) {
            EXPECT_THROW(delivered(route_to(server), {order}), wfc::Problem);
        } else {
            const Report report = delivered(route_to(server), {order})[0];
            EXPECT_EQ(report.verdict, Verdict::failed);
            EXPECT_EQ(report.facts->stage, Stage::host);
            EXPECT_EQ(report.facts->condition, "host.state");
            EXPECT_EQ(report.facts->details, (std::map<std::string, std::string>{{"path", "/state"}}));
            EXPECT_EQ(fates(report), "n");
        }
        EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, "DATA", "<cut off>"}));
    }
}

TEST_F(OverSmtp, TellsOfALostAnswer) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "cut"}});
    std::string told;
    Order order = order_for(1);
    order.ending = [](const auto&) {};
    order.answered = [&](std::span<const RecipientReport> reports) {
        told += reports.front().fate == Fate::unknown ? "unknown" : "known";
    };
    EXPECT_EQ(delivered(route_to(server), {order})[0].verdict, Verdict::unknown);
    EXPECT_EQ(told, "unknown");
}

TEST_F(OverSmtp, TellsTheAnswerAlsoWhereNobodyWasAskedBefore) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken"}});
    std::string told;
    Order order = order_for(1);
    order.answered = [&](std::span<const RecipientReport> reports) {
        told += "arnu"[static_cast<int>(reports.front().fate)];
    };
    delivered(route_to(server), {order});
    EXPECT_EQ(told, "a");
}

TEST_F(OverSmtp, ReportsARefusedAdmissionAndKeepsTheConnection) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken"}});
    Order refused = order_for(1);
    refused.admit = [](std::size_t, const net::Patience&) {
        throw Failure(Stage::mail, "limit.messages_per_day", "no more today");
    };
    const auto reports = delivered(route_to(server), {refused, order_for(1)});
    EXPECT_EQ(reports[0].facts->condition, "limit.messages_per_day");
    EXPECT_FALSE(reports[0].another_address);
    EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, "DATA", "<message>", "QUIT"}));
    Order late = order_for(1);
    late.admit = [](std::size_t, const net::Patience&) { throw net::TimedOut(true); };
    ScriptServer other(ScriptServer::Scripts{{"220 hi", "250 hi"}});
    EXPECT_EQ(delivered(route_to(other), {late})[0].facts->condition, "deadline.passed");
}

TEST_F(OverSmtp, TakesNoMoreRecipientsThanTheServerAnnounces) {
    ScriptServer server(
        {{"220 hi", "250-hi\r\n250 LIMITS RCPTMAX=2", "250 ok", "250 ok", "250 ok", "354 go", "250 taken"}});
    const Report report = delivered(route_to(server), {order_for(3)})[0];
    EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, rcpt1, "DATA", "<message>", "QUIT"}));
    EXPECT_EQ(report.left_over, (std::vector<std::size_t>{2}));
    EXPECT_EQ(fates(report), "aan");
    EXPECT_EQ(report.verdict, Verdict::accepted) << "of those it was for";
    EXPECT_EQ(report.attempts[0].recipients, 2u);
}

TEST_F(OverSmtp, SendsToThoseThereIsRoomForWhereTheServerSaysThatThereAreTooMany) {
    for (const char* full : {"452 4.5.3 Too many recipients", "452 Too many recipients"}) {
        ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", full, "354 go", "250 taken"}});
        const Report report = delivered(route_to(server), {order_for(3)})[0];
        EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, rcpt1, "DATA", "<message>", "QUIT"}));
        EXPECT_EQ(report.left_over, (std::vector<std::size_t>{1, 2}));
        EXPECT_EQ(report.verdict, Verdict::accepted);
    }
}

TEST_F(OverSmtp, SendsToNobodyWhereAllMustFitAndDoNot) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "452 4.5.3 Too many recipients"}});
    const Report report = delivered(route_to(server), {order_for(3)}, Partial::fail)[0];
    EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, rcpt1, "RSET", "QUIT"}));
    EXPECT_EQ(report.verdict, Verdict::rejected);
    EXPECT_TRUE(report.left_over.empty());
}

TEST_F(OverSmtp, TriesTheAddressThatFailedLast) {
    ScriptServer server({{"421 busy+cut"}, {"421 busy+cut"}, {"421 busy+cut"}});
    Route route = route_to(server);
    const net::Endpoint real = route.endpoint;
    route.endpoint.host = "localhost";
    std::vector<Lines> tried;
    route.dial = [&](const net::Endpoint&, const Lines& addresses, const net::Patience& patience) {
        tried.push_back(addresses);
        return net::connect(real, {"127.0.0.1"}, route.egress, patience);
    };
    const auto reports = delivered(route, {order_for(1), order_for(1)});
    ASSERT_EQ(tried.size(), 2u);
    ASSERT_EQ(tried[0].size(), 2u) << "localhost has an address of either family";
    EXPECT_EQ(tried[0], (Lines{"::1", "127.0.0.1"}));
    EXPECT_EQ(tried[1], (Lines{"::1", "127.0.0.1"})) << "127.0.0.1 failed and stays last";
    EXPECT_TRUE(reports[0].another_address);
    EXPECT_FALSE(reports[1].another_address) << "::1 was to be tried first, and was not reached";
    Order avoiding = order_for(1);
    avoiding.avoided = {"::1"};
    delivered(route, {avoiding});
    EXPECT_EQ(tried.back(), (Lines{"127.0.0.1", "::1"}));
}

}  // namespace
}  // namespace mailsend::delivery
