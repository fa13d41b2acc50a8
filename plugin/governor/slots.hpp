/// The places for connections of one account: as many as its limit, shared by all processes.
///
/// Guarantees: within the process never more than the limit are given out. Across processes each place is a
/// lease in wfc.state/1, which ends 30 s after its owner last said that it lives; where the wall clock was
/// set back, after a process that waits has seen it unchanged for so long. What it cannot do: when the wall
/// clock jumps by more than a lease, the store may forget leases that are held, and until their owners notice
/// (10 s) there may be more connections than the limit. Processes with different limits for one account keep
/// each their own only as long as the larger one leaves room.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "net/patience.hpp"
#include "wfc/host.hpp"

namespace mailsend::governor {

/// Shared by the threads of a process; any thread.
class Slots {
  public:
    static constexpr std::uint64_t lease_ms = 30'000;

    /// `account`: as governor_account.
    explicit Slots(const std::string& account) : prefix_("governor/" + account + "/slot/") {}

    /// Waits until fewer than `limit` are held in this process, and holds one. Throws Cancelled, TimedOut.
    void enter(unsigned limit, const net::Patience& patience);
    void leave() noexcept;

    struct Lease {
        unsigned place = 0;
        std::uint64_t version = 0;
    };
    /// Looks once at every place. Nothing when all are taken. Throws wfc::ServiceFailed.
    std::optional<Lease> take(const wfc::Host& host, unsigned limit);
    /// False when somebody else has it. Throws wfc::ServiceFailed.
    bool renew(const wfc::Host& host, Lease& lease) const;
    void give_back(const wfc::Host& host, const Lease& lease) const noexcept;

  private:
    /// Whether nobody has said for a whole lease, as far as was seen from here, that this one lives.
    bool dead(unsigned place, std::uint64_t version, std::uint64_t now_ms);
    std::string key(unsigned place) const { return prefix_ + std::to_string(place); }

    struct Watched {
        std::uint64_t version = 0, since_ms = 0;
    };
    const std::string prefix_;
    std::mutex mutex_{};
    std::condition_variable left_{};
    unsigned held_ = 0;
    std::map<unsigned, Watched> watched_{};
};

}  // namespace mailsend::governor
