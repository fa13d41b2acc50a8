#include "unit/plugin/diagnosis/variants.hpp"

#include <algorithm>
#include <re2/re2.h>

namespace mailsend::variants {
namespace {

/// An expression of RE2 and what takes the place of what it shows.
struct Rule {
    const char* expression;
    const char* instead;
};

constexpr Rule rules[] = {
    {R"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?)", "2031-03-04T05:06:07.890Z"},
    {R"(\b\d{4}-\d\d-\d\d\b)", "2031-03-04"},
    {R"([A-Za-z0-9._+-]+@([A-Za-z0-9-]+\.)+[A-Za-z]+)", "o'neil.x+7@post.other-place.example"},
    {R"(\b\d{1,3}(\.\d{1,3}){3}\b)", "203.0.113.177"},
    {R"(\[2001:db8:[0-9a-f:]+\])", "[2001:db8:aa:0:7:8:9:10]"},
    {R"((?i)\b[A-Za-z0-9]+(\.[A-Za-z0-9]+)?\.prod(\.protection)?\.outlook\.com)",
     R"(OS9PR99CA0077.APCPRD99.PROD\2.OUTLOOK.COM)"},
    {R"((?i)\b([a-z0-9-]+\.)*(example|contoso|nonexistent)\.(com|org|net|jp|example)\b)",
     "mx-7.other-place.example"},
    {R"(\bsandbox[0-9a-z]+\.mailgun)", "sandbox0f1e2d3c4b5a.mailgun"},
    {R"(@(sm|out)\d+)", R"(@\g<1>199912)"},
    {R"(\b\d+ (seconds|minutes|hours|bytes|octets|hops|attachments))", R"(4711 \1)"},
    {R"(\((\d{2,}) bytes\))", "(4711 bytes)"},
    {R"(\((AS|S)\d+\))", R"((\g<1>9182736))"},
    {R"(\b(project|account) \d+)", R"(\1 998877665544)"},
};

std::string apply(const Rule& rule, std::string text) {
    std::string instead = rule.instead;
    RE2::GlobalReplace(&instead, R"(\\g<(\d)>)", R"(\\\1)");
    RE2::GlobalReplace(&text, rule.expression, instead);
    return text;
}

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The digits of long words that have several: ids of queues, traces and requests, not Microsoft's
/// AADSTS50076.
std::string with_other_ids(std::string text) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_letter_or_digit(text[end])) ++end;
        const auto digits = std::count_if(text.begin() + static_cast<std::ptrdiff_t>(at),
                                          text.begin() + static_cast<std::ptrdiff_t>(end),
                                          [](char c) { return c >= '0' && c <= '9'; });
        const bool number_of_an_error = std::string_view(text).substr(at).starts_with("AADSTS");
        if (end - at >= 8 && digits >= 3 && !number_of_an_error) {
            for (std::size_t i = at; i < end; ++i)
                if (text[i] >= '0' && text[i] <= '9')
                    text[i] = static_cast<char>('0' + (text[i] - '0' + 3) % 10);
        }
        at = std::max(end, at + 1);
    }
    return text;
}

/// Where the words begin behind code, separator and enhanced code.
std::size_t words_at(const std::string& line) {
    const std::size_t text = std::min<std::size_t>(4, line.size());
    const auto status = EnhancedStatus::parse(std::string_view(line).substr(text));
    if (!status) return text;
    return std::min(line.size(), text + status->to_string().size() + 1);
}

/// "535" and, where the reply has one, " 5.7.8"; `separator` after the code.
std::string codes_of(const Reply& reply, char separator) {
    const auto status = reply.enhanced();
    return std::to_string(reply.code) + separator + (status ? status->to_string() + " " : "");
}

}  // namespace

std::string upper(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

std::string rewritten(const std::string& text) {
    std::string out;
    const RE2 page(R"((.*?)(https?://[^\s>]+))");
    re2::StringPiece rest(text);
    const auto add = [&](std::string piece) {
        for (const Rule& rule : rules) piece = apply(rule, std::move(piece));
        out += with_other_ids(std::move(piece));
    };
    std::string before;
    std::string address;
    while (RE2::Consume(&rest, page, &before, &address)) {
        add(before);
        out += address;
    }
    add(std::string(rest));
    return out;
}

Reply changed(const Reply& reply, const std::function<std::string(std::string)>& change) {
    Reply out = reply;
    for (std::string& line : out.lines) {
        const std::size_t at = words_at(line);
        line = line.substr(0, at) + change(line.substr(at));
    }
    return out;
}

Reply unfolded(const Reply& reply) {
    return {reply.code, {codes_of(reply, ' ') + reply.text()}};
}

Reply folded(const Reply& reply, std::size_t lines) {
    const std::string text = reply.text();
    Reply out{reply.code, {}};
    std::size_t from = 0;
    for (std::size_t left = lines; left > 0; --left) {
        const std::size_t wanted = from + (text.size() - from) / left;
        const std::size_t blank = left == 1 ? text.npos : text.find(' ', wanted);
        const bool last = blank == text.npos;
        out.lines.push_back(codes_of(reply, last ? ' ' : '-') +
                            text.substr(from, last ? text.npos : blank - from));
        if (last) break;
        from = blank + 1;
    }
    return out;
}

std::vector<Variant> of(const Reply& reply) {
    const Reply other = changed(reply, rewritten);
    return {{"as it is", reply},
            {"in capital letters", changed(reply, upper)},
            {"in small letters", changed(reply, lower)},
            {"on one line", unfolded(reply)},
            {"on two lines", folded(reply, 2)},
            {"on three lines", folded(reply, 3)},
            {"with other ids, dates, hosts and addresses", other},
            {"all of that at once", folded(changed(other, upper), 3)}};
}

}  // namespace mailsend::variants
