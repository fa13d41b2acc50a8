/// The input of `send` and `preview` -> a message ready to be pulled.
#pragma once

#include <memory>
#include <string>

#include "message/message.hpp"
#include "operations/invocation.hpp"

namespace mailsend {

struct Composed {
    std::string message_id;  ///< with angle brackets
    std::unique_ptr<Message> message;
    std::string key;    ///< by which the ledger knows it: of the input, else the call id
    SendTerms terms{};  ///< of the input
    std::string
        draft_digest;  ///< what the draft says (ledger/draft_digest); empty with delivery.ledger "off"
};

/// Parses, opens every attachment and composes; nothing is sent. Throws wfc::Problem(WFC_INVALID_INPUT).
Composed compose_input(Invocation& invocation);

/// The same for a draft that is already there.
Composed compose_draft(Invocation& invocation, const Draft& draft);

}  // namespace mailsend
