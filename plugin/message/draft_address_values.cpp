#include "message/draft_address_values.hpp"

#include <algorithm>

#include "message/characters.hpp"

namespace mailsend {

namespace {

/// Follows the quotes, brackets and comments of a list of addresses from left to right.
class Nesting {
  public:
    /// Takes the next octet; true for one that ends an address.
    bool take(char c) {
        if (escaped_) {
            escaped_ = false;
            return false;
        }
        switch (top()) {
            case '"':
                if (c == '"') open_.pop_back();
                break;
            case '(':
                if (c == '(') open_.push_back(c);
                if (c == ')') open_.pop_back();
                break;
            case '[':
                if (c == ']') open_.pop_back();
                break;
            default:
                if (c == ',' || c == ';') return true;
                if (c == '"' || c == '(' || c == '[' || (c == '<' && top() == '\0')) open_.push_back(c);
                if (c == '>' && top() == '<') open_.pop_back();
                return false;
        }
        escaped_ = c == '\\';
        return false;
    }

    std::size_t depth() const noexcept { return open_.size(); }
    bool escaped() const noexcept { return escaped_; }

  private:
    char top() const noexcept { return open_.empty() ? '\0' : open_.back(); }

    std::string open_;      ///< what is open, outermost first
    bool escaped_ = false;  ///< after a backslash where it quotes the next octet
};

/// Why the value cannot stand where it does; null if it can.
const char* fault_of(Nesting& nesting, std::string_view value) {
    if (nesting.escaped()) return "stands after a backslash";
    const std::size_t depth = nesting.depth();
    for (const char c : value) {
        if (nesting.take(c)) return "begins another address with a comma or semicolon";
        if (nesting.depth() < depth) return "ends the quotes, brackets or comment around it";
    }
    if (nesting.depth() != depth || nesting.escaped()) return "leaves a quote, bracket or comment open";
    return nullptr;
}

}  // namespace

std::optional<std::string> value_out_of_place(std::string_view text, const std::vector<Span>& values) {
    Nesting nesting;
    std::size_t at = 0;
    for (const Span& span : values) {
        for (; at < span.begin; ++at) nesting.take(text[at]);
        const std::string_view value = text.substr(span.begin, span.end - span.begin);
        at = span.end;
        if (const char* fault = fault_of(nesting, value)) {
            return "has a variable whose value " + shown(value) + " " + fault +
                   ": a value inside an address may not change what is around it; write an object with name "
                   "and address, or a string that is one variable and nothing else";
        }
    }
    return std::nullopt;
}

bool ends_an_address(std::string_view text) {
    Nesting nesting;
    return std::any_of(text.begin(), text.end(), [&](char c) { return nesting.take(c); });
}

}  // namespace mailsend
