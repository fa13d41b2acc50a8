/// Connects to every address of a server, to tell which of them answer.
///
/// Guarantees: all are tried at once, so that a silent one costs the time-out once, and once another has
/// answered about a second, lest that one tire of waiting; each is told apart, with an error of its own. For
/// tests of a connection; sending takes the first that answers (connect.hpp).
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/connect.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {

/// What came of one address: a stream or a refusal; neither where the call ended before that was known.
struct Tried {
    std::string address;
    std::unique_ptr<Stream> stream{};
    std::optional<Facts> refusal{};
    std::uint64_t milliseconds = 0;  ///< until that was known
};

struct Survey {
    std::vector<Tried> tried;          ///< in the order of the addresses
    std::optional<Failure> refused{};  ///< where none answered: as connect() tells it
    std::exception_ptr ended{};        ///< Cancelled or TimedOut (overall), which came before all was known
};

/// Throws Failure when there is no address; Cancelled and TimedOut only when nothing was tried yet.
Survey try_each(const Endpoint& endpoint, const std::vector<std::string>& addresses,
                const wfc::Egress& egress, const Patience& patience);

}  // namespace mailsend::net
