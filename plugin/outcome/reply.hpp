/// A server's reply as a value (RFC 5321 section 4.2, RFC 2034, RFC 3463).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailsend {

/// `X.Y.Z` of RFC 3463: class 2, 4 or 5, then subject and detail of up to three digits.
struct EnhancedStatus {
    int status_class = 0;
    int subject = 0;
    int detail = 0;

    std::string to_string() const;
    friend bool operator==(const EnhancedStatus&, const EnhancedStatus&) = default;

    /// Reads a status at the beginning of `text`, followed by a blank or the end; nothing when there is none.
    static std::optional<EnhancedStatus> parse(std::string_view text);
};

/// A complete reply: at least one line, all with the same code.
struct Reply {
    int code = 0;                    ///< 200-599
    std::vector<std::string> lines;  ///< raw, with code and separator, without CR LF

    /// RFC 5321 4.2.1: the first digit decides.
    bool positive_completion() const noexcept { return code / 100 == 2; }
    bool positive_intermediate() const noexcept { return code / 100 == 3; }
    bool transient_negative() const noexcept { return code / 100 == 4; }
    bool permanent_negative() const noexcept { return code / 100 == 5; }

    /// The status of the first line that has one.
    std::optional<EnhancedStatus> enhanced() const;
    /// All lines joined by one blank, without the codes and enhanced codes that repeat; for matching and for
    /// `smtp.text`.
    std::string text() const;
    /// The server's words whole: code, enhanced code once, text. `535 5.7.139 Authentication unsuccessful, …`
    std::string words() const;

    friend bool operator==(const Reply&, const Reply&) = default;
};

}  // namespace mailsend
