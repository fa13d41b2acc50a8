/// The state store under many processes at once, and under processes that are killed while they write.
#include <csignal>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <map>
#include <memory>
#include <poll.h>
#include <random>
#include <set>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include "host/state_store.hpp"
#include "raw_database.hpp"
#include "sealed.hpp"
#include "support/scratch.hpp"

namespace wfc {
namespace {

using test::RawDatabase;
using test::Scratch;

constexpr int processes = 8;

struct Pipe {
    Pipe() { EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0); }
    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    /// What has come, at least something within half a minute; with `wait` false, whatever is there.
    std::string read(bool wait = true) const {
        pollfd ready{ends[0], POLLIN, 0};
        if (poll(&ready, 1, wait ? 30'000 : 0) != 1) return {};
        std::string bytes(1 << 16, '\0');
        const ssize_t n = ::read(ends[0], bytes.data(), bytes.size());
        bytes.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
        return bytes;
    }

    int ends[2] = {-1, -1};
};

/// A state_writer, killed at the end.
class Writer {
  public:
    Writer(const Pipe& pipe, const std::filesystem::path& file, std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {STATE_WRITER, file.string()});
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pipe.ends[1], STDOUT_FILENO);
        EXPECT_EQ(posix_spawn(&pid_, STATE_WRITER, &actions, nullptr, argv.data(), environ), 0);
        posix_spawn_file_actions_destroy(&actions);
    }
    ~Writer() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        EXPECT_EQ(wait(), 1000 + SIGKILL) << "it had ended by itself";
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    int wait() {
        int status = 0;
        waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }

  private:
    pid_t pid_ = -1;
};

/// Each of the threads of each process wins so many writes, on counters that they share: none is lost.
void expect_every_win_counted(unsigned count, unsigned threads, unsigned wins_each, unsigned keys) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    const Pipe pipe;
    std::vector<std::unique_ptr<Writer>> writers;
    for (unsigned i = 0; i < count; ++i) {
        writers.push_back(std::make_unique<Writer>(
            pipe, file,
            std::vector<std::string>{"count", std::to_string(threads), std::to_string(wins_each),
                                     std::to_string(keys)}));
    }
    for (const auto& writer : writers) EXPECT_EQ(writer->wait(), 0);
    std::uint64_t wins = 0, counted = 0;
    std::istringstream reports(pipe.read());
    for (std::uint64_t won = 0, lost = 0, took = 0; reports >> won >> lost >> took;) wins += won;
    EXPECT_EQ(wins, std::uint64_t{count} * threads * wins_each);

    StateStore store(file);
    for (unsigned i = 0; i < keys; ++i) {
        StateValue found;
        ASSERT_EQ(store.get("writers", "counter-" + std::to_string(i), found), WFC_OK);
        const auto counter = test::unseal(found.bytes);
        ASSERT_TRUE(counter);
        EXPECT_EQ(*counter, found.version) << "each win is one version";
        counted += *counter;
    }
    EXPECT_EQ(counted, wins);
}

TEST(StateOfManyProcesses, CountsEveryWinExactlyOnce) {
    expect_every_win_counted(processes, 4, 12, 3);
}

TEST(StateOfManyProcesses, LosesNoWriteWhereTheThreadsOfEachShareCommits) {
    expect_every_win_counted(4, 8, 20, 20);
}

TEST(StateOfManyProcesses, MakesTheFileOnceWhoeverComesFirst) {
    const Scratch scratch;
    for (int round = 0; round < 10; ++round) {
        const auto file = scratch / ("state-" + std::to_string(round));
        const Pipe pipe;
        std::vector<std::unique_ptr<Writer>> writers;
        for (int i = 0; i < processes; ++i) {
            writers.push_back(
                std::make_unique<Writer>(pipe, file, std::vector<std::string>{"count", "1", "1", "1"}));
        }
        for (const auto& writer : writers) EXPECT_EQ(writer->wait(), 0);
        StateValue found;
        EXPECT_EQ(StateStore(file).get("writers", "counter-0", found), WFC_OK);
        EXPECT_EQ(found.version, std::uint64_t{processes});
    }
}

/// What the writers were told is written.
struct Acknowledged {
    std::map<std::string, std::uint64_t> newest{};
    std::set<std::pair<std::string, std::uint64_t>> all{};

    void take(const std::string& reports) {
        std::istringstream lines(reports);
        std::string key;
        for (std::uint64_t version = 0, counter = 0; lines >> key >> version >> counter;) {
            EXPECT_TRUE(all.emplace(key, version).second) << "two won version " << version << " of " << key;
            EXPECT_EQ(version, counter) << key;
            newest[key] = std::max(newest[key], version);
        }
    }
    /// Nothing is torn and nothing is lost.
    void check(const std::filesystem::path& file) const {
        StateStore store(file);
        for (const auto& [key, version] : newest) {
            StateValue found;
            ASSERT_EQ(store.get("writers", key, found), WFC_OK) << key;
            EXPECT_GE(found.version, version) << key;
            EXPECT_EQ(test::unseal(found.bytes).value_or(0), found.version) << key;
        }
    }
};

TEST(StateOfManyProcesses, LosesAndTearsNothingWhenTheyAreKilledAtAnyMoment) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    const Pipe pipe;
    Acknowledged acknowledged;
    std::mt19937 random(std::random_device{}());
    std::vector<std::unique_ptr<Writer>> writers(processes);
    for (int round = 0; round < 15; ++round) {
        for (auto& writer : writers) {
            if (!writer)
                writer = std::make_unique<Writer>(pipe, file, std::vector<std::string>{"write", "4"});
        }
        const std::size_t enough = acknowledged.all.size() + 10 + random() % 50;
        while (acknowledged.all.size() < enough) {
            const std::string reports = pipe.read();
            ASSERT_FALSE(reports.empty()) << "no writer gets on";
            acknowledged.take(reports);
        }
        // All of them every third time: then the next one to open the file has to repair it.
        for (auto& writer : writers) {
            if (round % 3 == 2 || random() % 2 == 0) writer.reset();
        }
        acknowledged.check(file);
    }
    for (auto& writer : writers) writer.reset();
    acknowledged.take(pipe.read(false));
    acknowledged.check(file);
    EXPECT_EQ(RawDatabase(file).run("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace wfc
