#include <algorithm>
#include <array>
#include <random>

#include "ledger_bench.hpp"

namespace mailsend::ledger {
namespace {

using test::body;

/// Three calls with one key that take their steps in any order, also one in the midst of another's write,
/// with a store that fails at any moment (also when the write was done), owners who stand still and owners
/// who die. What the servers took is counted apart from the ledger.
class Interleaving : public test::LedgerBench {
  protected:
    struct Caller {
        std::optional<Claim> claim{};
        std::vector<std::size_t> ended{};  ///< their data has ended, and nobody was told yet
        bool busy = false;
    };

    void begin(unsigned seed) {
        dice_.seed(seed);
        delivered_ = {};
        for (Caller& caller : callers_) caller = Caller{};
        for (const std::string& key : host.state().keys()) host.state().erase(key);
        host.state().before_write([this](const std::string&) {
            if (inside_ || chance(6)) return;
            inside_ = true;
            step(callers_.at(number(callers_.size())));
            inside_ = false;
        });
    }
    std::size_t number(std::size_t below) { return dice_() % below; }
    /// True in one of `of` cases less.
    bool chance(std::size_t of) { return number(of) != 0; }

    void step(Caller& caller) {
        if (caller.busy) return;
        caller.busy = true;
        const std::size_t kind = number(12);
        if (kind == 0) {
            host.advance(1'000 * number(45));
        } else if (kind == 1 && caller.claim) {
            die(*std::exchange(caller.claim, std::nullopt));
            caller.ended.clear();
        } else if (kind == 2 && caller.claim && caller.ended.empty()) {
            caller.claim.reset();
        } else if (!caller.claim) {
            come(caller);
        } else if (kind < 5) {
            caller.claim->keep_alive();
        } else if (caller.ended.empty()) {
            hand_over(caller);
        } else {
            learn(caller);
        }
        caller.busy = false;
    }

    void come(Caller& caller) {
        try {
            Claim claim = *Ledger(services()).claim(terms, content, patience(0));
            if (claim.work_left()) {
                caller.claim.emplace(std::move(claim));
            } else {
                agree(claim.past().standings, false);
            }
        } catch (const Failure&) {  // busy, or the store failed
        }
    }

    void hand_over(Caller& caller) {
        std::vector<std::size_t> places = caller.claim->open();
        if (places.size() > 1 && chance(2)) places.resize(1);
        if (places.empty() || refused_ending(*caller.claim, places) != "none") {
            if (!chance(2)) caller.claim.reset();
            return;
        }
        caller.ended = std::move(places);
    }

    /// The server takes it or does not, and its answer arrives or does not.
    void learn(Caller& caller) {
        const bool takes = chance(3), answers = chance(3);
        std::vector<std::pair<std::size_t, Standing>> standings;
        for (const std::size_t place : std::exchange(caller.ended, {})) {
            if (takes) ++delivered_.at(place);
            standings.emplace_back(place, !answers ? Standing::unknown
                                          : takes  ? Standing::sent
                                                   : Standing::open);
        }
        if (!chance(4)) return die(*std::exchange(caller.claim, std::nullopt));  // and tells nobody
        caller.claim->settle(standings, std::nullopt);
        if (caller.claim->open().empty()) caller.claim.reset();
    }

    /// Nobody has two, what is said to be sent is there, and at the end what is there is not said to be open.
    void agree(const std::vector<Standing>& standings, bool at_the_end) {
        for (std::size_t place = 0; place < delivered_.size(); ++place) {
            EXPECT_LE(delivered_.at(place), 1);
            const Standing known = standings.at(place);
            if (known == Standing::sent) {
                EXPECT_EQ(delivered_.at(place), 1);
            } else if (at_the_end && known == Standing::open) {
                EXPECT_EQ(delivered_.at(place), 0);
            }
        }
    }

    void trouble(test::Wire& wire) {
        constexpr std::array answers{WFC_UNAVAILABLE, WFC_CONFLICT, WFC_FAILED};
        wire.lost_as = answers.at(number(answers.size()));
        wire.lost_answers = static_cast<int>(number(3));
        wire.unreadable = static_cast<int>(number(2));
        wire.refused_puts = static_cast<int>(number(2));
    }
    static void calm(test::Wire& wire) { wire.lost_answers = wire.unreadable = wire.refused_puts = 0; }

    std::minstd_rand dice_;
    std::array<int, 2> delivered_{};
    std::array<Caller, 3> callers_{};
    bool inside_ = false;
};

TEST_F(Interleaving, SendsToNobodyTwiceAndSaysWhatHappened) {
    int sent = 0, unknown = 0;
    for (unsigned seed = 1; seed <= 400 && !HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        begin(seed);
        {
            test::Wire wire(host.state());
            for (int steps = 0; steps < 60; ++steps) {
                if (number(8) == 0) trouble(wire);
                step(callers_.at(number(callers_.size())));
                calm(wire);
            }
            for (Caller& caller : callers_) {
                caller.busy = true;  // nobody begins anew in the midst of the end
                caller.claim.reset();
            }
        }
        host.advance(60'000);
        host.state().before_write({});
        const Claim last = claim();
        agree(last.past().standings, true);
        sent += static_cast<int>(
            std::count(last.past().standings.begin(), last.past().standings.end(), Standing::sent));
        unknown += static_cast<int>(
            std::count(last.past().standings.begin(), last.past().standings.end(), Standing::unknown));
    }
    EXPECT_GT(sent, 200);
    EXPECT_GT(unknown, 40) << "else the test asks nothing";
}

}  // namespace
}  // namespace mailsend::ledger
