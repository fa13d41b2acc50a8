#include "diagnosis/compiler/places.hpp"

#include <algorithm>

namespace mailsend::diagnosis::compiler {
namespace {

/// A name, or a name and the value that it has to have: "renewal=done".
bool is_place(std::string_view text) {
    const std::string_view name = text.substr(0, text.find('='));
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

}  // namespace

std::string fault_of_places(std::string_view text) {
    bool passage = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '[') {
            if (passage) return "has a passage inside a passage";
            passage = true;
        } else if (c == ']') {
            if (!passage) return "has a ']' without a '['";
            passage = false;
        } else if (c == '}') {
            return "has a '}' without a '{'";
        } else if (c == '{') {
            const std::size_t end = text.find_first_of("{}[]", i + 1);
            if (end == text.npos || text[end] != '}') return "has a place that is not closed";
            const std::string_view place = text.substr(i + 1, end - i - 1);
            if (!is_place(place)) return "has the place {" + std::string(place) + "}, which is no name";
            i = end;
        }
    }
    return passage ? "has a passage that is not closed" : "";
}

}  // namespace mailsend::diagnosis::compiler
