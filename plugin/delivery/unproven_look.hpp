/// A look at what a server says of itself when its certificate cannot be trusted.
///
/// Guarantees: nothing secret is sent: no credentials, no client certificate; after the reply to EHLO comes
/// QUIT. What was seen is what anybody at that address may claim. For tests of a connection only; sending
/// never looks.
#pragma once

#include "delivery/connection.hpp"

namespace mailsend::delivery {

/// One look. One thread.
class UnprovenLook {
  public:
    /// At `address` (empty: whichever answers) with `protection`; otherwise as `route`, which it does not
    /// borrow. Each stage gets at most `stage_ms`.
    UnprovenLook(const Route& route, const std::string& address, smtp::Protection protection,
                 std::uint64_t stage_ms);

    /// Connects, reads greeting and EHLO, says QUIT. Throws as Connection::open.
    void open(const net::Patience& patience);

    /// What was heard; also how far it got, when open() has thrown.
    const Connection& connection() const noexcept { return connection_; }

  private:
    Route route_;
    Connection connection_;
};

}  // namespace mailsend::delivery
