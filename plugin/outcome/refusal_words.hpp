/// The words of a refusal by an authorization server (RFC 6749 sections 4.1.2.1 and 5.2) -> facts.
///
/// Guarantees: every value in the facts is printable, bounded and on one line. Knows neither who was asked
/// nor secrets: whoever has some hides them first.
#pragma once

#include <string>
#include <string_view>

#include "outcome/failure.hpp"

namespace mailsend {

/// The words of an error, wherever they stood: a JSON body, a redirect, a person's clipboard.
struct ErrorWords {
    std::string error;
    std::string description;
    std::string uri;
    std::string aadsts;  ///< Microsoft's number, digits only; read from the description where it is empty
    std::string trace_id;
    std::string correlation_id;
    std::string timestamp;
};

/// Facts at Stage::token: token.refused, or token.unavailable where the error or the status says that it may
/// pass; the words are the details. The sentence is "`who` refused: …", or "`who` is not available: …".
/// `http_status` 0: none.
Facts refusal_facts(const ErrorWords& words, int http_status, const std::string& who);

/// Line breaks and runs of blanks as one blank each, none at the ends: Microsoft sends sentences of several
/// lines.
std::string on_one_line(std::string_view text);

/// "… AADSTS70008: …" -> "70008"; empty where there is none.
std::string aadsts_in(std::string_view description);

}  // namespace mailsend
