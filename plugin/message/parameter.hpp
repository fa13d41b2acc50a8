/// Parameters of Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2231).
///
/// Guarantees: every piece is ASCII and at most 75 octets, so that it fits on a line of its own; characters
/// are never split.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailsend {

/// How a value that is long or not ASCII is written.
enum class ParameterForm {
    extended,      ///< RFC 2231: filename*0*=UTF-8''…; filename*1*=…
    encoded_words  ///< RFC 2047 words in quotation marks: against the letter of the RFC, but what Outlook and
                   ///< Gmail read in `name`
};

struct Parameter {
    std::string name;
    std::string value;
    ParameterForm form = ParameterForm::extended;
};

/// One piece of a parameter; `continues` when it goes on inside the quotation marks of the piece before,
/// without a semicolon.
struct ParameterPiece {
    std::string text;
    bool continues = false;
};

/// The pieces of `parameter`, whose value is UTF-8 without control characters.
std::vector<ParameterPiece> parameter_pieces(const Parameter& parameter);

/// Puts a parameter that is one piece as it stands, quoted if need be, into `out`; false for all others.
bool plain_parameter(const Parameter& parameter, std::string& out);

/// True for a token of RFC 2045 section 5.1.
bool is_token(std::string_view text) noexcept;

}  // namespace mailsend
