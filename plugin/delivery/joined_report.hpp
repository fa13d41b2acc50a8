/// Several reports about one message as one.
///
/// Guarantees: accepted stays accepted and unknown stays unknown; of everybody else the last report counts.
/// Attempts stand in order. Whoever no report speaks of was not attempted, for the reason of the last one.
#pragma once

#include <vector>

#include "delivery/smtp_transport.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

/// One thread.
class JoinedReport {
  public:
    JoinedReport(const Message& message, const Order& order, Partial on_partial);

    void add(Report report);
    /// Adds to the facts of everybody at `place`, who must have some.
    void detail(std::size_t place, const std::string& name, const std::string& value);
    /// Why the last of the attempts was not the last after all.
    void not_the_last(const Facts& facts);

    /// The host asked to stop between two deliveries.
    void cancelled(const Facts& facts);

    Report finish() &&;

  private:
    RecipientReport& at(std::size_t place);

    Partial on_partial_;
    Report report_;
    std::vector<bool> reported_;
};

}  // namespace mailsend::delivery
