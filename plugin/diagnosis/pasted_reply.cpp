#include "diagnosis/pasted_reply.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "diagnosis/pasted_http.hpp"
#include "diagnosis/pasted_lines.hpp"
#include "diagnosis/pasted_span.hpp"

namespace mailsend::diagnosis {
namespace {

using namespace std::string_view_literals;

constexpr int least_score = 4;
constexpr int certain_score = 7;
constexpr int yeses[] = {211, 214, 220, 221, 235, 250, 251, 252, 334, 354};
/// What stands before a code decides within so many octets.
constexpr std::size_t look_back = 48;

// What stands right before a reply in logs.
constexpr std::array introductions{
    "said:"sv,      "smtp;"sv,      "reply:"sv,        "response:"sv, "server message:"sv,
    "to client:"sv, "client:"sv,    "response was:"sv, "<<<"sv,       "talk to me:"sv,
    "login:"sv,     "failed:"sv,    "stat="sv,         "smtpmsg='"sv, "message \""sv,
    "exception:"sv, "send mail:"sv, "mail server:"sv,  "error:"sv,    "smtpstatus="sv};
// Words before a number that make it a reply's code.
constexpr std::array leading_words{"error"sv,    "code"sv, "smtp"sv,     "status"sv, "reply"sv,
                                   "response"sv, "got"sv,  "returned"sv, "with"sv};
// Words that make it something else.
constexpr std::array foreign_words{
    "line"sv,   "port"sv,   "pid"sv,         "id"sv,       "size"sv,        "http"sv,
    "http/1"sv, "http/2"sv, "status code"sv, "http/1.1"sv, "http status"sv, "expected response code"sv};
// What no status of a server follows: "PHP 5.6.40". And the log's own status, which is not the server's.
constexpr std::array products{"version"sv, "v"sv,       "ver"sv,     "release"sv, "mysql"sv,  "mariadb"sv,
                              "php"sv,     "python"sv,  "perl"sv,    "ruby"sv,    "node"sv,   "nginx"sv,
                              "apache"sv,  "kernel"sv,  "linux"sv,   "java"sv,    "redis"sv,  "postgresql"sv,
                              "exim"sv,    "postfix"sv, "openssl"sv, "debian"sv,  "ubuntu"sv, "dsn="sv};
constexpr std::array units{"ms"sv, "bytes"sv, "seconds"sv, "kb"sv, "mb"sv, "octets"sv};

bool ends_with_one_of(std::string_view text, const auto& words, bool whole) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        if (!text.ends_with(word)) return false;
        return !whole || text.size() == word.size() || !is_letter(text[text.size() - word.size() - 1]);
    });
}

/// The yes and go-ahead of a server (RFC 5321 section 4.2.3, RFC 4954 section 6).
bool is_yes(int code) noexcept {
    return std::find(std::begin(yeses), std::end(yeses), code) != std::end(yeses);
}

bool behind_a_product(std::string_view text, std::size_t at) {
    const std::size_t from = at > look_back ? at - look_back : 0;
    std::string_view before = text.substr(from, at - from);
    if (const std::size_t feed = before.rfind('\n'); feed != before.npos) before.remove_prefix(feed + 1);
    while (!before.empty() && " \t(:-/\"'"sv.find(before.back()) != before.npos) before.remove_suffix(1);
    return ends_with_one_of(lowered(before), products, true);
}

/// Points for what stands before the code.
int score_before(std::string_view text, std::size_t at) {
    const std::size_t from = at > look_back ? at - look_back : 0;
    std::string_view line = text.substr(from, at - from);
    if (const std::size_t feed = line.rfind('\n'); feed != line.npos) line.remove_prefix(feed + 1);
    const bool begins = trimmed(line).find_first_not_of("> |\"'`(*-") == line.npos;
    if (begins) return at < look_back && trimmed(text.substr(0, at)).empty() ? 5 : 3;
    std::string before = lowered(trimmed(line));
    if (ends_with_one_of(before, foreign_words, true)) return -6;
    if (ends_with_one_of(before, introductions, false)) return 4;
    const char last = before.empty() ? ' ' : before.back();
    if (":;(\"'>=<,|`[b"sv.find(last) != std::string_view::npos && (last != 'b' || before.ends_with("b'")))
        return 2;
    return ends_with_one_of(before, leading_words, true) ? 2 : 0;
}

/// Points for what follows it.
int score_after(std::string_view rest, int code) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t-:,#\"'(b"), rest.size()));
    if (const auto status = status_at(rest)) return status->status_class == code / 100 ? 6 : 1;
    std::string word = lowered(rest.substr(0, rest.find_first_of(" \t\n.,;)")));
    if (std::find(units.begin(), units.end(), word) != units.end()) return -5;
    return !word.empty() &&
                   (is_letter(word[0]) || word[0] == '<' || static_cast<unsigned char>(word[0]) >= 0x80)
               ? 1
               : 0;
}

/// Whether a name of a file stands right before the colon at `colon`: "mail.js:535".
bool behind_a_file(std::string_view text, std::size_t colon) noexcept {
    std::size_t begin = colon;
    while (begin > 0 && colon - begin < 8 && (is_letter(text[begin - 1]) || is_digit(text[begin - 1])))
        --begin;
    return begin > 0 && begin < colon && text[begin - 1] == '.' && is_letter(text[begin]);
}

/// Whether three digits that could be a reply's code stand alone at `at`.
bool code_at(std::string_view text, std::size_t at) noexcept {
    if (at + 3 > text.size()) return false;
    const char c = text[at];
    if (c < '2' || c > '5' || !is_digit(text[at + 1]) || !is_digit(text[at + 2])) return false;
    if (c < '4' && !is_yes(number_at(text, at))) return false;
    if (at > 0) {
        const char before = text[at - 1];
        if (is_digit(before) || is_letter(before) || before == '.' || before == '_' || before == '/' ||
            before == '-' || before == '+' || before == '@' || before == '%') {
            return false;
        }
        if (before == ':' && at > 1 && is_digit(text[at - 2])) return false;  // a time
        if (before == ':' && behind_a_file(text, at - 1) &&
            (at + 4 > text.size() || !status_at(text.substr(at + 4))))
            return false;
    }
    const char after = at + 3 < text.size() ? text[at + 3] : '\n';
    if (after == ':' && at + 4 < text.size() && is_digit(text[at + 4]) && !status_at(text.substr(at + 4)))
        return false;  // line and column
    return " -\t\n,:\"')];>"sv.find(after) != std::string_view::npos;
}

int score_of(std::string_view text, std::size_t at, bool of_mail) {
    const int code = number_at(text, at);
    if (!of_mail && of_http(text, at)) return 0;
    if (code == 465 || code == 587) return at == 0 ? least_score : 0;  // ports, as likely as not
    const int before = score_before(text, at);
    if (text[at + 1] > '5' && before < 3) return 0;  // no code of RFC 5321
    const int refusal = code >= 400 ? 2 : 0;
    return before + score_after(text.substr(at + 3), code) + refusal;
}

}  // namespace

std::optional<PastedReply> find_reply(std::string_view text, bool of_mail) {
    std::size_t best = text.npos;
    int best_score = 0;
    for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
        if (!is_digit(text[at]) || !code_at(text, at)) continue;
        const int score = score_of(text, at, of_mail);
        // A refusal says more than the greeting and the yes before it.
        const bool refusal = text[at] >= '4';
        const bool had_refusal = best != text.npos && text[best] >= '4';
        if (score < least_score || (had_refusal && !refusal)) continue;
        if (best != text.npos && score <= best_score && had_refusal == refusal) continue;
        best = at;
        best_score = score;
    }
    if (best == text.npos) return std::nullopt;
    PastedReply out;
    out.at = best;
    out.certain = best_score >= certain_score;
    out.reply = reply_at(text, best, out.end);
    return out;
}

std::optional<PastedReply> find_status(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_digit(text[at])) continue;
        const bool stands_alone =
            at == 0 || (!is_digit(text[at - 1]) && !is_letter(text[at - 1]) && text[at - 1] != '.' &&
                        text[at - 1] != '-' && text[at - 1] != '_' && text[at - 1] != '/');
        if (!stands_alone || (text[at] != '4' && text[at] != '5') || !status_at(text.substr(at))) continue;
        // In the middle of a line a version looks the same.
        if (score_before(text, at) <= 0 || behind_a_product(text, at)) continue;
        PastedReply out;
        out.at = at;
        out.certain = true;
        out.reply = status_reply_at(text, at, out.end);
        return out;
    }
    return std::nullopt;
}

}  // namespace mailsend::diagnosis
