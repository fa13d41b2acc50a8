// Processes that write secrets are killed in the middle of it.
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <optional>
#include <random>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "host/secret_vault.hpp"
#include "support/scratch.hpp"

namespace wfc {
namespace {

constexpr int processes = 8, names = 3, kills = 100;

/// What one name shall be after its n-th change: nothing after each fifth, else a value of its own length.
std::string value_after(int process, int name, std::uint32_t n) {
    if (n % 5 == 0) return {};
    std::string value = std::to_string(process) + "/" + std::to_string(name) + "/" + std::to_string(n) + "/";
    value.resize(value.size() + n * 37 % 1000, static_cast<char>('a' + n % 26));
    return value;
}

/// What a writer has begun and what it was told is done; outlives the writer.
struct Progress {
    std::atomic<std::uint32_t> begun{0}, done{0};
};
using Board = std::array<std::array<Progress, names>, processes>;

std::string name_of(int process, int name) {
    return "p" + std::to_string(process) + "." + std::to_string(name);
}

[[noreturn]] void write_until_killed(const std::filesystem::path& home, Board& board, int process) {
    try {
        SecretVault vault(home);
        for (int name = 0;; name = (name + 1) % names) {
            Progress& progress = board[static_cast<std::size_t>(process)][static_cast<std::size_t>(name)];
            const std::uint32_t n = progress.begun + 1;
            progress.begun = n;
            const std::string value = value_after(process, name, n);
            if (value.empty()) {
                vault.remove(name_of(process, name));
            } else {
                vault.supply(name_of(process, name), SecretString(value));
            }
            progress.done = n;
        }
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "writer %d: %s\n", process, fault.what());
    }
    _exit(1);
}

/// The writers; none outlives this object, nor the test where that is killed.
class Writers {
  public:
    Writers(std::filesystem::path home, Board& board) : home_(std::move(home)), board_(board) {
        for (int process = 0; process < processes; ++process) start(process);
    }
    ~Writers() {
        for (int process = 0; process < processes; ++process) stop(process);
    }
    Writers(const Writers&) = delete;
    Writers& operator=(const Writers&) = delete;

    void start(int process) {
        const pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            write_until_killed(home_, board_, process);
        }
        pids_[static_cast<std::size_t>(process)] = child;
    }
    /// Whether it was at work until then.
    bool stop(int process) {
        pid_t& pid = pids_[static_cast<std::size_t>(process)];
        if (pid <= 0) return false;
        int status = 0;
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        pid = 0;
        return WIFSIGNALED(status);
    }

  private:
    std::filesystem::path home_;
    Board& board_;
    std::array<pid_t, processes> pids_{};
};

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
    const std::filesystem::directory_iterator all(folder);
    return std::distance(begin(all), end(all));
}

TEST(SecretProcesses, LoseNothingThatWasAcknowledgedWhenTheyAreKilled) {
    const test::Scratch scratch;
    const auto home = scratch / "home";
    void* shared = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(shared, MAP_FAILED);
    Board& board = *new (shared) Board;
    SecretVault vault(home);
    std::optional<Writers> writers(std::in_place, home, board);
    std::mt19937 random(std::random_device{}());
    for (int round = 0; round < kills; ++round) {
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 50'000));
        const int victim = static_cast<int>(random() % processes);
        EXPECT_TRUE(writers->stop(victim)) << "a writer gave up";
        for (int name = 0; name < names; ++name) {
            Progress& progress = board[static_cast<std::size_t>(victim)][static_cast<std::size_t>(name)];
            const auto found = vault.answer(name_of(victim, name), nullptr);
            const std::string value = found ? std::string(found->reveal()) : std::string();
            // What was under way may have happened or not; the next change of the name begins after that.
            if (value == value_after(victim, name, progress.begun)) {
                progress.done = progress.begun.load();
            } else {
                EXPECT_EQ(value, value_after(victim, name, progress.done)) << name_of(victim, name);
                progress.begun = progress.done.load();
            }
        }
        writers->start(victim);
    }
    writers.reset();

    EXPECT_LE(files_in(home), 4) << "the store, its lock, its key and one file of the writer killed last";
    vault.supply("after", SecretString("all"));
    EXPECT_EQ(files_in(home), 3);
    std::uint64_t changes = 0;
    for (const auto& of_process : board) {
        for (const Progress& progress : of_process) changes += progress.done;
    }
    EXPECT_GT(changes, static_cast<std::uint64_t>(processes)) << "hardly anything was written";
    RecordProperty("changes", std::to_string(changes));
    munmap(shared, sizeof(Board));
}

}  // namespace
}  // namespace wfc
