/// Text as it was pasted -> lines as they were said. Internal to the reading of pasted text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailsend::diagnosis {

/// `text` with every line break as one LF -- also CR LF and those that a log wrote as "\n" and "\r\n" --,
/// strings that a program broke in two ("…\n' + '…") put together, colours of terminals taken away, and every
/// other control character and no-break space as a blank.
std::string plain_lines(std::string_view text);

/// ASCII letters in lower case.
std::string lowered(std::string_view text);

inline bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
inline bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace mailsend::diagnosis
