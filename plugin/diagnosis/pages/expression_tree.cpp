#include "diagnosis/pages/expression_tree.hpp"

#include <utility>

namespace mailsend::diagnosis::pages {
namespace {

using Kind = Node::Kind;

constexpr std::size_t most_members = 3;  // of a set that is written out

/// Recursive descent; the catalogue's own expressions are short.
class Parser {
  public:
    explicit Parser(std::string_view expression) : rest_(expression) {}

    Node choice() {
        Node out{Kind::choice, {}, {sequence()}};
        while (take('|')) out.parts.push_back(sequence());
        return out.parts.size() == 1 ? std::move(out.parts.front()) : out;
    }

  private:
    bool take(char c) noexcept {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    char next() noexcept {
        if (rest_.empty()) return '\0';
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    Node sequence() {
        Node out{Kind::sequence, {}, {}};
        while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')')
            out.parts.push_back(repeated(atom()));
        return out;
    }

    Node atom() {
        const char c = next();
        switch (c) {
            case '(': {
                if (rest_.starts_with("?:")) rest_.remove_prefix(2);
                Node inner = choice();
                take(')');
                return inner;
            }
            case '[':
                return set();
            case '.':
                return {Kind::one, {}, {}};
            case '^':
            case '$':
                return {};
            case '\\':
                return escaped(next());
            default:
                return {Kind::text, std::string(1, c), {}};
        }
    }

    static Node escaped(char c) {
        switch (c) {
            case 'b':
            case 'B':
                return {};
            case 's':
                return {Kind::text, " ", {}};
            case 'd':
            case 'D':
            case 'w':
            case 'W':
            case 'S':
                return {Kind::anything, {}, {}};
            default:
                return {Kind::text, std::string(1, c), {}};
        }
    }

    /// "[ae]" is a choice, "[0-9]" is anything.
    Node set() {
        bool plain = !take('^');
        std::string members;
        for (bool first = true; !rest_.empty() && (first || rest_.front() != ']'); first = false) {
            char c = next();
            if (c == '\\') {
                c = next();
                plain = plain && std::string_view("dDwWsS").find(c) == std::string_view::npos;
            } else if (c == '-' && !members.empty() && !rest_.empty() && rest_.front() != ']') {
                plain = false;
            }
            members += c;
        }
        take(']');
        if (!plain || members.size() > most_members) return {Kind::anything, {}, {}};
        Node out{Kind::choice, {}, {}};
        for (const char c : members) out.parts.push_back({Kind::text, std::string(1, c), {}});
        return out;
    }

    Node repeated(Node node) {
        bool may_be_missing = false;
        bool many = false;
        if (take('?')) {
            may_be_missing = true;
        } else if (take('*')) {
            may_be_missing = many = true;
        } else if (take('+')) {
            many = true;
        } else if (rest_.starts_with("{")) {
            const std::size_t end = rest_.find('}');
            may_be_missing = rest_.starts_with("{0");
            many = true;
            rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
        } else {
            return node;
        }
        take('?');  // as little as possible: the same words
        if (node.kind == Kind::anything || (node.kind == Kind::one && many)) return {Kind::anything, {}, {}};
        if (!may_be_missing || node.kind == Kind::one) return node;
        Node out{Kind::maybe, {}, {}};
        out.parts.push_back(std::move(node));
        return out;
    }

    std::string_view rest_;
};

}  // namespace

Node tree_of(std::string_view expression) {
    return Parser(expression).choice();
}

}  // namespace mailsend::diagnosis::pages
