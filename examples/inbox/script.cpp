#include "script.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace inbox {
namespace {

constexpr std::size_t max_script = 1 << 20;

constexpr std::array<std::pair<std::string_view, Stage>, 15> stages{{{"greeting", Stage::greeting},
                                                                     {"ehlo", Stage::ehlo},
                                                                     {"starttls", Stage::starttls},
                                                                     {"tls", Stage::tls},
                                                                     {"challenge", Stage::challenge},
                                                                     {"auth", Stage::auth},
                                                                     {"mail", Stage::mail},
                                                                     {"rcpt", Stage::rcpt},
                                                                     {"data", Stage::data},
                                                                     {"dot", Stage::dot},
                                                                     {"bdat", Stage::bdat},
                                                                     {"rset", Stage::rset},
                                                                     {"noop", Stage::noop},
                                                                     {"vrfy", Stage::vrfy},
                                                                     {"quit", Stage::quit}}};

/// What is left of one line of the script.
struct Rest {
    std::string_view text;
    std::size_t line;

    void skip_blanks() {
        const std::size_t at = text.find_first_not_of(" \t");
        text.remove_prefix(at == std::string_view::npos ? text.size() : at);
    }
    std::string_view word() {
        skip_blanks();
        const std::string_view found = text.substr(0, text.find_first_of(" \t"));
        text.remove_prefix(found.size());
        return found;
    }
    std::string_view all() {
        skip_blanks();
        return std::exchange(text, {});
    }
    bool done() {
        skip_blanks();
        return text.empty();
    }
    [[noreturn]] void refuse(const std::string& sentence) const { throw ScriptError(line, sentence); }
};

std::size_t number(Rest& rest, std::string_view digits, std::string_view what) {
    if (digits.empty() || digits.size() > 9 ||
        digits.find_first_not_of("0123456789") != std::string_view::npos) {
        rest.refuse(std::string(what) + " must be a number, not \"" + std::string(digits) + "\"");
    }
    return std::stoul(std::string(digits));
}

std::string quoted(Rest& rest) {
    rest.skip_blanks();
    if (rest.text.empty() || rest.text.front() != '"') rest.refuse("raw takes a text in quotation marks");
    std::size_t end = 1;
    while (end < rest.text.size() && rest.text[end] != '"') end += rest.text[end] == '\\' ? 2 : 1;
    if (end >= rest.text.size()) rest.refuse("the closing quotation mark is missing");
    const std::string_view inner = rest.text.substr(1, end - 1);
    rest.text.remove_prefix(end + 1);
    return unescape(inner);
}

/// Pairs of hexadecimal digits are bytes, anything else is text.
std::string garbage(std::string_view given) {
    const bool hex =
        given.size() % 2 == 0 && given.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (!hex) return unescape(given);
    std::string escaped;
    for (std::size_t at = 0; at < given.size(); at += 2) escaped.append("\\x").append(given.substr(at, 2));
    return unescape(escaped);
}

Action parse_reply(Rest& rest) {
    const std::string_view code = rest.word();
    Action action{Act::reply, 0, {}, {}, 0};
    action.code = static_cast<int>(number(rest, code, "the code of a reply"));
    if (code.size() != 3) rest.refuse("the code of a reply has three digits");
    action.text = unescape(rest.all());
    return action;
}

Action parse_action(Rest& rest, std::string_view word) {
    if (word == "reply") return parse_reply(rest);
    if (word == "raw") return {Act::bytes, 0, quoted(rest), {}, 0};
    if (word == "garbage") {
        if (rest.done()) rest.refuse("garbage takes hexadecimal digits or a text");
        return {Act::bytes, 0, garbage(rest.all()), {}, 0};
    }
    if (word == "flood") return {Act::flood, 0, {}, {}, number(rest, rest.word(), "the number of lines")};
    if (word == "delay") return {Act::delay, 0, {}, parse_time(rest.word()), 0};
    if (word == "drip") return {Act::drip, 0, {}, parse_time(rest.word()), 0};
    if (word == "silence") return {Act::silence, 0, {}, {}, 0};
    if (word == "cut") return {Act::cut, 0, {}, {}, 0};
    if (word == "reset") return {Act::reset, 0, {}, {}, 0};
    if (word == "close-after") return {Act::close_after, 0, {}, {}, 0};
    rest.refuse("\"" + std::string(word) +
                "\" is not an action; there are reply, raw, garbage, flood, delay, drip, " +
                "silence, cut, reset, close-after");
}

void parse_actions(Rest& rest, Rule& rule) {
    if (rest.done()) rest.refuse("an action is missing");
    while (!rest.done()) {
        if (!rule.actions.empty()) {
            const Act last = rule.actions.back().act;
            if (last == Act::cut || last == Act::reset || last == Act::silence) {
                rest.refuse("nothing can follow cut, reset or silence");
            }
        }
        try {
            rule.actions.push_back(parse_action(rest, rest.word()));
        } catch (const std::invalid_argument& error) {
            rest.refuse(error.what());
        }
    }
}

Rule parse_rule(Rest& rest) {
    Rule rule;
    rule.line = rest.line;
    const std::string_view stage = rest.word();
    const auto* const known =
        std::find_if(stages.begin(), stages.end(), [&](const auto& s) { return s.first == stage; });
    if (known == stages.end()) {
        std::string sentence = "\"" + std::string(stage) + "\" is not a stage; there are";
        for (const auto& [name, value] : stages) sentence.append(" ").append(name);
        rest.refuse(sentence);
    }
    rule.stage = known->second;
    rest.skip_blanks();
    if (!rest.text.empty() && rest.text.front() == '<') {
        const std::string_view path = rest.word();
        if (path.back() != '>') rest.refuse("an address to match ends with >");
        if (rule.stage != Stage::mail && rule.stage != Stage::rcpt)
            rest.refuse("only mail and rcpt match an address");
        rule.address = path.substr(1, path.size() - 2);
        if (rule.address.empty()) rule.address = "<>";
    } else if (!rest.text.empty() && rest.text.front() == '#') {
        rule.nth = number(rest, rest.word().substr(1), "the count after #");
        if (rule.nth == 0) rest.refuse("the count after # begins with 1");
    }
    parse_actions(rest, rule);
    return rule;
}

bool same_address(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

Script Script::parse(std::string_view text) {
    Script script;
    for (std::size_t number_of_line = 1; !text.empty(); ++number_of_line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        Rest rest{text.substr(0, end), number_of_line};
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!rest.text.empty() && rest.text.back() == '\r') rest.text.remove_suffix(1);
        if (rest.done() || rest.text.front() == '#') continue;
        if (rest.text.front() == '|') {
            if (script.rules_.empty()) rest.refuse("| goes on with a rule, and there is none before it");
            rest.text.remove_prefix(1);
            parse_actions(rest, script.rules_.back());
        } else {
            script.rules_.push_back(parse_rule(rest));
        }
    }
    return script;
}

Script Script::load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(max_script + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || !file.is_open()) throw ScriptError(0, "the script " + path + " cannot be read");
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_script) throw ScriptError(0, "the script " + path + " is larger than 1 MiB");
    return parse(text);
}

std::string Script::fault(const ScriptError& error) {
    return std::string("The script of this inbox has an error: ") + error.what();
}

const Rule* Script::match(Stage stage, std::size_t nth, std::string_view address) const noexcept {
    if (address.empty()) address = "<>";
    for (const Rule& rule : rules_) {
        if (rule.stage != stage || (rule.nth != 0 && rule.nth != nth)) continue;
        if (rule.address.empty() || same_address(rule.address, address)) return &rule;
    }
    return nullptr;
}

std::string_view to_string(Stage stage) noexcept {
    for (const auto& [name, value] : stages) {
        if (value == stage) return name;
    }
    return "?";
}

}  // namespace inbox
