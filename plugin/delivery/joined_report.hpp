/// Several reports about one message as one.
///
/// Guarantees: accepted stays accepted and unknown stays unknown; of everybody else the last report counts.
/// Attempts stand in order. Whoever no report speaks of was not attempted, for the reason of the last one.
#pragma once

#include <exception>
#include <vector>

#include "delivery/smtp_transport.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

/// One thread.
class JoinedReport {
  public:
    /// `order` is borrowed.
    JoinedReport(const Order& order, Partial on_partial) : order_(order), on_partial_(on_partial) {}

    void add(Report report);
    /// Adds to the facts of everybody at `place`, who must have some.
    void detail(std::size_t place, const std::string& name, const std::string& value);
    /// Why the last of the attempts was not the last after all.
    void not_the_last(const Facts& facts);

    /// Somebody has the message, or may have it: whatever happens from then on, there must be a report.
    bool owed() const noexcept;
    /// An exception broke off the delivery to `places`: a defect, or wfc::Problem where what is to be sent is
    /// something else than before.
    void broken_off(const std::vector<std::size_t>& places, const std::exception& by);

    /// The host asked to stop between two deliveries.
    void cancelled(const Facts& facts);

    Report finish() &&;

  private:
    RecipientReport& at(std::size_t place);
    void add(RecipientReport recipient);
    void add_the_others();

    const Order& order_;
    Partial on_partial_;
    /// Its recipients are those of whom something was reported, by place. While a delivery is on its way
    /// there is nothing to keep for anybody.
    Report report_{};
};

}  // namespace mailsend::delivery
