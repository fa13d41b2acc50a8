/// A composed message -> what became of it, explained: what `send` and `send-test` have in common.
#pragma once

#include "operations/composing.hpp"
#include "operations/invocation.hpp"
#include "outcome/result.hpp"

namespace mailsend {

/// Delivers over `route`, tells progress and logs the outcome. Throws as SmtpTransport::deliver.
SendResult deliver(Invocation& invocation, const Composed& composed, delivery::Route& route);

/// Writes the document to the call; a host that takes none changes nothing about what happened.
void hand_over(Invocation& invocation, const std::string& document);

}  // namespace mailsend
