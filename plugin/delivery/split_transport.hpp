/// Transport that delivers to many recipients in several transactions, each with as many as there is room
/// for.
///
/// Guarantees: one report about all; the next transaction follows at once, on the same connection where it is
/// kept; nobody is in two of them. A transaction that failed, that nobody knows the outcome of, or that was
/// refused for a reason that is nobody's own ends it: the rest is not attempted. With Partial::fail each
/// transaction is all or nothing by itself, and only `limit` splits. Belongs between SmtpTransport and
/// PersistentTransport, to which all of them are one try.
#pragma once

#include <cstddef>
#include <optional>

#include "delivery/smtp_transport.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

class SplitTransport final : public Transport {
  public:
    /// At most `limit` recipients a transaction (at least 1; nothing: as many as the server says). `inner` is
    /// borrowed.
    SplitTransport(Transport& inner, std::optional<std::size_t> limit, Partial on_partial)
        : inner_(inner), limit_(limit), on_partial_(on_partial) {}

    Report deliver(Message& message, const Order& order, const net::Patience& patience) override;
    void close(const net::Patience& patience) noexcept override { inner_.close(patience); }

  private:
    Transport& inner_;
    std::optional<std::size_t> limit_;
    Partial on_partial_;
};

}  // namespace mailsend::delivery
