// Random dialogues: whatever a server refuses and wherever it stops, what a session says of each message is
// what became of it.
#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include "smtp/dot_stuffing.hpp"
#include "unit/plugin/smtp/dialogue.hpp"
#include "unit/plugin/smtp/model_server.hpp"

namespace mailsend::smtp {
namespace {

struct Message {
    /// It ends as soon as it is done, so that whoever touches it afterwards is found out by a sanitizer.
    std::unique_ptr<Transaction> running = std::make_unique<Transaction>();
    Transaction ended;
    std::string body;
    std::size_t sent = 0;
    DotStuffing stuffing;
    bool given_up = false;

    Transaction& transaction() { return running ? *running : ended; }
    void end_when_done() {
        if (running && running->done) ended = *std::exchange(running, nullptr);
    }
};

class RandomDialogue {
  public:
    RandomDialogue(std::uint32_t seed, Flow flow, ModelServer::Temper temper)
        : random_(seed), server_(seed + 1, temper), dialogue_(in_clear()) {
        dialogue_.reply("220 hello");
        dialogue_.reply("250-mail\r\n250-PIPELINING\r\n250 CHUNKING");
        session().forgo(flow == Flow::lockstep, flow != Flow::chunked);
        const std::size_t count = 1 + random_() % 12;
        for (std::size_t i = 0; i < count; ++i) messages_.push_back(message(i));
    }

    void run() {
        for (int step = 0; step < 100'000 && !over_ && !all_done(); ++step) act();
        if (!over_) {
            EXPECT_TRUE(all_done()) << "nothing moves any more";
        }
        EXPECT_EQ(server_.out_of_order, 0u) << "two transactions were mixed";
        for (Message& one : messages_) judge(one);
    }

  private:
    Session& session() { return dialogue_.session; }
    bool chance(unsigned percent) { return random_() % 100 < percent; }

    Message message(std::size_t i) {
        Message one;
        const std::string id = "m" + std::to_string(i);
        one.transaction().reverse_path = id + "@example.test";
        const std::size_t recipients = chance(3) ? 250 + random_() % 300 : 1 + random_() % 4;
        for (std::size_t r = 0; r < recipients; ++r)
            one.transaction().forward_paths.push_back(id + "-" + std::to_string(r) + "@example.test");
        one.transaction().all_or_nothing = chance(20);
        one.transaction().probe = chance(10);
        one.body = "Subject: " + id + "\r\n\r\n";
        while (chance(70))
            one.body += std::string(random_() % 4, '.') + std::string(random_() % 200, 'x') + "\r\n";
        return one;
    }

    bool all_done() {
        return std::all_of(messages_.begin(), messages_.end(),
                           [](Message& one) { return one.transaction().done; });
    }

    void act() {
        switch (random_() % 4) {
            case 0:
                return write();
            case 1:
                return speak();
            case 2:
                return server_.read(1 + random_() % 300);
            default:
                return hear();
        }
    }

    void write() {
        server_.in += session().output();
        session().written();
    }

    void speak() {
        if (next_ < messages_.size() && session().in_flight() < 8 && session().may_begin())
            session().begin(messages_[next_++].transaction());
        for (Message& one : messages_) {
            if (session().may_send_body(one.transaction())) return send_body(one);
        }
    }

    void send_body(Message& one) {
        const bool chunked = session().flow() == Flow::chunked;
        if (chunked && (chance(2) || (one.transaction().decided() && chance(50)))) {
            one.given_up = true;
            return session().give_up(one.transaction());
        }
        write();
        const std::size_t count = std::min<std::size_t>(random_() % 300, one.body.size() - one.sent);
        const std::string_view piece = std::string_view(one.body).substr(one.sent, count);
        one.sent += count;
        const bool last = one.sent == one.body.size();
        if (chunked) {
            session().chunk(one.transaction(), count, last);
            write();
            server_.in += piece;
            return;
        }
        one.stuffing.append(piece, server_.in);
        if (!last) return;
        session().end_of_data(one.transaction());
        server_.in += one.stuffing.end();
    }

    void hear() {
        const std::size_t count = std::min<std::size_t>(1 + random_() % 80, server_.out.size());
        try {
            if (count > 0) {
                const std::string heard = server_.out.substr(0, count);
                server_.out.erase(0, count);
                session().received(heard);
            } else if (server_.closed) {
                over_ = true;
                session().closed_by_peer();
            }
        } catch (const Failure&) {
            over_ = true;
        }
        for (Message& one : messages_) one.end_when_done();
        if (over_) {
            EXPECT_FALSE(session().may_begin());
            EXPECT_EQ(session().in_flight(), 0u);
        } else if (!session().ready() && !session().leaving()) {
            over_ = true;  // 421
        }
    }

    /// What the server took of this message, and whether the transaction says the same.
    void judge(Message& one) {
        const Transaction& said = one.transaction();
        const ModelServer::Delivery* taken = nullptr;
        for (const ModelServer::Delivery& delivery : server_.deliveries) {
            if (delivery.sender != said.reverse_path) continue;
            EXPECT_EQ(taken, nullptr) << "taken twice";
            taken = &delivery;
        }
        if (taken != nullptr) {
            EXPECT_EQ(taken->body, one.body);
            EXPECT_FALSE(said.probe);
            EXPECT_FALSE(one.given_up);
        }
        if (server_.babbled) return;  // who answers more than he was asked is believed nothing more
        if (!said.done) {
            EXPECT_TRUE(over_);
            EXPECT_TRUE(taken == nullptr || (said.end_of_data_begun && !said.decided() && !said.shut_out))
                << "it was taken, and nobody thought so";
            return;
        }
        EXPECT_EQ(said.accepted_by.has_value(), taken != nullptr) << said.reverse_path;
        if (taken == nullptr) return;
        EXPECT_EQ(said.accepted_by->lines.front(), "250 2.0.0 queued " + said.reverse_path);
        std::vector<std::string> accepted;
        for (std::size_t i = 0; i < said.recipient_replies.size(); ++i) {
            const bool positive = said.recipient_replies[i]->positive_completion();
            if (positive) accepted.push_back(said.forward_paths[i]);
            EXPECT_FALSE(positive && said.left_over(i));
        }
        EXPECT_EQ(accepted, taken->recipients);
        if (said.all_or_nothing) {
            EXPECT_EQ(accepted, said.forward_paths);
        }
    }

    std::mt19937 random_;
    ModelServer server_;
    Dialogue dialogue_;
    std::deque<Message> messages_;
    std::size_t next_ = 0;
    bool over_ = false;
};

class SessionInRandomDialogues : public ::testing::TestWithParam<Flow> {
  protected:
    void run(ModelServer::Temper temper) {
        for (std::uint32_t seed = 0; seed < 700 && !HasFailure(); ++seed) {
            SCOPED_TRACE("seed " + std::to_string(seed));
            temper.keeps_envelope_after_refused_chunk = seed % 2 == 1;
            RandomDialogue(seed, GetParam(), temper).run();
        }
    }
};

TEST_P(SessionInRandomDialogues, SaysOfEachMessageWhatTheServerDidWithIt) {
    run({});
}

TEST_P(SessionInRandomDialogues, SaysOfNoneThatItNeverLeftWhichAServerThatHangsUpHasTaken) {
    run({.hangs_up = 20});
}

TEST_P(SessionInRandomDialogues, SaysOfNoneThatItNeverLeftWhichAServerThatLeavesWith421HasTaken) {
    run({.leaves = 20});
}

TEST_P(SessionInRandomDialogues, SaysOfNoneThatItNeverLeftWhichAServerThatGoesOnBehind421HasTaken) {
    run({.goes_on_behind_421 = 60});
    run({.leaves = 20, .goes_on_behind_421 = 60});
    run({.goes_on_behind_421 = 60, .hangs_up = 20});
}

TEST_P(SessionInRandomDialogues, SaysNothingTwiceToAServerThatRepliesTooOften) {
    run({.hangs_up = 5, .talks_on = 20});
}

INSTANTIATE_TEST_SUITE_P(Flows, SessionInRandomDialogues,
                         ::testing::Values(Flow::lockstep, Flow::pipelined, Flow::chunked));

}  // namespace
}  // namespace mailsend::smtp
