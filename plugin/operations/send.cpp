// The operation `send`: compose, claim, deliver, explain.
#include "operations/ledger_entry.hpp"
#include "operations/sending.hpp"
#include "outcome/document.hpp"

namespace mailsend {
namespace {

SendResult sent(Invocation& invocation, Composed& composed) {
    // Before anything is asked of the network: a message that was sent needs no token.
    LedgerEntry entry(invocation, composed);
    if (!entry.work_left()) return already_sent(invocation, composed, entry);
    delivery::Route route = invocation.account.route(invocation.patience);
    const unsigned attempts = invocation.account.settings().delivery.attempts;
    return deliver(invocation, composed, route, {.attempts = attempts, .entry = &entry});
}

}  // namespace

wfc_status send(Invocation& invocation) {
    Composed composed = compose_input(invocation);
    const SendResult result = sent(invocation, composed);
    hand_over(invocation, send_document(result));
    return status_of(result.verdict);
}

}  // namespace mailsend
