// What the ledger hears where a call waits for its turn: who would get the message is noted meanwhile, and
// what became of it is told whatever happens to the turn.
#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

class EarlyNote : public OverPool, public testing::WithParamInterface<const char*> {
  protected:
    static bool chunked() { return std::string_view(GetParam()).ends_with("CHUNKING"); }

    /// Tells the ledger: "(" and the places for ending, then the fates and ")" for answered.
    Order order(std::vector<std::size_t> recipients) {
        Order out;
        out.recipients = std::move(recipients);
        out.ending = [this](const std::vector<std::size_t>& places) {
            told_ += '(';
            for (const std::size_t place : places) told_ += std::to_string(place);
            noted_ = true;
            if (at_the_note_) at_the_note_();
        };
        out.answered = [this](std::span<const RecipientReport> reports) {
            told_ += ' ';
            for (const RecipientReport& one : reports) told_ += "arnu"[static_cast<int>(one.fate)];
            told_ += ')';
        };
        return out;
    }

    /// Answers the end of the first message, with `first_end`, not before `answer_` was opened; everything
    /// else by `rest`.
    GroupServer::Conduct conduct(
        const std::string& first_end = "",
        const std::function<std::string(const GroupServer::Heard&)>& rest = nullptr) {
        return {.offers = GetParam(), .answer = [=, this](const GroupServer::Heard& heard) -> std::string {
                    const bool end = heard.line == "." || heard.line == "BDAT LAST";
                    if (!end || ended_.exchange(true)) return rest ? rest(heard) : "";
                    at_the_end_.open();
                    EXPECT_TRUE(answer_.wait());
                    return first_end;
                }};
    }
    /// Begins the call that the other one finds there: to r2, its reply awaited.
    void begin_first_call(const Route& route, Pool& pool) {
        first_call_ = std::thread([&] {
            SmtpTransport transport(route, Partial::report, pool);
            const net::Patience patience(route.clock, nullptr, route.clock.monotonic_ms() + 600'000);
            first_ = transport.deliver(*message_to(3), order_to_r2, patience);
            over_.open();
        });
        EXPECT_TRUE(at_the_end_.wait());
    }
    void end_first_call() {
        answer_.open();
        first_call_.join();
    }
    /// To r0 and r1, while the first call's reply is awaited, which comes once that was noted and not before.
    Report sent_behind_first(const GroupServer& server) {
        const Route route = route_to(server);
        Pool pool({.connections = 1});
        begin_first_call(route, pool);
        at_the_note_ = [this] { answer_.open(); };
        Report report = sent(route, pool, order({0, 1}));
        end_first_call();
        pool.close();
        return report;
    }
    /// To r0; the first call's reply comes when this one is about to say MAIL.
    Report sent_when_first_is_answered(const GroupServer& server) {
        const Route route = route_to(server);
        Pool pool({.connections = 1});
        begin_first_call(route, pool);
        const Route own = route_with(server, [this] {
            answer_.open();
            EXPECT_TRUE(over_.wait());
        });
        Report report = sent(own, pool, order({0}));
        end_first_call();
        pool.close();
        return report;
    }
    /// Which does `then` when it is about to say MAIL for the first time.
    Route route_with(const GroupServer& server, std::function<void()> then) {
        Route route = route_to(server);
        route.entered = [then = std::move(then), done = false](Stage stage) mutable {
            if (stage == Stage::mail && !std::exchange(done, true)) then();
        };
        return route;
    }

    const Order order_to_r2{.recipients = {2}};
    std::string told_;
    std::atomic<bool> noted_ = false;
    std::function<void()> at_the_note_;
    Gate at_the_end_, answer_, over_;
    std::atomic<bool> ended_ = false;
    std::thread first_call_;
    Report first_;
};

TEST_P(EarlyNote, IsMadeOnceAndWhileTheReplyToAnotherMessageIsAwaited) {
    std::atomic<bool> noted_before = false;
    GroupServer server(conduct("", [&](const auto& heard) -> std::string {
        if (heard.line == mail) noted_before = noted_.load();
        return "";
    }));
    EXPECT_EQ(sent_behind_first(server).verdict, Verdict::accepted);
    EXPECT_TRUE(noted_before) << "before a byte of the message was heard";
    EXPECT_EQ(told_, "(01 aa)");
    EXPECT_EQ(first_.verdict, Verdict::accepted);
    const Lines heard = server.heard()[1];
    EXPECT_EQ(heard.at(heard.size() - 2), chunked() ? "BDAT LAST" : "<message>");
    EXPECT_EQ(heard.at(heard.size() - 3), chunked() ? rcpt1 : "DATA") << "in one piece";
}

TEST_P(EarlyNote, IsTakenBackWhereTheCallIsCancelledInTheQueue) {
    GroupServer server(conduct());
    const Route route = route_to(server);
    Pool pool({.connections = 1, .in_flight = 1});
    begin_first_call(route, pool);
    std::atomic<bool> cancelled = false;
    Order second = order({0, 1});
    second.queued = [&](bool begins) { cancelled = cancelled || begins; };
    {
        SmtpTransport transport(route, Partial::report, pool);
        const net::Patience patience(
            route.clock, [&] { return cancelled.load(); }, route.clock.monotonic_ms() + 60'000);
        const Report report = transport.deliver(*message_to(3), second, patience);
        EXPECT_EQ(report.verdict, Verdict::cancelled);
        EXPECT_EQ(fates(report), "nn");
    }
    end_first_call();
    pool.close();
    EXPECT_EQ(told_, "(01 nn)");
    EXPECT_EQ(first_.verdict, Verdict::accepted);
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r2@example.test", 1}}));
}

TEST_P(EarlyNote, IsTakenBackWhereTheCallIsCancelledWhenItIsAboutToSpeak) {
    GroupServer server(conduct());
    const Route route = route_to(server);
    Pool pool({.connections = 1});
    begin_first_call(route, pool);
    bool cancelled = false;
    const Route own = route_with(server, [&] { cancelled = true; });
    {
        SmtpTransport transport(own, Partial::report, pool);
        const net::Patience patience(
            own.clock, [&] { return cancelled; }, own.clock.monotonic_ms() + 60'000);
        const Report report = transport.deliver(*message_to(3), order({0, 1}), patience);
        EXPECT_EQ(report.verdict, Verdict::cancelled);
        EXPECT_EQ(fates(report), "nn");
    }
    end_first_call();
    pool.close();
    EXPECT_EQ(told_, "(01 nn)");
    EXPECT_EQ(first_.verdict, Verdict::accepted) << "it had been handed over";
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r2@example.test", 1}}));
}

TEST_P(EarlyNote, IsTakenBackWhereTheDeadlineComesFirst) {
    GroupServer server(conduct());
    const Route route = route_to(server);
    Pool pool({.connections = 1, .in_flight = 1});
    begin_first_call(route, pool);
    Order second = order({0});
    second.queued = [&](bool begins) { ahead_ms_ += begins ? 70'000 : 0; };
    const Report report = sent(route, pool, second);
    EXPECT_EQ(report.verdict, Verdict::failed);
    EXPECT_EQ(report.facts->condition, "limit.connections");
    end_first_call();
    pool.close();
    EXPECT_EQ(told_, "(0 n)");
    EXPECT_EQ(first_.verdict, Verdict::accepted);
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r2@example.test", 1}}));
}

TEST_P(EarlyNote, IsTakenBackAndMadeAnewWhereTheConnectionIsLost) {
    GroupServer server(conduct("cut"));
    const Report report = sent_when_first_is_answered(server);
    EXPECT_EQ(report.verdict, Verdict::accepted);
    EXPECT_EQ(told_, "(0 n)(0 a)");
    EXPECT_EQ(first_.verdict, Verdict::unknown);
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r0@example.test", 1}}));
}

TEST_P(EarlyNote, IsTakenBackWhereTheConnectionIsLostAndNoOtherIsToBeHad) {
    GroupServer server(conduct("cut", [](const auto& heard) -> std::string {
        return heard.connection > 1 ? "421 4.3.2 going down+cut" : "";
    }));
    const Report report = sent_when_first_is_answered(server);
    EXPECT_EQ(report.verdict, Verdict::failed);
    EXPECT_EQ(report.facts->reply->code, 421);
    EXPECT_EQ(told_, "(0 n)");
    EXPECT_TRUE(server.delivered().empty());
}

TEST_P(EarlyNote, IsFollowedByTheRefusalOfARecipient) {
    GroupServer server(conduct(
        "", [](const auto& heard) -> std::string { return heard.line == rcpt1 ? "550 5.1.1 unknown" : ""; }));
    EXPECT_EQ(sent_behind_first(server).verdict, Verdict::partial);
    EXPECT_EQ(told_, "(01 ar)");
    EXPECT_EQ(server.delivered().count("r0@example.test"), 1u);
}

TEST_P(EarlyNote, IsFollowedByTheRefusalOfAllRecipients) {
    GroupServer server(conduct("", [](const auto& heard) -> std::string {
        return heard.line == rcpt0 || heard.line == rcpt1 ? "550 5.1.1 unknown" : "";
    }));
    EXPECT_EQ(sent_behind_first(server).verdict, Verdict::rejected);
    EXPECT_EQ(told_, "(01 rr)");
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r2@example.test", 1}}));
}

TEST_P(EarlyNote, IsTakenBackForWhomThereIsNoRoomAfterAll) {
    GroupServer server(conduct("", [](const auto& heard) -> std::string {
        return heard.line == rcpt1 ? "452 4.5.3 Too many recipients" : "";
    }));
    EXPECT_EQ(sent_behind_first(server).left_over, (std::vector<std::size_t>{1}));
    EXPECT_EQ(told_, "(01 an)");
}

TEST_P(EarlyNote, ThatCannotBeMadeKeepsTheMessageBackAndLeavesTheConnectionToOthers) {
    GroupServer server(conduct());
    const Route route = route_to(server);
    Pool pool({.connections = 1});
    begin_first_call(route, pool);
    at_the_note_ = [] { throw Failure(Stage::host, "host.state", "the disk is full"); };
    const Report report = sent(route, pool, order({0}));
    EXPECT_EQ(report.verdict, Verdict::failed);
    EXPECT_EQ(report.facts->condition, "host.state");
    EXPECT_EQ(fates(report), "n");
    EXPECT_TRUE(report.attempts.empty()) << "nothing was said for it";
    end_first_call();
    EXPECT_EQ(first_.verdict, Verdict::accepted);
    EXPECT_TRUE(sent(route, pool, 1).attempts.at(0).reused);
    pool.close();
    EXPECT_EQ(told_, "(0") << "what was not noted has no answer";
    EXPECT_EQ(server.delivered().count("r0@example.test"), 0u);
}

TEST_P(EarlyNote, IsNotMadeForAMessageOfWhichOnlyTheBeginningWasRead) {
    GroupServer server(conduct());
    const Route route = route_to(server);
    Pool pool({.connections = 1});
    begin_first_call(route, pool);
    std::string told_at_mail = "?";
    const Route own = route_with(server, [&] {
        told_at_mail = told_;
        answer_.open();
    });
    SmtpTransport transport(own, Partial::report, pool);
    EXPECT_EQ(transport.deliver(*long_message_to("r0@example.test"), order({0}), patience_of(own)).verdict,
              Verdict::accepted);
    transport.close(patience_of(own));
    end_first_call();
    pool.close();
    EXPECT_EQ(told_at_mail, "");
    EXPECT_EQ(told_, "(0 a)");
}

/// So the doubt that a killed process leaves is as short as it can be.
TEST_P(EarlyNote, IsNotMadeForALoneCallBeforeItsBodyHasLeft) {
    GroupServer server({.offers = GetParam(), .answer = [](const auto& heard) -> std::string {
                            return heard.line == rcpt1 ? "550 5.1.1 unknown" : "";
                        }});
    bool at_mail = false;
    const Route route = route_with(server, [&] { at_mail = noted_; });
    Pool pool({.connections = 1});
    sent(route, pool, order({0, 1}));
    sent(route, pool, order({0, 1}));
    pool.close();
    EXPECT_FALSE(at_mail);
    if (chunked()) {
        // Whoever noted before would have sent it in one piece.
        const Lines one{mail, rcpt0, rcpt1, "BDAT", "BDAT LAST"};
        Lines all = one;
        all.insert(all.end(), one.begin(), one.end());
        all.push_back("QUIT");
        EXPECT_EQ(server.heard()[1], all);
    } else {
        EXPECT_EQ(told_, "(0 ar)(0 ar)") << "the recipients had been answered";
    }
}

INSTANTIATE_TEST_SUITE_P(Flows, EarlyNote,
                         testing::Values("250 PIPELINING", "250-PIPELINING\r\n250 CHUNKING"));

}  // namespace
}  // namespace mailsend::delivery
