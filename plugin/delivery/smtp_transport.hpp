/// Transport over SMTP submission: one transaction on a connection of a pool, results per recipient.
///
/// Guarantees: another connection only where an access token was refused and there is another, where the
/// connection turns out dead before MAIL is answered, where it ends because of somebody else's message, or
/// where the server does not keep to what it offered; in all of these cases nobody can have the message.
/// Addresses on which a try failed before MAIL was answered come last in later ones. At most as many
/// recipients as the server has room for (RFC 9422; 452 and 4.5.3 after others were accepted), the rest is
/// `left_over`; not with Partial::fail. Does not repeat (PersistentTransport) and does not go on with the
/// rest (SplitTransport).
#pragma once

#include <optional>
#include <set>
#include <string>

#include "delivery/pool.hpp"
#include "delivery/route.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

/// What to do when the server takes some recipients and refuses others. `fail`: nobody of that transaction
/// gets it.
enum class Partial { report, fail, ignore };

class SmtpTransport final : public Transport {
  public:
    /// Over connections of its own, one at a time, until close(). `route` must outlive the transport.
    SmtpTransport(const Route& route, Partial on_partial) : route_(route), on_partial_(on_partial) {}
    /// Over those of `pool`, which must outlive it too.
    SmtpTransport(const Route& route, Partial on_partial, Pool& pool)
        : route_(route), on_partial_(on_partial), pool_(&pool) {}

    Report deliver(Message& message, const Order& order, const net::Patience& patience) override;
    void close(const net::Patience& patience) noexcept override;

  private:
    class Try;

    const Route& route_;
    Partial on_partial_;
    std::optional<Pool> own_{};
    Pool* pool_ = nullptr;
    std::optional<Pool::Visit> visit_{};
    std::set<std::string> avoided_{};
};

}  // namespace mailsend::delivery
