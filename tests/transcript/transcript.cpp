#include "transcript/transcript.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <re2/re2.h>

#include "inbox/script.hpp"

namespace transcript {
namespace {

using nlohmann::json;

constexpr std::string_view statuses[] = {
    "ok", "failed", "cancelled", "invalid_settings", "invalid_input", "internal", "unsupported"};

std::string_view stripped(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts the first word off `text`.
std::string_view word(std::string_view& text) {
    text = stripped(text);
    const std::string_view found = text.substr(0, text.find(' '));
    text.remove_prefix(found.size());
    text = stripped(text);
    return found;
}

/// The text behind "S:" and one blank; blanks at the end belong to it.
std::string_view behind(std::string_view line, std::size_t prefix) {
    line.remove_prefix(prefix);
    if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    return line;
}

std::string expression(std::string_view text) {
    const re2::RE2 compiled{re2::StringPiece(text.data(), text.size()), re2::RE2::Quiet};
    if (!compiled.ok()) throw std::invalid_argument("not a regular expression: " + compiled.error());
    return std::string(text);
}

Line action(std::string_view text) {
    const std::string_view name = word(text);
    Line line;
    if (name == "delay" || name == "quiet") {
        line.kind = name == "delay" ? Kind::delay : Kind::quiet;
        line.time = inbox::parse_time(text);
        return line;
    }
    if (name == "drip") {
        line.kind = Kind::drip;
        line.time = inbox::parse_time(word(text));
        line.text = inbox::unescape(text);
        return line;
    }
    if (name == "flood") {
        line.kind = Kind::flood;
        const std::string count(word(text));
        if (count.empty() || count.find_first_not_of("0123456789") != std::string::npos || count.size() > 9) {
            throw std::invalid_argument("flood takes a count and a text");
        }
        line.count = std::stoul(count);
        line.text = inbox::unescape(text);
        return line;
    }
    constexpr std::pair<std::string_view, Kind> bare[] = {
        {"tls", Kind::tls},     {"cut", Kind::cut},         {"reset", Kind::reset},
        {"close", Kind::close}, {"silence", Kind::silence}, {"swallow", Kind::swallow}};
    const auto* const known =
        std::find_if(std::begin(bare), std::end(bare), [&](const auto& b) { return b.first == name; });
    if (known == std::end(bare) || !text.empty()) throw std::invalid_argument("not an action of the server");
    line.kind = known->second;
    return line;
}

bool is_dialogue(std::string_view line) {
    return line.size() >= 2 && ((line[0] == 'S' && (line[1] == ':' || line[1] == '>' || line[1] == '!')) ||
                                (line[0] == 'C' && (line[1] == ':' || line[1] == '~' || line[1] == '+' ||
                                                    line[1] == '*' || line[1] == '=')) ||
                                (line[0] == 'M' && line[1] == '~'));
}

Line dialogue(std::string_view text) {
    const std::string_view mark = text.substr(0, 2);
    const std::string_view rest = behind(text, 2);
    Line line;
    if (mark == "S!") return action(rest);
    if (mark == "S:") line.text = std::string(rest) + "\r\n";
    if (mark == "S>") line.text = inbox::unescape(rest);
    if (mark == "C:") {
        line.kind = Kind::hear;
        line.text = inbox::unescape(rest);
    }
    if (mark == "C~" || mark == "C+" || mark == "M~") {
        line.kind = mark == "C~" ? Kind::match : mark == "C+" ? Kind::bytes : Kind::holds;
        line.text = expression(rest);
    }
    if (mark == "C*") line.kind = Kind::message;
    if (mark == "C=") {
        if (rest != "<chunk>" && rest != "<last chunk>")
            throw std::invalid_argument("C= takes <chunk> or <last chunk>");
        line.kind = Kind::chunk;
        line.text = rest == "<last chunk>" ? "LAST" : "";
    }
    return line;
}

json object(std::string_view text, std::string_view directive) {
    json value = json::parse(text.begin(), text.end(), nullptr, false);
    if (!value.is_object()) throw std::invalid_argument(std::string(directive) + " takes a JSON object");
    return value;
}

void directive(Transcript& transcript, std::string_view name, std::string_view value) {
    if (name == "settings") {
        transcript.settings = object(value, name);
    } else if (name == "input") {
        transcript.input = object(value, name);
    } else if (name == "expect") {
        transcript.expect = object(value, name);
    } else if (name == "operation") {
        transcript.operation = value;
    } else if (name == "expect-status") {
        if (std::find(std::begin(statuses), std::end(statuses), value) == std::end(statuses)) {
            throw std::invalid_argument("not a status");
        }
        transcript.expect_status = value;
    } else if (name == "secret") {
        const std::size_t equals = value.find('=');
        if (equals == std::string_view::npos) throw std::invalid_argument("secret takes name=value");
        transcript.secrets[std::string(value.substr(0, equals))] = value.substr(equals + 1);
    } else if (name == "within") {
        transcript.within = inbox::parse_time(value);
    } else if (name == "cancel-after") {
        transcript.cancel_after = inbox::parse_time(value);
    } else {
        throw std::invalid_argument("\"" + std::string(name) + "\" is not a directive");
    }
}

/// Splits into lines; a line that begins with a blank goes on with the directive before it.
struct Source {
    std::string text;
    std::size_t number;
};

std::vector<Source> lines_of(std::string_view text) {
    std::vector<Source> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.front() == ' ' && !lines.empty() && !is_dialogue(lines.back().text)) {
            lines.back().text.append(line);
        } else {
            lines.push_back({std::string(line), number});
        }
    }
    return lines;
}

void take(Transcript& transcript, const Source& source) {
    const std::string_view line = source.text;
    if (stripped(line).empty()) return;
    if (line.front() == '#') {
        if (transcript.sentence.empty()) transcript.sentence = stripped(line.substr(1));
        return;
    }
    if (line == "=== next connection") {
        if (transcript.connections.empty())
            throw std::invalid_argument("there is no connection before this one");
        transcript.connections.emplace_back();
        return;
    }
    if (is_dialogue(line)) {
        if (transcript.connections.empty()) transcript.connections.emplace_back();
        std::vector<Line>& lines = transcript.connections.back();
        Line next = dialogue(line);
        if (next.kind == Kind::holds &&
            (lines.empty() || (lines.back().kind != Kind::message && lines.back().kind != Kind::chunk &&
                               lines.back().kind != Kind::holds))) {
            throw std::invalid_argument("M~ stands behind C* and C= only");
        }
        next.number = source.number;
        next.source = line;
        lines.push_back(std::move(next));
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        throw std::invalid_argument("neither a directive nor a line of the dialogue");
    directive(transcript, line.substr(0, colon), stripped(line.substr(colon + 1)));
}

}  // namespace

Transcript Transcript::parse(std::string_view text) {
    Transcript transcript;
    for (const Source& source : lines_of(text)) {
        try {
            take(transcript, source);
        } catch (const std::invalid_argument& error) {
            throw std::runtime_error("line " + std::to_string(source.number) + ": " + error.what());
        }
    }
    if (transcript.sentence.empty())
        throw std::runtime_error("line 1: a transcript begins with # and a sentence");
    if (transcript.expect.empty())
        throw std::runtime_error("line 1: a transcript that expects nothing shows nothing");
    for (const auto& connection : transcript.connections) {
        if (connection.empty()) throw std::runtime_error("line 1: a connection without a dialogue");
    }
    return transcript;
}

Transcript Transcript::load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open()) throw std::runtime_error(path + " cannot be read");
    return parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace transcript
