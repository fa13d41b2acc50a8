/// Several processes and threads with the tokens of one account. Another keeper on the same host is another
/// process, as far as a keeper can tell.
#include <atomic>
#include <set>
#include <thread>

#include "keeper_bench.hpp"

namespace mailsend::oauth {
namespace {

using test::refusal;

class KeeperProcessesTest : public test::KeeperBench {
  protected:
    /// What every thread of every process gets, all at once: tokens or conditions.
    std::multiset<std::string> everybody(std::size_t processes, std::size_t threads) {
        std::vector<std::unique_ptr<TokenKeeper>> keepers;
        for (std::size_t i = 0; i < processes; ++i) keepers.push_back(keeper());
        std::mutex mutex;
        std::multiset<std::string> seen;
        std::atomic<bool> go{false};
        std::vector<std::thread> crowd;
        for (const auto& one : keepers) {
            for (std::size_t i = 0; i < threads; ++i) {
                crowd.emplace_back([&, keeper = one.get()] {
                    while (!go) std::this_thread::yield();
                    std::string got;
                    try {
                        got = token(*keeper);
                    } catch (const Failure& failure) {
                        got = failure.facts().condition;
                    }
                    const std::lock_guard lock(mutex);
                    seen.insert(got);
                });
            }
        }
        go = true;
        for (std::thread& one : crowd) one.join();
        return seen;
    }
};

TEST_F(KeeperProcessesTest, AskTheServerOnceAndTheGrantSurvives) {
    host.real_time();
    server.takes = std::chrono::milliseconds(30);
    store(signed_in(0));
    EXPECT_EQ(everybody(16, 8).count("access-1"), 128u);
    EXPECT_EQ(server.requests(), 1);
    EXPECT_TRUE(server.alive());
    EXPECT_EQ(stored().refresh_token.reveal(), server.refresh_token());
    EXPECT_TRUE(host.state().keys().empty());
}

TEST_F(KeeperProcessesTest, LearnOfADeathFromTheOneThatAsked) {
    host.real_time();
    server.takes = std::chrono::milliseconds(10);
    server.revoke();
    store(signed_in(0));
    EXPECT_EQ(everybody(8, 4).count("token.dead"), 32u);
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(KeeperProcessesTest, OfOneProcessShareAFailureThatMayPass) {
    host.real_time();
    store(signed_in(0));
    std::atomic<int> waiting{0};
    KeeperTerms slow = terms();
    slow.renew = [&](const TokenRecord& record, const net::Patience& bounded) {
        while (waiting < 7) std::this_thread::yield();
        server.fail_next(unavailable());
        return server.renew(record, bounded);
    };
    TokenKeeper one(std::move(slow), services());
    std::vector<std::thread> crowd;
    std::atomic<int> failed{0};
    for (int i = 0; i < 8; ++i) {
        crowd.emplace_back([&] {
            ++waiting;
            failed += condition(one) == "token.unavailable" ? 1 : 0;
        });
    }
    for (std::thread& thread : crowd) thread.join();
    EXPECT_EQ(failed, 8);
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(KeeperProcessesTest, OfOneProcessGoOnWhenTheThreadThatAskedIsCancelled) {
    host.real_time();
    store(signed_in(0));
    std::atomic<bool> asking{false}, stop{false};
    KeeperTerms patient = terms();
    patient.renew = [&](const TokenRecord& record, const net::Patience& bounded) {
        if (!asking.exchange(true)) {
            for (;;) {
                bounded.check();
                std::this_thread::yield();
            }
        }
        return server.renew(record, bounded);
    };
    TokenKeeper one(std::move(patient), services());
    std::thread first(
        [&] { EXPECT_THROW(one.access_token(patience(60'000, [&] { return stop.load(); })), Cancelled); });
    while (!asking) std::this_thread::yield();
    std::thread second([&] { EXPECT_EQ(token(one), "access-1"); });
    stop = true;
    first.join();
    second.join();
}

TEST_F(KeeperProcessesTest, WaitForTheDeadOwnerOfALeaseNoLongerThanItLasts) {
    store(signed_in(0));
    host.state().put(lease_key, "{}", 30'000);
    host.tick_per_reading(2'000);
    const std::uint64_t began = host.now_ms();
    EXPECT_EQ(token(*keeper()), "access-1");
    EXPECT_GE(host.now_ms() - began, 20'000u);
    EXPECT_LT(host.now_ms() - began, 120'000u);
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(KeeperProcessesTest, TakeWhatTheOwnerOfTheLeaseHasStored) {
    store(signed_in(0));
    host.state().put(lease_key, "{}", 30'000);
    int polls = 0;
    host.state().before_write([&](const std::string& key) {
        if (key != lease_key || ++polls < 3) return;
        TokenRecord newer = signed_in();
        newer.access_token = wfc::SecretString("theirs");
        newer.refresh_token = wfc::SecretString("their-refresh");
        store(newer);
    });
    EXPECT_EQ(token(*keeper()), "theirs");
    EXPECT_EQ(server.requests(), 0);
    EXPECT_TRUE(host.state().get(lease_key)) << "it is not ours to give back";
}

TEST_F(KeeperProcessesTest, GiveUpOnALeaseThatIsTakenAgainAndAgain) {
    store(signed_in(0));
    host.state().put(lease_key, "{}");
    host.tick_per_reading(5'000);
    const Facts facts = failure(*keeper());
    EXPECT_EQ(facts.condition, "token.busy");
    EXPECT_EQ(facts.details.at("seconds"), "90");
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(KeeperProcessesTest, HeedTheCancelAndTheDeadlineWhileTheyWaitForALease) {
    store(signed_in(0));
    host.state().put(lease_key, "{}");
    std::atomic<int> polls{0};
    EXPECT_THROW(keeper()->access_token(patience(3'600'000, [&] { return ++polls > 3; })), Cancelled);
    host.real_time();
    EXPECT_THROW(keeper()->access_token(patience(300)), net::TimedOut);
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(KeeperProcessesTest, HeedTheDeadlineWhileTheyWaitForAThread) {
    host.real_time();
    store(signed_in(0));
    std::atomic<bool> asking{false}, release{false};
    KeeperTerms slow = terms();
    slow.renew = [&](const TokenRecord& record, const net::Patience& bounded) {
        asking = true;
        while (!release) std::this_thread::yield();
        return server.renew(record, bounded);
    };
    TokenKeeper one(std::move(slow), services());
    std::thread first([&] { EXPECT_EQ(token(one), "access-1"); });
    while (!asking) std::this_thread::yield();
    EXPECT_THROW(one.access_token(patience(50)), net::TimedOut);
    EXPECT_THROW(one.access_token(patience(60'000, [] { return true; })), Cancelled);
    release = true;
    first.join();
}

TEST_F(KeeperProcessesTest, DoNotUndoASignOutThatHappensWhileTheServerIsAsked) {
    store(signed_in(0));
    const auto other = keeper();
    server.meanwhile([&](const net::Patience&) { other->forget(); });
    EXPECT_EQ(condition(*keeper()), "token.sign_in_needed");
    EXPECT_FALSE(other->record());
    EXPECT_TRUE(host.state().keys().empty());

    store(signed_in(0));
    const auto own = keeper();
    server.meanwhile([&](const net::Patience&) { own->forget(); });
    EXPECT_EQ(condition(*own), "token.sign_in_needed");
    EXPECT_FALSE(own->record());
}

TEST_F(KeeperProcessesTest, DoNotOverwriteASignInThatHappensWhileTheServerIsAsked) {
    store(signed_in(0));
    const auto other = keeper();
    server.meanwhile([&](const net::Patience&) {
        TokenRecord anew = signed_in();
        anew.refresh_token = wfc::SecretString("anew");
        anew.access_token = wfc::SecretString("access-anew");
        other->keep(std::move(anew));
    });
    EXPECT_EQ(token(*keeper()), "access-anew");
    EXPECT_EQ(stored().refresh_token.reveal(), "anew");
}

TEST_F(KeeperProcessesTest, AreRefusedAWriteWhenTheSuppliedValueChangesAtTheLastMoment) {
    store(signed_in(0));
    // The host's own answer, as when the change comes between our last look and our write.
    server.meanwhile([&](const net::Patience&) { host.secret_writes_fail(WFC_CONFLICT); });
    const auto one = keeper();
    EXPECT_EQ(condition(*one), "host.secrets");
    host.secret_writes_fail(WFC_OK);
    EXPECT_EQ(token(*one), "access-1") << "what was rotated is not lost";
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(KeeperProcessesTest, StopAtAStateStoreThatFailsUnlessTheOldTokenIsStillGood) {
    store(signed_in(0));
    host.state().fail_with(WFC_UNAVAILABLE);
    EXPECT_EQ(condition(*keeper()), "host.state");
    EXPECT_EQ(server.requests(), 0) << "without the lease two might ask, and the grant be lost";
    store(signed_in(100));
    EXPECT_EQ(token(*keeper()), "access-0");
    EXPECT_TRUE(logged("oauth.refresh_failed"));
}

TEST_F(KeeperProcessesTest, DoWithoutAStateStoreWhereThereIsNone) {
    host.without(WFC_STATE);
    host.real_time();
    store(signed_in(0));
    EXPECT_EQ(everybody(1, 8).count("access-1"), 8u);
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(KeeperProcessesTest, SignInAndOutWhileOthersSend) {
    host.real_time();
    server.rotates = false;
    const auto one = keeper();
    std::atomic<bool> stop{false};
    std::vector<std::thread> crowd;
    for (int i = 0; i < 4; ++i) {
        crowd.emplace_back([&] {
            while (!stop) {
                try {
                    const wfc::SecretString got = one->access_token(patience());
                    (void)one->replaced(got, patience());
                } catch (const Failure& failure) {
                    const std::string& what = failure.facts().condition;
                    EXPECT_TRUE(what == "token.sign_in_needed" || what == "token.busy") << what;
                }
            }
        });
    }
    for (int i = 0; i < 50; ++i) {
        one->keep(signed_in());
        std::this_thread::yield();
        one->forget();
    }
    stop = true;
    for (std::thread& thread : crowd) thread.join();
    EXPECT_FALSE(one->record());
}

}  // namespace
}  // namespace mailsend::oauth
