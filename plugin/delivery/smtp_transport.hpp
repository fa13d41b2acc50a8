/// Transport over SMTP submission: one transaction on a connection that is kept for the next, results per
/// recipient.
///
/// Guarantees: a second connection only where an access token was refused and there is another, or where the
/// kept one turns out dead before MAIL is answered; in both cases not a byte of the message has left. After a
/// transaction that ended badly the connection is gone, after any other it stays until close(). Addresses on
/// which a try failed before MAIL was answered come last in later ones. At most as many recipients as the
/// server has room for (RFC 9422; 452 and 4.5.3 after others were accepted), the rest is `left_over`; not
/// with Partial::fail. Does not repeat (PersistentTransport) and does not go on with the rest
/// (SplitTransport).
#pragma once

#include <set>
#include <string>

#include "delivery/route.hpp"
#include "delivery/sign_in.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

/// What to do when the server takes some recipients and refuses others. `fail`: nobody of that transaction
/// gets it.
enum class Partial { report, fail, ignore };

class SmtpTransport final : public Transport {
  public:
    /// `route` must outlive the transport.
    SmtpTransport(const Route& route, Partial on_partial)
        : route_(route), on_partial_(on_partial), sign_in_(route) {}

    Report deliver(Message& message, const Order& order, const net::Patience& patience) override;
    void close(const net::Patience& patience) noexcept override;

  private:
    class Try;

    const Route& route_;
    Partial on_partial_;
    SignIn sign_in_;
    std::set<std::string> avoided_;
};

}  // namespace mailsend::delivery
