#include "panel/markup.hpp"

#include <nlohmann/json.hpp>

namespace wfc::panel {

std::string html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string script(const nlohmann::ordered_json& value) {
    const std::string text = value.dump();
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = std::string_view(text).substr(i);
        if (text[i] == '<') {  // stands in strings only
            out += "\\u003c";
        } else if (rest.substr(0, 3) == "\u2028" || rest.substr(0, 3) == "\u2029") {
            out += rest.substr(0, 3) == "\u2028" ? "\\u2028" : "\\u2029";  // ends of line in older JavaScript
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string key_part(std::string_view word) {
    std::string out(word);
    for (char& c : out) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || c == '-' || c == '/';
        if (!plain) c = '_';
    }
    return out;
}

}  // namespace wfc::panel
