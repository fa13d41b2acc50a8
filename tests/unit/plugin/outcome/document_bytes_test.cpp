#include <gtest/gtest.h>
#include <random>

#include "outcome/document.hpp"
#include "tree_document.hpp"

namespace mailsend {
namespace {

/// Results of every shape, some with bytes that no server should send. The same seed gives the same result.
class Results {
  public:
    explicit Results(unsigned seed) : random_(seed) {}

    SendResult next() {
        SendResult result;
        result.verdict = static_cast<Verdict>(below(6));
        result.message_id = text();
        fill(result.accepted);
        fill(result.not_attempted);
        fill(result.unknown);
        fill(result.warnings);
        for (std::size_t left = below(3); left > 0; --left) result.rejected.push_back({text(), error()});
        if (below(2) == 0) result.reply = reply();
        if (below(2) == 0) result.error = error();
        for (std::size_t left = below(3); left > 0; --left) result.attempts.push_back(attempt());
        if (below(2) == 0) result.server = {text(), text(), text()};
        result.duplicate = below(4) == 0;
        result.first_at_unix_ms = static_cast<std::int64_t>(below(2) * 1'795'435'201'999);
        result.total_ms = below(100'000);
        result.queue_ms = below(3);
        result.ledger_ms = below(3);
        result.retry_ms = below(3);
        return result;
    }
    nlohmann::ordered_json extra() {
        switch (below(3)) {
            case 0:
                return {{"report", {1, text(), nullptr}}, {"outcome", "mine"}, {"error", 1}, {"reply", 2}};
            case 1:
                return nlohmann::ordered_json::object();
            default:
                return text();  // no object: adds nothing
        }
    }

  private:
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    std::string text() {
        static const std::vector<std::string> texts{"",       "a@example.test", "日本語@例.test", "\"q\"\\\t",
                                                    "\xFF\n", "plain words",    "<1@a.test>",     "\xE3\x81"};
        return texts[below(texts.size())];
    }
    void fill(std::vector<std::string>& into) {
        for (std::size_t left = below(4); left > 0; --left) into.push_back(text());
    }
    Reply reply() {
        Reply reply{static_cast<int>(200 + below(400)), {}};
        for (std::size_t left = 1 + below(3); left > 0; --left)
            reply.lines.push_back(std::to_string(reply.code) + (below(2) == 0 ? " 2.0.0 " : " ") + text());
        return reply;
    }
    Error error() {
        Facts facts = Failure(Stage::rcpt, "smtp.refused", text()).facts();
        if (below(2) == 0) facts.reply = reply();
        Error error{std::move(facts), {}};
        error.diagnosis.id = text();
        fill(error.diagnosis.explanation.steps);
        return error;
    }
    Attempt attempt() {
        Attempt attempt;
        attempt.address = text();
        attempt.reused = below(2) == 0;
        for (std::size_t left = below(5); left > 0; --left) attempt.timing_ms[text()] = below(1000);
        if (below(3) == 0) attempt.error = error();
        attempt.recipients = below(4);
        attempt.wait_ms = below(4);
        attempt.bytes_sent = random_();
        attempt.bytes_received = random_();
        return attempt;
    }

    std::mt19937_64 random_;
};

TEST(SendDocument, HasTheBytesThatATreeWouldHave) {
    for (unsigned seed = 0; seed < 1500; ++seed) {
        Results results(seed);
        const SendResult result = results.next();
        const nlohmann::ordered_json extra = results.extra();
        ASSERT_EQ(send_document(result, extra), reference::tree_document(result, extra)) << "seed " << seed;
    }
}

}  // namespace
}  // namespace mailsend
