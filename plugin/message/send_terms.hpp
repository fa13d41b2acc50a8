/// What an input says of its sending, besides the message itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mailsend {

/// What becomes of a message of which nobody knows whether the server took it, when it is asked for again.
enum class OnUnknown : std::uint8_t {
    report,  ///< nothing is sent; the result says that it is unknown
    resend   ///< it is handed over once more, with the same Message-ID
};

/// Members of `send`'s input that have no default in settings.message.
struct SendTerms {
    /// One line of 1 to 256 characters without controls. Nothing: the call id is the key.
    std::optional<std::string> idempotency_key;
    std::optional<OnUnknown> on_unknown;  ///< beats settings.delivery.on_unknown
};

}  // namespace mailsend
