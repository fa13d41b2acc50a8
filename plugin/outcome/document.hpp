/// Result values -> the JSON documents of the contract.
///
/// Guarantees: server text is escaped, bounded (message 4 KiB, lines 64 KiB) and always valid UTF-8.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "outcome/result.hpp"

namespace mailsend {

/// Prefix of every `message`, in one place.
inline constexpr std::string_view message_prefix = "MailSend: failed to send mail: ";

/// The `message` of an error: prefix and the server's own words, or our sentence.
std::string message_of(const Facts& facts);

/// The `error` object, members in the order of the contract. Assigns to a plain `nlohmann::json` too.
nlohmann::ordered_json to_json(const Error& error);

/// The whole result document of `send`; with the members of `extra` as below.
std::string send_document(const SendResult& result);
std::string send_document(const SendResult& result, const nlohmann::ordered_json& extra);

/// A failed or cancelled document for anything that is not a send: `{format, outcome, error}` plus the
/// members of `extra` (an object; anything else adds nothing).
std::string failed_document(Verdict verdict, const Error& error);
std::string failed_document(Verdict verdict, const Error& error, const nlohmann::ordered_json& extra);

/// Control characters as \xNN (TAB as a blank), characters that hide or turn text around as \uNNNN, invalid
/// UTF-8 as U+FFFD; at most `limit` bytes, cut on a character boundary (with "…" inside the limit). The
/// result is valid UTF-8.
std::string printable(std::string_view raw, std::size_t limit);

}  // namespace mailsend
