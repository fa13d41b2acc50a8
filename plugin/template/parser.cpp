#include <algorithm>

#include "template/parts.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

constexpr std::size_t max_source = std::size_t{1} << 20;
constexpr std::size_t max_tags = 10'000;
constexpr std::size_t max_nesting = 32;
constexpr std::size_t max_name = 255;  ///< bytes
constexpr std::string_view blanks = " \t\r\n";
constexpr auto npos = std::string_view::npos;

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    return first == npos ? std::string_view() : text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

/// What a tag of Mustache or its relatives would do that is refused here; null for the others.
const char* refused(char sign) {
    switch (sign) {
        case '>':
        case '<':
        case '$':
            return "includes another template (a partial), which is not supported";
        case '{':
        case '&':
            return "prints a value without escaping it, which is not supported: write two braces and the "
                   "name (and a blank between a brace that is text and a tag)";
        case '=':
            return "changes the delimiters, which is not supported";
        default:
            return nullptr;
    }
}

class Parser {
  public:
    explicit Parser(std::string_view source) : source_(source) {}

    std::vector<TemplatePart> parse() {
        if (source_.size() > max_source) refuse(0, {}, "is larger than 1 MiB with its tags");
        for (std::size_t open; (open = source_.find("{{", at_)) != npos;) {
            if (++tags_ > max_tags) refuse(open, {}, "has more than 10000 tags");
            tag(open);
        }
        text(source_.size());
        if (!open_.empty()) {
            const TemplatePart& part = parts_[open_.back()];
            refuse(part.begin, name_of(part),
                   "opens " + mailsend::shown(source_, part) + " and never closes it: write {{/" +
                       wfc::shortened(name_of(part)) + "}} where it ends");
        }
        return std::move(parts_);
    }

  private:
    [[noreturn]] static void refuse(std::size_t offset, std::string name, const std::string& why) {
        throw TemplateFault(TemplateFault::Cause::syntax, offset, std::move(name), why);
    }
    /// "{{…}} (line 1, column 2)" of a tag that is no part yet.
    std::string shown(std::size_t open, std::string_view inside) const {
        return "{{" + wfc::shortened(inside) + "}} (" + place_in(source_, open) + ")";
    }

    void text(std::size_t end) {
        if (end > at_) parts_.push_back({PartKind::text, at_, end, {}, 0});
        at_ = end;
    }

    void tag(std::size_t open) {
        const std::size_t close = source_.find("}}", open + 2);
        if (close == npos) {
            refuse(open, {}, "opens a tag with {{ (" + place_in(source_, open) + ") that no }} ends");
        }
        const std::string_view inside = trimmed(source_.substr(open + 2, close - open - 2));
        const std::size_t end = close + 2;
        if (inside.empty()) refuse(open, {}, "has a tag without a name: " + shown(open, inside));
        const char sign = inside.front();
        if (const char* why = refused(sign))
            refuse(open, {}, "has " + shown(open, inside) + ", which " + why);
        if (sign == '!') return alone(open, end);
        TemplatePart part{PartKind::variable, open, end, {}, 0};
        const bool section = sign == '#' || sign == '^' || sign == '/';
        part.path = path_of(open, section ? trimmed(inside.substr(1)) : inside);
        if (!section) {
            text(open);
            at_ = end;
            parts_.push_back(std::move(part));
            return;
        }
        part.kind = sign == '#' ? PartKind::section : sign == '^' ? PartKind::inverted : PartKind::close;
        alone(open, end);
        if (part.kind == PartKind::close) return closed(std::move(part));
        if (open_.size() == max_nesting) {
            refuse(open, name_of(part), "nests sections deeper than 32 at " + shown(open, inside));
        }
        open_.push_back(parts_.size());
        parts_.push_back(std::move(part));
    }

    void closed(TemplatePart part) {
        if (open_.empty()) {
            refuse(part.begin, name_of(part),
                   "has {{/" + wfc::shortened(name_of(part)) + "}} (" + place_in(source_, part.begin) +
                       ") where no section is open");
        }
        part.partner = open_.back();
        TemplatePart& opening = parts_[part.partner];
        if (opening.path != part.path) {
            refuse(part.begin, name_of(part),
                   "closes with {{/" + wfc::shortened(name_of(part)) + "}} (" +
                       place_in(source_, part.begin) + ") what " + mailsend::shown(source_, opening) +
                       " opened");
        }
        open_.pop_back();
        opening.partner = parts_.size();
        parts_.push_back(std::move(part));
    }

    std::vector<std::string> path_of(std::size_t open, std::string_view name) const {
        if (name.empty()) refuse(open, {}, "has a tag without a name (" + place_in(source_, open) + ")");
        if (name == ".") return {};
        if (name.size() > max_name) {
            refuse(open, {}, "has a name longer than 255 bytes (" + place_in(source_, open) + ")");
        }
        if (name.find_first_of(" \t\r\n{}") != npos) {
            refuse(open, std::string(name),
                   "has " + shown(open, name) +
                       ", which is no name: names hold no blanks and no braces, and tags hold one name");
        }
        std::vector<std::string> path;
        for (std::size_t from = 0;;) {
            const std::size_t dot = std::min(name.find('.', from), name.size());
            if (dot == from) {
                refuse(open, std::string(name),
                       "has " + shown(open, name) + ", which is no name: something must stand between dots");
            }
            path.emplace_back(name.substr(from, dot - from));
            if (dot == name.size()) return path;
            if ((from = dot + 1) == name.size()) {
                refuse(open, std::string(name), "has " + shown(open, name) + ", which ends with a dot");
            }
        }
    }

    /// The text before a tag that prints nothing; without its whole line if the tag is alone on it.
    void alone(std::size_t open, std::size_t end) {
        std::size_t first = open;
        while (first > at_ && (source_[first - 1] == ' ' || source_[first - 1] == '\t')) --first;
        std::size_t last = std::min(source_.find_first_not_of(" \t", end), source_.size());
        const bool begins = first == 0 || source_[first - 1] == '\n';
        const bool line_break = source_.substr(last).starts_with("\r\n");
        const bool ends = last == source_.size() || source_[last] == '\n' || line_break;
        if (!begins || !ends) {
            text(open);
            at_ = end;
            return;
        }
        text(first);
        if (last < source_.size()) last += line_break ? 2 : 1;
        at_ = last;
    }

    std::string_view source_;
    std::size_t at_ = 0;  ///< what is before is in parts, or prints nothing
    std::size_t tags_ = 0;
    std::vector<std::size_t> open_;  ///< indices of sections, outermost first
    std::vector<TemplatePart> parts_;
};

}  // namespace

std::vector<TemplatePart> parse_template(std::string_view source) {
    return Parser(source).parse();
}

std::string place_in(std::string_view source, std::size_t offset) {
    const std::string_view before = source.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t start = before.rfind('\n') == npos ? 0 : before.rfind('\n') + 1;
    // Octets that continue a character of UTF-8 (RFC 3629 section 3) are none of their own.
    const auto column =
        std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }) +
        1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::string name_of(const TemplatePart& part) {
    if (part.path.empty()) return ".";
    std::string name = part.path.front();
    for (std::size_t i = 1; i < part.path.size(); ++i) name.append(".").append(part.path[i]);
    return name;
}

std::string shown(std::string_view source, const TemplatePart& part) {
    const char* sign = part.kind == PartKind::section ? "#" : part.kind == PartKind::inverted ? "^" : "";
    return "{{" + (sign + wfc::shortened(name_of(part))) + "}} (" + place_in(source, part.begin) + ")";
}

}  // namespace mailsend
