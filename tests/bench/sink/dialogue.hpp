/// What the sink says: SMTP without a mailbox.
///
/// Guarantees: takes every message and every credential; a message counts once it was taken whole, from a
/// sender to at least one recipient. Looks at nothing else: not at addresses, not at sizes, not at what a
/// message says.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "bench/sink/channel.hpp"
#include "bench/sink/tls.hpp"

namespace bench::sink {

/// Over all doors; any thread.
struct Counts {
    std::atomic<std::uint64_t> connections{0}, handshakes{0}, resumed{0}, messages{0}, recipients{0},
        octets{0};
};

enum class Security { plain, starttls, tls };

/// A port and what is offered there.
struct Door {
    Security security = Security::plain;
    bool resumption = true;
    std::string offers;  ///< the lines of EHLO after the first, each with its CR LF; STARTTLS not among them

    /// "tls", "plain:PIPELINING,SIZE", "tls-full:…": the security ("-full": no resumption) and the words of
    /// EHLO, all that the sink knows if there are none. Throws std::invalid_argument.
    static Door parse(std::string_view text);
};

/// Talks until the client or the connection ends.
void converse(Channel& channel, const Door& door, const ServerTls* tls, Counts& counts);

}  // namespace bench::sink
