// The operation `send`: compose, claim, deliver, explain.
#include "operations/claimed_send.hpp"
#include "operations/course.hpp"
#include "operations/ledger_entry.hpp"
#include "operations/problem_facts.hpp"
#include "operations/sending.hpp"
#include "outcome/document.hpp"

namespace mailsend {
namespace {

/// Whom an earlier call sent to does not depend on what keeps this one from going on. Where nobody has or may
/// have the message, the trouble is all there is to say.
SendResult sent(Invocation& invocation, const Composed& composed, LedgerEntry& entry) {
    if (!entry.work_left()) return already_sent(invocation, composed, entry);
    std::optional<delivery::Route> route;
    try {
        // A token may take long: others must not take the message over meanwhile.
        route = invocation.account.route(invocation.patience.with_pulse([&] { entry.keep_alive(); }));
    } catch (const wfc::Problem& unusable) {
        if (!entry.anybody_before()) throw;
        return not_begun(invocation, composed, entry, facts_of(unusable));
    } catch (const Failure& failure) {
        if (!entry.anybody_before()) throw;
        return not_begun(invocation, composed, entry, failure.facts());
    } catch (const Cancelled& cancelled) {
        if (!entry.anybody_before()) throw;
        return not_begun(invocation, composed, entry, stopped(cancelled));
    } catch (const net::TimedOut& late) {
        if (!entry.anybody_before()) throw;
        return not_begun(invocation, composed, entry, stopped(late));
    }
    const unsigned attempts = invocation.account.settings().delivery.attempts;
    return deliver(invocation, composed, *route, {.attempts = attempts, .entry = &entry});
}

}  // namespace

SendResult claimed_and_sent(Invocation& invocation, Composed& composed) {
    std::optional<LedgerEntry> entry;
    try {
        // Before anything is asked of the network: a message that was sent needs no token.
        entry.emplace(invocation, composed);
    } catch (const Failure& refused) {
        return not_claimed(invocation, composed, refused.facts());
    }
    return sent(invocation, composed, *entry);
}

wfc_status send(Invocation& invocation) {
    Composed composed = compose_input(invocation);
    const SendResult result = claimed_and_sent(invocation, composed);
    hand_over(invocation, send_document(result));
    return status_of(result.verdict);
}

}  // namespace mailsend
