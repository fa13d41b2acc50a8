/// How a message leaves: the seam between composing and SMTP, Gmail API, Microsoft Graph.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "message/message.hpp"
#include "net/patience.hpp"
#include "outcome/failure.hpp"
#include "outcome/result.hpp"

namespace mailsend::delivery {

/// `unknown`: the end of data was begun and no reply to it came.
enum class Fate { accepted, rejected, not_attempted, unknown };

struct RecipientReport {
    std::string address;
    Fate fate = Fate::not_attempted;
    std::optional<Facts> facts;  ///< of the refusal
};

/// What became of one message. Facts only: explanations are written later, in the flow's language.
struct Report {
    Verdict verdict = Verdict::failed;  ///< accepted, partial, rejected, failed, unknown or cancelled
    std::vector<RecipientReport> recipients;
    std::optional<Reply> reply;  ///< the positive reply to the end of data
    std::optional<Facts> facts;  ///< why the verdict is not accepted
    std::vector<Attempt> attempts;
    ServerFacts server;
};

/// One thread per call of `deliver`; different calls may run at once.
class Transport {
  public:
    virtual ~Transport() = default;
    /// Tries to deliver and reports; throws only for defects. When the end of data was begun and no reply
    /// came, the verdict is unknown, whatever else happened.
    virtual Report deliver(Message& message, const net::Patience& patience) = 0;
};

}  // namespace mailsend::delivery
