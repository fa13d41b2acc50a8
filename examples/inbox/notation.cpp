// How bytes, times and replies are written in scripts and transcripts.
#include <charconv>

#include "script.hpp"

namespace inbox {

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            out += text[at];
            continue;
        }
        if (++at == text.size()) throw std::invalid_argument("a backslash stands at the end");
        switch (text[at]) {
            case 'r':
                out += '\r';
                break;
            case 'n':
                out += '\n';
                break;
            case 't':
                out += '\t';
                break;
            case '0':
                out += '\0';
                break;
            case '\\':
                out += '\\';
                break;
            case '"':
                out += '"';
                break;
            case 'x': {
                unsigned byte = 0;
                const std::string_view digits = text.substr(at + 1, 2);
                const auto [end, error] =
                    std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
                if (error != std::errc() || digits.size() != 2 || end != digits.data() + 2) {
                    throw std::invalid_argument("\\x takes two hexadecimal digits");
                }
                out += static_cast<char>(byte);
                at += 2;
                break;
            }
            default:
                throw std::invalid_argument(std::string("\\") + text[at] +
                                            " is not known; write \\\\ for a backslash");
        }
    }
    return out;
}

std::chrono::milliseconds parse_time(std::string_view text) {
    long long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const long long factor = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : 0;
    if (error != std::errc() || factor == 0 || count < 0 || count > 3'600'000) {
        throw std::invalid_argument("\"" + std::string(text) + "\" is not a time; write 200ms, 2s or 1m");
    }
    return std::chrono::milliseconds(count * factor);
}

std::string render_reply(int code, std::string_view text) {
    std::string out;
    for (bool more = true; more;) {
        const std::size_t end = text.find('\n');
        more = end != std::string_view::npos;
        out += std::to_string(code) + (more ? '-' : ' ');
        out.append(text.substr(0, end)).append("\r\n");
        if (more) text.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace inbox
