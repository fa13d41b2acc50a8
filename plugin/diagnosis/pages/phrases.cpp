#include "diagnosis/pages/phrases.hpp"

#include <algorithm>

#include "diagnosis/pages/expression_tree.hpp"

namespace mailsend::diagnosis::pages {
namespace {

using Kind = Node::Kind;
using Texts = std::vector<std::string>;

constexpr std::string_view ellipsis = "…";
/// Stands for one character of any kind until its neighbours are known.
constexpr char one_mark = '\x01';
/// More than this for one alternative, and it is written more briefly.
constexpr std::size_t most_of_one = 6;
constexpr std::size_t many_alternatives = 6;
constexpr std::size_t most_of_one_of_many = 2;

enum class Style { whole, without_optional, brief };

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Texts written(const Node& node, Style style);

/// What may be missing: letters are shown with and without, an apostrophe always, other marks never.
Texts written_maybe(const Node& inner, Style style) {
    if (inner.kind == Kind::text && inner.text == "'") return {"'"};
    const bool mark =
        inner.kind == Kind::text && inner.text.size() == 1 && inner.text != " " && !is_letter(inner.text[0]);
    if (mark || style != Style::whole) return {""};
    Texts out = written(inner, style);
    out.emplace_back();
    return out;
}

Texts written_sequence(const Node& node, Style style) {
    Texts out{""};
    for (const Node& part : node.parts) {
        Texts longer;
        for (const std::string& begun : out) {
            for (const std::string& end : written(part, style)) longer.push_back(begun + end);
            if (longer.size() > 4 * most_of_one) break;
        }
        out = std::move(longer);
    }
    return out;
}

Texts written_choice(const Node& node, Style style) {
    Texts out;
    for (const Node& part : node.parts) {
        for (std::string& text : written(part, style)) out.push_back(std::move(text));
    }
    if (style != Style::brief) return out;
    std::string joined;
    for (const std::string& text : out) joined += (joined.empty() ? "" : "/") + text;
    return {joined};
}

Texts written(const Node& node, Style style) {
    switch (node.kind) {
        case Kind::text:
            return {node.text};
        case Kind::one:
            return {std::string(1, one_mark)};
        case Kind::anything:
            return {std::string(ellipsis)};
        case Kind::sequence:
            return written_sequence(node, style);
        case Kind::choice:
            return written_choice(node, style);
        case Kind::maybe:
            return written_maybe(node.parts.front(), style);
    }
    return {};
}

/// "doesn.t" -> "doesn't", "user.rate" -> "user rate".
void settle_ones(std::string& text) {
    for (std::size_t i = text.find(one_mark); i != text.npos; i = text.find(one_mark, i + 1)) {
        const char after = i + 1 < text.size() ? text[i + 1] : ' ';
        const bool ends = i + 2 >= text.size() || !is_letter(text[i + 2]);
        text[i] = (after == 't' || after == 's') && ends ? '\'' : ' ';
    }
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what))
        text.replace(at, what.size(), by);
}

std::string tidied(std::string text) {
    settle_ones(text);
    replace_all(text, "  ", " ");
    replace_all(text, "……", "…");
    replace_all(text, "… …", "…");
    for (bool changed = true; changed;) {
        const std::size_t before = text.size();
        if (text.starts_with(ellipsis)) text.erase(0, ellipsis.size());
        if (text.ends_with(ellipsis)) text.erase(text.size() - ellipsis.size());
        if (text.starts_with(' ')) text.erase(0, 1);
        if (text.ends_with(' ')) text.pop_back();
        changed = text.size() != before;
    }
    return text;
}

/// The longest form of an alternative that is not too long.
Texts of_alternative(const Node& node, std::size_t limit) {
    for (const Style style : {Style::whole, Style::without_optional}) {
        Texts out = written(node, style);
        if (out.size() <= limit) return out;
    }
    return written(node, Style::brief);
}

}  // namespace

std::vector<std::string> phrases(std::string_view expression) {
    Node tree = tree_of(expression);
    while (tree.kind == Kind::sequence && tree.parts.size() == 1) {
        Node only = std::move(tree.parts.front());
        tree = std::move(only);
    }
    const bool several = tree.kind == Kind::choice;
    const std::size_t limit =
        several && tree.parts.size() > many_alternatives ? most_of_one_of_many : most_of_one;
    Texts out;
    const auto add = [&](const Node& alternative) {
        for (std::string& text : of_alternative(alternative, limit)) {
            std::string tidy = tidied(std::move(text));
            if (!tidy.empty() && std::find(out.begin(), out.end(), tidy) == out.end())
                out.push_back(std::move(tidy));
        }
    };
    if (several) {
        for (const Node& part : tree.parts) add(part);
    } else {
        add(tree);
    }
    return out;
}

}  // namespace mailsend::diagnosis::pages
