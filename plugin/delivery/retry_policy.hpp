/// Whether a delivery that failed is tried again, and when: by what the failure means.
///
/// Guarantees: a pure function of its arguments. Never again: what may have been delivered, what is
/// permanent, what a server counts against the account, what a limit of ours or a service of the host
/// refused. Before any reply the wait is full jitter over a second that doubles with each try; a reply is
/// followed by full jitter over its diagnosis' own delay, which doubles too, or by the time that the server
/// asked for and a tenth. Where the deadline leaves no room for the whole of it, nothing is waited for.
#pragma once

#include <cstdint>

#include "outcome/explanation.hpp"

namespace mailsend::delivery {

/// What had been tried when it failed.
struct History {
    unsigned tries = 1;           ///< that failed, this one included
    unsigned attempts = 4;        ///< most of them
    unsigned refused_logins = 0;  ///< tries before this one that ended so
    bool another_address = false;
    std::uint64_t left_ms = 0;  ///< until the deadline
};

enum class Next { again, stop, stop_with_after };

struct Decision {
    Next next = Next::stop;
    std::uint64_t wait_ms = 0;  ///< before the next try; with stop_with_after: before somebody else's
};

/// `chance` is of [0, 1). `facts` are of one failure, and `diagnosis` is theirs.
Decision decide(const Facts& facts, const Diagnosis& diagnosis, const History& history, double chance);

/// Refused for now: the same recipient may be taken later, whoever tries.
bool temporary(const Diagnosis& diagnosis) noexcept;

/// The server answered AUTH, and not with yes: more than one repeat may lock the account. Also where a token
/// was refused because its successor cannot be fetched for the moment.
bool refused_login(const Facts& facts) noexcept;

}  // namespace mailsend::delivery
