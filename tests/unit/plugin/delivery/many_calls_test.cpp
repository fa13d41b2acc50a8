// 64 threads on one pool, and a server in a bad mood: each message is accounted for once.
#include <random>

#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

constexpr int threads = 64;
constexpr int messages = 12;

std::string address(int thread, int number) {
    return "m" + std::to_string(thread) + "x" + std::to_string(number) + "@example.test";
}

/// One in six has more than one piece.
std::unique_ptr<Message> message_for(const std::string& recipient, int number) {
    Draft draft;
    draft.from = parse_mailbox("alice@example.test");
    draft.to = parse_mailbox_list(recipient);
    draft.text = "Hello";
    for (int i = 0; number % 6 == 5 && i < 5'000; ++i) *draft.text += "A line of text\n";
    Circumstances circumstances;
    circumstances.message_id = "id@example.test";
    return compose(draft, circumstances, nullptr);
}

/// The ledger heard what became of it each time it was told of it before; somebody has it, or may have it,
/// once.
bool fits(const std::string& told, const Report& report) {
    for (std::size_t i = 0; i < told.size(); ++i) {
        if ((told[i] == '(') != (i % 2 == 0)) return false;
        const bool last = i + 1 == told.size();
        if (!last && (told[i] == 'a' || told[i] == 'u')) return false;
    }
    const std::string fate = fates(report);
    if (fate == "a" || fate == "u") return told.ends_with(fate);
    return told.empty() || told.ends_with('n') || told.ends_with('r');
}

/// Refuses, hangs up and goes away, now and then.
class Mood {
  public:
    explicit Mood(unsigned seed) : dice_(seed) {}
    std::string operator()(const GroupServer::Heard& heard) {
        const std::lock_guard lock(mutex_);
        const unsigned roll = static_cast<unsigned>(dice_() % 1'000);
        const auto is = [&](const char* verb) { return heard.line.starts_with(verb); };
        const bool end = heard.line == "." || heard.line == "BDAT LAST";
        if (is("EHLO") || is("QUIT") || is("RSET")) return "";
        if (roll < 3) return "cut";
        if (roll < 6) return "421 4.3.2 going down+cut";
        if (is("MAIL") && roll < 30) return "451 4.3.0 later";
        if (is("RCPT") && roll < 80) return "550 5.1.1 unknown";
        if (is("DATA") && roll < 30) return "451 4.3.0 later";
        if (end && roll < 50) return "554 5.6.0 no";
        if (end && roll < 53) return "250 taken+cut";
        return "";
    }

  private:
    std::mutex mutex_;
    std::minstd_rand dice_;
};

/// One in nine is cancelled, sooner or later.
net::Patience patience_for(const Route& route, int thread, int number) {
    std::function<bool()> cancelled;
    if ((thread + number) % 9 == 4) cancelled = [left = thread % 16]() mutable { return left-- <= 0; };
    return {route.clock, std::move(cancelled), route.clock.monotonic_ms() + 60'000};
}

class ManyCalls : public OverPool, public testing::WithParamInterface<const char*> {};

TEST_P(ManyCalls, AreEachAccountedForOnce) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
        Mood mood(seed);
        GroupServer server({.offers = GetParam(), .answer = std::ref(mood)});
        const Route route = route_to(server);
        std::map<std::string, Verdict> verdicts;
        {
            Pool pool({.connections = 3, .messages_per_connection = 50});
            std::mutex mutex;
            std::vector<std::thread> calls;
            for (int t = 0; t < threads; ++t) {
                calls.emplace_back([&, t] {
                    for (int n = 0; n < messages; ++n) {
                        SmtpTransport transport(route, Partial::report, pool);
                        const auto message = message_for(address(t, n), n);
                        std::string told;
                        Order order = order_for(1);
                        order.ending = [&](const auto&) { told += '('; };
                        order.answered = [&](std::span<const RecipientReport> reports) {
                            told += "arnu"[static_cast<int>(reports.front().fate)];
                        };
                        const Report report = transport.deliver(*message, order, patience_for(route, t, n));
                        EXPECT_TRUE(fits(told, report)) << told;
                        const std::lock_guard lock(mutex);
                        verdicts[address(t, n)] = report.verdict;
                    }
                });
            }
            for (std::thread& call : calls) call.join();
        }
        ASSERT_EQ(verdicts.size(), std::size_t{threads} * messages);
        const auto delivered = server.delivered();
        int accepted = 0;
        for (const auto& [recipient, verdict] : verdicts) {
            const auto found = delivered.find(recipient);
            const int count = found == delivered.end() ? 0 : found->second;
            if (verdict == Verdict::accepted) {
                EXPECT_EQ(count, 1) << recipient;
                ++accepted;
            } else if (verdict == Verdict::unknown) {
                EXPECT_LE(count, 1) << recipient;
            } else {
                EXPECT_EQ(count, 0) << recipient << ' ' << to_string(verdict);
            }
        }
        EXPECT_GT(accepted, threads * messages / 2);
    }
}

INSTANTIATE_TEST_SUITE_P(Flows, ManyCalls,
                         testing::Values("250 8BITMIME", "250 PIPELINING", "250-PIPELINING\r\n250 CHUNKING"));

}  // namespace
}  // namespace mailsend::delivery
