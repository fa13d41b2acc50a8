/// The windows of an account where they are kept: in wfc.state/1, or in this process alone where the host has
/// no such store.
///
/// Guarantees: a change is made of what is there at that moment and by nobody else meanwhile
/// (compare-and-swap); the threads of the process ask the store one after the other. What could not be
/// written after a message was sent is written with the next change.
///
/// A record that is damaged or was not written by this version: what was sent is unknown. The minute counts
/// as full, which costs a minute at most; the day begins with what this process last saw, or empty, since a
/// day's stop would cost more than it protects. A record that is gone is as this process last saw it.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "governor/counted.hpp"
#include "governor/store_tries.hpp"
#include "governor/window_record.hpp"
#include "net/patience.hpp"
#include "wfc/host.hpp"

namespace mailsend::governor {

/// Shared by the threads of a process; any thread.
class KeptWindows {
  public:
    /// The account's time, and whether what this change did in an earlier try is certainly not stored.
    struct Now {
        std::uint64_t time_ms = 0;
        bool certain = true;
    };
    /// All on the thread that asks, while it is its turn.
    struct Change {
        /// First of all: whether another thread has done meanwhile what this one came for.
        std::function<bool()> settled;
        /// What is to become of the record; false: it stays as it is. May be called again when somebody else
        /// was faster, or the store failed.
        std::function<bool(WindowRecord& record, const Now& now)> apply;
        /// Once it is stored. Must not throw.
        std::function<void()> stored;
    };

    /// `account`: as governor_account.
    explicit KeptWindows(const std::string& account);

    /// `host`: of the component that asks. Throws Failure(host, "host.state"), Cancelled, TimedOut.
    void change(const wfc::Host& host, const net::Patience& patience, const Change& change,
                unsigned tries = StoreTries::usual);
    /// Gives up after half a second, and at once from within change(). False: it may have been done or not.
    bool change_briefly(const wfc::Host& host, const Change& change) noexcept;

    /// The message counts now, where that is a later slice of the minute than the one it was counted in. Also
    /// from within change(), by what its patience asks: then with the next change.
    void count_again(const wfc::Host& host, const std::shared_ptr<Counted>& message) noexcept;

  private:
    class Turn;
    struct Loaded {
        WindowRecord record;
        std::uint64_t version = 0;  ///< 0: there is none
        bool damaged = false;
        bool stored = false;  ///< false: in this process alone
    };

    Loaded load(const wfc::Host& host, const Moment& now) const;
    bool store(const wfc::Host& host, const Loaded& loaded);
    void change_in_turn(const wfc::Host& host, const net::Patience& patience, const Change& change,
                        unsigned tries);
    /// What is still to be counted again.
    std::vector<std::shared_ptr<Counted>> owed();
    void paid(const std::vector<std::shared_ptr<Counted>>& debts, std::uint64_t time_ms,
              std::uint64_t monotonic_ms);
    bool owes(const std::shared_ptr<Counted>& message);
    bool my_turn();

    const std::string account_;
    const std::string key_;
    std::mutex mutex_{};  ///< `asking_`; the rest belongs to the thread whose turn it is
    std::condition_variable free_{};
    std::thread::id asking_{};  ///< whose turn it is
    std::optional<WindowRecord> last_{};
    std::string last_bytes_{};  ///< of `last_` as this process wrote it; empty: it has not
    std::mutex
        debts_mutex_{};  ///< `debts_`, and every Counted, which only the thread whose turn it is changes
    std::vector<std::shared_ptr<Counted>> debts_{};
};

}  // namespace mailsend::governor
