/// Which of the ports of mail submission a server answers on, when the one of the settings fails.
///
/// Guarantees: connects and closes, says nothing; asks egress each time. For tests of a connection only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "delivery/route.hpp"
#include "outcome/failure.hpp"

namespace mailsend::delivery {

/// In the order of preference (RFC 8314, RFC 6409, RFC 5321).
inline constexpr std::array<std::uint16_t, 3> submission_ports = {587, 465, 25};

/// One port: the address that answered, or the refusal.
struct Rung {
    std::uint16_t port = 0;
    std::string address{};
    std::optional<Facts> refusal{};
    std::uint64_t milliseconds = 0;
};

/// Whether other ports may answer where `refusal` came from: it is about the port, not about this machine.
bool other_port_may_answer(const Facts& refusal);

/// Tries `port`, at most five seconds. Throws Cancelled, TimedOut (overall only).
Rung try_port(const Route& route, const std::vector<std::string>& addresses, std::uint16_t port,
              const net::Patience& patience);

/// The refusal of the settings' port in the light of the ladder: silence on 25 where 587 or 465 answers is a
/// block, conn.port25_blocked, with the ports that answer in the detail "names".
Facts in_the_light_of(const std::vector<Rung>& ladder, Facts refusal, std::uint16_t port);

}  // namespace mailsend::delivery
