/// Transport over SMTP submission: one connection (a second one where an access token was refused and there
/// is another), one transaction, results per recipient.
#pragma once

#include "delivery/route.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

/// What to do when the server takes some recipients and refuses others.
enum class Partial { report, fail, ignore };

class SmtpTransport final : public Transport {
  public:
    /// `route` must outlive the transport.
    SmtpTransport(const Route& route, Partial on_partial) : route_(route), on_partial_(on_partial) {}

    Report deliver(Message& message, const net::Patience& patience) override;

  private:
    const Route& route_;
    Partial on_partial_;
};

}  // namespace mailsend::delivery
