/// One cell tried out: MailSend, as a host loads it, sends to a server that fails there.
///
/// Guarantees: a component, a host and a server of its own for each trial; only the time-out that the cell
/// is about is short.
#pragma once

#include <filesystem>
#include <string>

#include "faults/cell.hpp"
#include "inbox/tls.hpp"

namespace faults {

/// Borrowed by all trials.
struct Surroundings {
    std::filesystem::path components;
    const inbox::ServerTls& tls;
    std::string ca_pem;
    std::chrono::milliseconds time_out;  ///< the short one
};

/// How a trial goes about it.
struct Plan {
    unsigned attempts = 1;  ///< delivery.attempts
    unsigned faulty = 1;    ///< so many connections fail, the later ones do not
    bool again = false;     ///< the same call a second time
};

struct Outcome {
    std::string outcome{};  ///< of the document
    std::string error{};    ///< its id; empty when accepted
    std::string stage{};    ///< where the error says it happened
    std::size_t attempts = 0;
    std::chrono::milliseconds took{0};
    unsigned handed_over = 0;  ///< transactions that reached their end of data, in all calls so far
    bool duplicate = false;    ///< the first result was told again
};

struct Trial {
    Outcome first, second;  ///< `second` where it was planned
};

/// Throws std::runtime_error when the component cannot be used at all.
Trial try_out(const Cell& cell, const Plan& plan, const Surroundings& with);

/// The time a stage waits before it gives up, with these surroundings.
std::chrono::milliseconds limit_of(Stage stage, const Surroundings& with);

}  // namespace faults
