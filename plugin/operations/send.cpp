// The operation `send`: compose, deliver, explain.
#include "operations/sending.hpp"
#include "outcome/document.hpp"

namespace mailsend {

wfc_status send(Invocation& invocation) {
    const Composed composed = compose_input(invocation);
    delivery::Route route = invocation.account.route(invocation.patience);
    const SendResult result = deliver(invocation, composed, route);
    hand_over(invocation, send_document(result));
    return status_of(result.verdict);
}

}  // namespace mailsend
