#include "outcome/reply.hpp"

namespace mailsend {
namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && (is_blank(text.back()) || text.back() == '\r' || text.back() == '\n')) {
        text.remove_suffix(1);
    }
    return text;
}

/// What stands behind "535-" or "535 " (RFC 5321 4.2: code, separator, text).
std::string_view without_code(std::string_view line) noexcept {
    if (line.size() >= 3 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2])) {
        line.remove_prefix(3);
        if (!line.empty() && (line.front() == '-' || is_blank(line.front()))) line.remove_prefix(1);
    }
    return trimmed(line);
}

/// Reads 1-3 digits without a leading zero (RFC 3463 section 2) off the front.
std::optional<int> take_number(std::string_view& text) noexcept {
    int value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 4 && is_digit(text[digits])) {
        value = value * 10 + (text[digits] - '0');
        ++digits;
    }
    if (digits == 0 || digits > 3 || (digits > 1 && text[0] == '0')) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

/// The lines' texts joined by one blank; `status` is left out wherever a line begins with it, but for the
/// first time if `keep_first`.
std::string joined(const std::vector<std::string>& lines, const std::optional<EnhancedStatus>& status,
                   bool keep_first) {
    std::string out;
    bool kept = !keep_first;
    for (const std::string& line : lines) {
        std::string_view text = without_code(line);
        if (status && EnhancedStatus::parse(text) == status) {
            if (kept) {
                while (!text.empty() && !is_blank(text.front())) text.remove_prefix(1);
                text = trimmed(text);
            }
            kept = true;
        }
        if (text.empty()) continue;
        if (!out.empty()) out += ' ';
        out += text;
    }
    return out;
}

}  // namespace

std::string EnhancedStatus::to_string() const {
    return std::to_string(status_class) + '.' + std::to_string(subject) + '.' + std::to_string(detail);
}

std::optional<EnhancedStatus> EnhancedStatus::parse(std::string_view text) {
    if (text.size() < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.') {
        return std::nullopt;
    }
    EnhancedStatus status;
    status.status_class = text[0] - '0';
    text.remove_prefix(2);
    const std::optional<int> subject = take_number(text);
    if (!subject || text.empty() || text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
    const std::optional<int> detail = take_number(text);
    if (!detail || (!text.empty() && !is_blank(text.front()))) return std::nullopt;
    status.subject = *subject;
    status.detail = *detail;
    return status;
}

std::optional<EnhancedStatus> Reply::enhanced() const {
    for (const std::string& line : lines) {
        if (auto status = EnhancedStatus::parse(without_code(line))) return status;
    }
    return std::nullopt;
}

std::string Reply::text() const {
    return joined(lines, enhanced(), false);
}

std::string Reply::words() const {
    const std::string said = joined(lines, enhanced(), true);
    std::string out = std::to_string(code);
    if (!said.empty()) out += ' ' + said;
    return out;
}

}  // namespace mailsend
