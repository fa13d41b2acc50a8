/// What became of a message, as logs of mail servers and sending programs say it. Internal to the reading of
/// pasted text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diagnosis/pasted_reply.hpp"
#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

/// A line of Postfix or sendmail about one delivery.
struct DeliveryLine {
    std::string status;  ///< behind "dsn="; the log's own view of it, not the words of a server
    std::string words;   ///< in the brackets behind "status=…", or behind "stat="
    bool delivered = false;
};

/// The last line in `text`, which comes from plain_lines, with a status behind "dsn=" and words.
std::optional<DeliveryLine> delivery_line(std::string_view text);

/// Facts of a message that was handed over whole without an answer: the text says that it may be sent twice,
/// or the connection was lost after a 354 and nothing came back.
std::optional<Facts> unknown_outcome(std::string_view text);

/// Facts of a text whose last word is a yes: `reply`, whose code is below 400.
Facts accepted(const PastedReply& reply, std::optional<Stage> stage);

/// The same of a delivery that the log calls done.
Facts accepted(const DeliveryLine& line);

}  // namespace mailsend::diagnosis
