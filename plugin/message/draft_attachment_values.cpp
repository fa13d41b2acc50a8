#include "message/draft_attachment_values.hpp"

#include <algorithm>

#include "message/characters.hpp"
#include "message/parameter.hpp"

namespace mailsend {

namespace {

constexpr std::string_view separators("/\\\0", 3);

/// The component of `path` that the value stands in.
std::string_view component_around(std::string_view path, const Span& value) {
    const std::size_t before = path.substr(0, value.begin).find_last_of(separators);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(path.find_first_of(separators, value.end), path.size());
    return path.substr(begin, end - begin);
}

std::string sentence(std::string_view value, const char* fault, const char* where) {
    return "has a variable whose value " + shown(value) + " " + fault + " inside a larger " + where +
           "; if the payload may choose all of it, write a string that is one variable and nothing else";
}

}  // namespace

std::optional<std::string> value_out_of_path(std::string_view path, const std::vector<Span>& values) {
    for (const Span& span : values) {
        const std::string_view value = path.substr(span.begin, span.end - span.begin);
        if (value.find_first_of(separators) != std::string_view::npos)
            return sentence(value, "may hold no / and no \\", "path");
        const std::string_view component = component_around(path, span);
        if (component.empty() || component == "." || component == "..")
            return sentence(value, "may not leave a name empty, \".\" or \"..\"", "path");
    }
    return std::nullopt;
}

std::optional<std::string> value_out_of_type(std::string_view type, const std::vector<Span>& values) {
    for (const Span& span : values) {
        const std::string_view value = type.substr(span.begin, span.end - span.begin);
        if (!value.empty() && !is_token(value))
            return sentence(value, "may hold only letters, digits and signs such as - + .", "media type");
    }
    return std::nullopt;
}

}  // namespace mailsend
