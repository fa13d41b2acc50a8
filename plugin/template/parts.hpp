/// A template in pieces: what the parser makes and the renderer walks. Private to this folder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "template/template.hpp"

namespace mailsend {

enum class PartKind { text, variable, section, inverted, close };

struct TemplatePart {
    PartKind kind = PartKind::text;
    std::size_t begin = 0;  ///< bytes of the source: of a text what is printed, of a tag its braces too
    std::size_t end = 0;
    std::vector<std::string> path;  ///< the name at its dots; empty for "."
    std::size_t partner = 0;        ///< index of the close of a section and of the opening of a close
};

struct TemplateParts {
    std::string source;
    std::vector<TemplatePart> list;
};

/// Throws TemplateFault.
std::vector<TemplatePart> parse_template(std::string_view source);

/// "line 3, column 5", both from 1; columns are characters.
std::string place_in(std::string_view source, std::size_t offset);

/// The name as it is written: "a.b", ".".
std::string name_of(const TemplatePart& part);

/// "{{a.b}} (line 3, column 5)", for sentences.
std::string shown(std::string_view source, const TemplatePart& part);

}  // namespace mailsend
