/// Who leads, who goes along and who leaves: shared commits over a disk of the test's.
#include "host/state_commits.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace wfc {
namespace {

using testing::ElementsAre;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds long_enough{60'000}, soon{50};

/// Stops where the test says, and goes on when it says so.
class Gate {
  public:
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    void open() {
        const std::lock_guard lock(mutex_);
        closed_ = false;
        changed_.notify_all();
    }
    /// Waits in it until it is open, or the deadline comes: false.
    bool pass(Steady::time_point deadline) {
        std::unique_lock lock(mutex_);
        ++came_;
        changed_.notify_all();
        return changed_.wait_until(lock, deadline, [&] { return !closed_; });
    }
    /// Until so many have come.
    void wait_for(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return came_ >= count; });
    }

  private:
    std::mutex mutex_{};
    std::condition_variable changed_{};
    bool closed_ = false;
    int came_ = 0;
};

/// Keeps the keys of each batch. A key "lost…" loses.
struct Disk : StateWriter {
    Gate lock, sync;
    std::vector<std::vector<std::string>> batches{};  // one thread at a time, as promised: TSan looks
    int tidied = 0;

    static constexpr int locked = 5;

    std::optional<int> begin(Deadline deadline) noexcept override {
        return lock.pass(deadline) ? std::nullopt : std::optional(locked);
    }
    void carry_out(std::span<StateWrite* const> writes, Deadline) noexcept override {
        batches.emplace_back();
        for (const StateWrite* write : writes) batches.back().push_back(write->key);
        sync.pass(Steady::now() + long_enough);
        for (StateWrite* write : writes) {
            write->status = write->key.starts_with("lost") ? WFC_CONFLICT : WFC_OK;
            write->version = batches.size();
        }
    }
    void tidy() noexcept override { ++tidied; }
};

struct StateCommitsTest : testing::Test {
    Disk disk;
    StateCommits commits{disk};
    std::vector<std::thread> threads{};

    ~StateCommitsTest() override { join(); }

    wfc_status run(const std::string& key, Steady::duration patience = long_enough,
                   const std::string& bytes = {}, std::uint64_t* version = nullptr) {
        const StateAnswer answer =
            commits.run({StateWrite::Kind::put, "s", key, bytes}, Steady::now() + patience);
        if (version != nullptr && answer.status == WFC_OK) *version = answer.version;
        return answer.status;
    }
    void start(const std::string& key, wfc_status expected, const std::string& bytes = {}) {
        threads.emplace_back([=, this] { EXPECT_EQ(run(key, long_enough, bytes), expected) << key; });
    }
    /// They wait behind the leader. Nothing tells a test so: the longer it waits, the surer it is.
    static void let_them_queue() { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }
    void join() {
        for (std::thread& thread : threads) thread.join();
        threads.clear();
    }
    std::size_t written() const {
        std::size_t all = 0;
        for (const auto& batch : disk.batches) all += batch.size();
        return all;
    }
};

TEST_F(StateCommitsTest, ALoneWriterLeadsAndWaitsForNobody) {
    std::uint64_t version = 0;
    EXPECT_EQ(run("a", long_enough, {}, &version), WFC_OK);
    EXPECT_EQ(version, 1u);
    EXPECT_EQ(run("b", long_enough, {}, &version), WFC_OK);
    EXPECT_EQ(version, 2u);
    EXPECT_THAT(disk.batches, ElementsAre(ElementsAre("a"), ElementsAre("b")));
    EXPECT_EQ(disk.tidied, 2);
}

TEST_F(StateCommitsTest, WhoWaitsWithTheLeaderSharesItsCommitAndHasAnAnswerOfItsOwn) {
    disk.lock.close();
    start("leader", WFC_OK);
    disk.lock.wait_for(1);
    for (const char* key : {"a", "b", "c"}) start(key, WFC_OK);
    start("lost", WFC_CONFLICT);
    let_them_queue();
    disk.lock.open();
    join();
    EXPECT_EQ(written(), 5u);
    EXPECT_LT(disk.batches.size(), 5u);
    EXPECT_EQ(disk.batches.front().front(), "leader");
}

TEST_F(StateCommitsTest, WhoComesDuringACommitSharesTheNext) {
    disk.sync.close();
    start("first", WFC_OK);
    disk.sync.wait_for(1);
    for (const char* key : {"a", "b", "c"}) start(key, WFC_OK);
    let_them_queue();
    disk.sync.open();
    join();
    EXPECT_THAT(disk.batches.front(), ElementsAre("first"));
    EXPECT_EQ(written(), 4u);
}

TEST_F(StateCommitsTest, WhoHasNoPatienceLeavesTheQueueAndIsNotWritten) {
    disk.lock.close();
    start("leader", WFC_OK);
    disk.lock.wait_for(1);
    EXPECT_EQ(run("hasty", soon), WFC_UNAVAILABLE);
    disk.lock.open();
    join();
    EXPECT_EQ(run("later"), WFC_OK);
    EXPECT_THAT(disk.batches, ElementsAre(ElementsAre("leader"), ElementsAre("later")));
}

TEST_F(StateCommitsTest, WhoHasNoPatienceLeavesEvenWhileItIsWritten) {
    disk.lock.close();
    start("leader", WFC_OK);
    disk.lock.wait_for(1);
    std::uint64_t version = 77;
    std::thread hasty([&] {
        EXPECT_EQ(run("hasty", std::chrono::milliseconds(600), "its own copy", &version), WFC_UNAVAILABLE);
    });
    let_them_queue();
    disk.sync.close();
    disk.lock.open();
    hasty.join();  // the disk still works on it
    EXPECT_EQ(version, 77u);
    disk.sync.open();
    join();
}

TEST_F(StateCommitsTest, ALeaderWithoutPatienceFailsAloneAndTheNextLeads) {
    disk.lock.close();
    std::thread hasty([&] { EXPECT_EQ(run("hasty", std::chrono::milliseconds(300)), WFC_UNAVAILABLE); });
    disk.lock.wait_for(1);
    start("a", WFC_OK);
    start("b", WFC_OK);
    hasty.join();
    disk.lock.wait_for(2);
    disk.lock.open();
    join();
    EXPECT_EQ(written(), 2u);
    EXPECT_EQ(run("later"), WFC_OK);
}

TEST_F(StateCommitsTest, OneCommitHasABoundedShareOfBytesButTakesOneWriteOfAnySize) {
    const std::string half(StateCommits::most_bytes / 2, 'x');
    disk.lock.close();
    start("leader", WFC_OK, half + half + "x");
    disk.lock.wait_for(1);
    for (const char* key : {"a", "b", "c"}) start(key, WFC_OK, half);
    let_them_queue();
    disk.lock.open();
    join();
    EXPECT_THAT(disk.batches.front(), ElementsAre("leader"));
    EXPECT_EQ(written(), 4u);
    for (const auto& batch : disk.batches) EXPECT_LE(batch.size(), 2u);
}

TEST_F(StateCommitsTest, EveryWriteOfManyThreadsHasItsAnswer) {
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([this, i] {
            for (int n = 0; n < 200; ++n) {
                const std::string key = (n % 3 == 0 ? "lost-" : "kept-") + std::to_string(i);
                const bool hasty = n % 5 == 0;
                const wfc_status status = run(key, hasty ? std::chrono::microseconds(1) : long_enough);
                EXPECT_TRUE(hasty || status == (n % 3 == 0 ? WFC_CONFLICT : WFC_OK)) << status;
            }
        });
    }
    join();
    EXPECT_GE(written(), 16u * 160u);
    EXPECT_LE(written(), 16u * 200u);
}

}  // namespace
}  // namespace wfc
