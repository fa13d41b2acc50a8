/// A message's entry in the ledger, for the length of one call of `send`.
///
/// Guarantees: with delivery.ledger "on" nothing is handed over that was not claimed and written down first;
/// a duplicate is answered without sending; the entry's last state is written when this ends. With "off" it
/// stands aside. Knows no transport: it asks to be told through a delivery::Order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "delivery/transport.hpp"
#include "ledger/ledger.hpp"
#include "operations/composing.hpp"
#include "operations/invocation.hpp"
#include "outcome/result.hpp"

namespace mailsend {

namespace ledger {
class DigestedMessage;
}

/// One thread. Must not outlive the invocation and the composed message.
class LedgerEntry {
  public:
    /// Claims; waits while another call works on the same message. `composed.message` is hashed while it is
    /// read from now on. Throws as Ledger::claim.
    LedgerEntry(Invocation& invocation, Composed& composed);
    LedgerEntry(const LedgerEntry&) = delete;
    LedgerEntry& operator=(const LedgerEntry&) = delete;

    /// False: all that may be sent has been, and `join` of an empty report is the answer.
    bool work_left() const noexcept { return !claim_ || claim_->work_left(); }
    /// Whether somebody has got the message, or may have got it, by an earlier call.
    bool anybody_before() const noexcept;
    /// Places in the envelope to send to.
    std::vector<std::size_t> open() const;
    /// Has itself asked and told on the way of this order.
    void follow(delivery::Order& order);
    /// To be called at least every second of a wait.
    void keep_alive() noexcept;

    /// Makes it a report on all recipients, each as the ledger knows them: those who were not part of the
    /// order, those who were sent it by another run meanwhile, and those who may have it from before and did
    /// not get it now. The verdict is that of all together.
    void join(delivery::Report& report) const;
    /// Writes the last state. What could not be written, and what the input asked for in vain, becomes a
    /// warning; `duplicate`, its Message-ID and times are filled in.
    void finish(SendResult& result, const AddressMask* hidden);

  private:
    void check_body();
    bool ignores_refusals() const noexcept;

    Invocation& invocation_;
    const Composed& composed_;
    ledger::DigestedMessage* message_ = nullptr;  ///< of `composed_`
    std::optional<ledger::Claim> claim_;
    std::uint64_t spent_ms_ = 0;
};

}  // namespace mailsend
