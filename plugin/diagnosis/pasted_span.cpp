#include "diagnosis/pasted_span.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "diagnosis/pasted_lines.hpp"

namespace mailsend::diagnosis {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t most_lines = 100;
constexpr std::size_t most_wrapped = 12;
/// What a log writes before each line of a reply is shorter.
constexpr std::size_t longest_prefix = 160;

// What a program says after the words of the server.
constexpr std::array ends{" (in reply to "sv, "))\n"sv, " (delivery attempts:"sv, " while executing "sv};
// How lines begin that are no continuation.
constexpr std::array strangers{
    "at "sv,         "..."sv,      "caused by"sv, "traceback"sv, "file \""sv, "code:"sv,    "code :"sv,
    "command:"sv,    "response"sv, "during "sv,   "nested "sv,   "quit"sv,    "final-"sv,   "action:"sv,
    "remote-mta:"sv, "status:"sv,  "last-"sv,     "}"sv,         "<<<"sv,     ">>>"sv,      "--"sv,
    "c: "sv,         "s: "sv,      "221 "sv,      "original-"sv, "hint:"sv,   "warning:"sv, "reporting-"sv,
    "diagnostic-"sv, "x-"sv,       "will-retry"sv};

/// One line of a reply: where its text begins, whether more follow ("535-"), and the quote that was opened
/// behind the code, as Python does: (535, b'5.7.8 ...').
struct Start {
    std::size_t text = 0;
    bool more = false;
    char quote = '\0';
};

bool is_quote(char c) noexcept {
    return c == '\'' || c == '"';
}

Start start_at(std::string_view text, std::size_t at) {
    Start out{std::min(at + 3, text.size())};
    const auto now = [&] { return out.text < text.size() ? text[out.text] : '\n'; };
    const auto skip_blanks = [&] {
        while (is_blank(now())) ++out.text;
    };
    out.more = now() == '-';
    if (out.more || now() == ':') ++out.text;
    skip_blanks();
    if (now() == ',') {
        ++out.text;
        skip_blanks();
        if (now() == 'b' && out.text + 1 < text.size() && is_quote(text[out.text + 1])) ++out.text;
        if (is_quote(now())) out.quote = text[out.text++];
    }
    if (now() == '#') ++out.text;
    return out;
}

/// The quote that stands right before the reply, or NUL.
char quote_before(std::string_view text, std::size_t at) {
    return at > 0 && is_quote(text[at - 1]) ? text[at - 1] : '\0';
}

/// Where this same code stands next within `line`, as the beginning of another line of the reply.
std::size_t same_code(std::string_view line, std::string_view code) {
    for (std::size_t at = line.find(code); at != line.npos; at = line.find(code, at + 1)) {
        const char before = at == 0 ? ' ' : line[at - 1];
        const char after = at + 3 < line.size() ? line[at + 3] : ' ';
        if ((is_blank(before) || ":>|\"'"sv.find(before) != std::string_view::npos) &&
            (after == '-' || is_blank(after)))
            return at;
    }
    return line.npos;
}

/// Where the words of the server end within a line that begins with some of them.
std::size_t end_of_words(std::string_view line, char quote) {
    std::size_t end = line.size();
    for (const std::string_view mark : ends) end = std::min(end, line.find(mark));
    if (quote == '\0') return end;
    for (std::size_t at = line.find(quote); at < end; at = line.find(quote, at + 1)) {
        const bool escaped = at > 0 && line[at - 1] == '\\';
        const bool apostrophe = at + 1 < line.size() && (is_letter(line[at + 1]) || is_digit(line[at + 1]));
        if (!escaped && !apostrophe) return at;
    }
    return end;
}

/// "1. ": a step of our own advice.
bool is_step(std::string_view line) {
    const std::size_t end = line.find_first_not_of("0123456789");
    return end != line.npos && end > 0 && end < 3 && line.substr(end).starts_with(". ");
}

bool is_stranger(std::string_view line) {
    const std::string begins = lowered(trimmed(line).substr(0, 24));
    return begins.empty() || is_step(begins) ||
           std::any_of(strangers.begin(), strangers.end(),
                       [&](std::string_view word) { return begins.starts_with(word); });
}

bool begins_with_code(std::string_view line) {
    line = trimmed(line);
    return line.size() > 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) && is_digit(line[2]) &&
           (line[3] == ' ' || line[3] == '-');
}

/// A closing bracket that nothing opened is the log's.
std::string_view without_brackets(std::string_view text) {
    constexpr int most = 8;
    text = trimmed(text);
    for (int turn = 0; turn < most && !text.empty() && (text.back() == ')' || text.back() == '}'); ++turn) {
        const char open = text.back() == ')' ? '(' : '{';
        if (std::count(text.begin(), text.end(), open) >= std::count(text.begin(), text.end(), text.back()))
            break;
        text = trimmed(text.substr(0, text.size() - 1));
    }
    return text;
}

/// Reads one reply, line by line.
class Reading {
  public:
    Reading(std::string_view text, std::size_t at) : text_(text), at_(at) {
        const std::size_t feed = at == 0 ? text.npos : text.rfind('\n', at - 1);
        const std::size_t begin = feed == text.npos ? 0 : feed + 1;
        const std::string before = lowered(trimmed(text.substr(begin, at - begin)));
        begins_line_ = before.empty();
        // What wfc and the component print stands on one line; our explanation follows, two blanks further
        // in.
        own_line_ = before.starts_with("error:") || before.find("mailsend:") != before.npos;
    }

    void coded(std::string_view code) {
        Start start = start_at(text_, at_);
        inside_ = start.quote != '\0';
        quote_ = inside_ ? start.quote : quote_before(text_, at_);
        at_ = start.text;
        while (lines_.size() < most_lines) {
            take_line(start.more ? code : ""sv);
            if (closed_ || at_ >= text_.size()) return;
            const std::size_t next = next_line(code, start.more);
            if (next == text_.npos) return;
            start = start_at(text_, next);
            at_ = start.text;
        }
    }

    void uncoded() {
        quote_ = quote_before(text_, at_);
        take_line({});
        if (!closed_) wrapped({});
    }

    std::size_t end() const { return at_; }
    std::vector<std::string> lines() && { return std::move(lines_); }

  private:
    std::string_view rest_of_line() const {
        const std::string_view rest = text_.substr(std::min(at_, text_.size()));
        return rest.substr(0, rest.find('\n'));
    }

    /// The words up to the end of the line, of the quote, or to where `code` stands again.
    void take_line(std::string_view code) {
        const std::string_view line = rest_of_line();
        std::size_t end = end_of_words(line, quote_);
        closed_ = end < line.size();
        const std::size_t again = code.empty() ? line.npos : same_code(line, code);
        if (again < end) {
            end = again;
            closed_ = false;
        }
        lines_.emplace_back(without_brackets(line.substr(0, end)));
        at_ += end;
    }

    /// Where the code of the next line of this reply stands; npos where the reply is over.
    std::size_t next_line(std::string_view code, bool more) {
        if (more) {
            if (const std::size_t again = same_code(rest_of_line().substr(0, 4), code); again == 0)
                return at_;
        }
        for (std::size_t wrap = 0; at_ < text_.size() && wrap < most_wrapped; ++wrap) {
            const std::size_t from = at_ + 1;
            const std::string_view after = text_.substr(std::min(from, text_.size()));
            const std::string_view line = after.substr(0, after.find('\n'));
            const std::size_t again = same_code(line.substr(0, longest_prefix), code);
            const bool plain = trimmed(line.substr(0, std::min(again, line.size()))).empty();
            if (again != line.npos && (more || (plain && begins_line_))) return from + again;
            if (!take_wrapped(line, more)) return text_.npos;
        }
        return text_.npos;
    }

    void wrapped(std::string_view code) {
        for (std::size_t wrap = 0; at_ < text_.size() && wrap < most_wrapped; ++wrap) {
            const std::string_view after = text_.substr(std::min(at_ + 1, text_.size()));
            const std::string_view line = after.substr(0, after.find('\n'));
            if (!code.empty() || !take_wrapped(line, false)) return;
        }
    }

    /// Puts a line that was broken by whoever showed it back to the one before it; false where it is none.
    bool take_wrapped(std::string_view line, bool more) {
        if (closed_ || own_line_ || is_stranger(line) || begins_with_code(line)) return false;
        if (!more && !inside_ && !begins_line_ && !is_blank(line.front())) return false;
        const std::size_t end = end_of_words(line, quote_);
        closed_ = end < line.size();
        const std::string_view words = without_brackets(line.substr(0, end));
        if (inside_ && !words.empty()) {
            lines_.emplace_back(words);  // only the codes are gone
        } else if (!words.empty()) {
            lines_.back().append(lines_.back().empty() ? "" : " ").append(words);
        }
        at_ += 1 + end;
        return true;
    }

    std::string_view text_;
    std::size_t at_;
    char quote_ = '\0';
    bool closed_ = false;
    bool inside_ = false;  ///< the quote was opened behind the code
    bool begins_line_ = false;
    bool own_line_ = false;
    std::vector<std::string> lines_;
};

}  // namespace

std::optional<EnhancedStatus> status_at(std::string_view text) {
    if (text.starts_with('#')) text.remove_prefix(1);
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    if (end < text.size() &&
        (is_letter(text[end]) || text[end] == '-' || text[end] == '_' || text[end] == '/'))
        return std::nullopt;
    std::string_view status = text.substr(0, std::min<std::size_t>(end, 12));
    while (status.ends_with('.')) status.remove_suffix(1);
    return EnhancedStatus::parse(status);
}

int number_at(std::string_view text, std::size_t at) noexcept {
    return (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
}

Reply reply_at(std::string_view text, std::size_t at, std::size_t& end) {
    Reading reading(text, at);
    const std::string code(text.substr(at, 3));
    reading.coded(code);
    end = reading.end();
    Reply out{number_at(text, at), std::move(reading).lines()};
    for (std::size_t i = 0; i < out.lines.size(); ++i)
        out.lines[i] = code + (i + 1 < out.lines.size() ? "-" : " ") + out.lines[i];
    return out;
}

Reply status_reply_at(std::string_view text, std::size_t at, std::size_t& end) {
    Reading reading(text, at);
    reading.uncoded();
    end = reading.end();
    return {0, std::move(reading).lines()};
}

}  // namespace mailsend::diagnosis
