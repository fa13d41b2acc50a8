/// A composed message, claimed in the ledger and sent: what `send` and each row of `send-batch` do.
#pragma once

#include "operations/composing.hpp"
#include "operations/invocation.hpp"
#include "outcome/result.hpp"

namespace mailsend {

/// Nothing goes out that was sent before. Throws as `deliver`, and what the account's route throws where
/// nobody has the message.
SendResult claimed_and_sent(Invocation& invocation, Composed& composed);

}  // namespace mailsend
