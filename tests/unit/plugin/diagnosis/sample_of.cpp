#include "unit/plugin/diagnosis/sample_of.hpp"

namespace mailsend::diagnosis {
namespace {

class Sampler {
  public:
    explicit Sampler(std::string_view text) : text_(text) {}

    /// Alternatives up to a closing parenthesis or the end.
    std::vector<std::string> alternatives() {
        std::vector<std::string> out{sequence()};
        while (!text_.empty() && text_.front() == '|') {
            text_.remove_prefix(1);
            out.push_back(sequence());
        }
        return out;
    }

  private:
    std::string sequence() {
        std::string out;
        while (!text_.empty() && text_.front() != '|' && text_.front() != ')') out += repeated(atom());
        return out;
    }
    std::string atom() {
        const char c = text_.front();
        text_.remove_prefix(1);
        if (c == '(') {
            if (text_.starts_with("?:")) text_.remove_prefix(2);
            std::string first = alternatives().front();
            text_.remove_prefix(1);
            return first;
        }
        if (c == '[') return in_class();
        if (c == '\\') return escaped();
        if (c == '^' || c == '$') return "";
        return c == '.' ? "x" : std::string(1, c);
    }
    std::string escaped() {
        const char c = text_.front();
        text_.remove_prefix(1);
        if (c == 'b' || c == 'B') return "";
        if (c == 'd') return "7";
        if (c == 's') return " ";
        if (c == 'S' || c == 'w') return "x";
        return std::string(1, c);
    }
    std::string in_class() {
        const bool negated = text_.starts_with('^');
        if (negated) text_.remove_prefix(1);
        std::string members;
        do {
            if (text_.front() == '\\') {
                text_.remove_prefix(1);
                members += escaped();
            } else {
                members += text_.front();
                text_.remove_prefix(1);
            }
        } while (text_.front() != ']');
        text_.remove_prefix(1);
        if (!negated) return members.substr(0, 1);
        for (const char c : std::string_view("x7 -")) {
            if (members.find(c) == std::string::npos) return std::string(1, c);
        }
        return "x";
    }
    std::string repeated(const std::string& one) {
        if (text_.empty()) return one;
        std::size_t times = 1;
        if (text_.front() == '?' || text_.front() == '*') {
            times = 0;
            text_.remove_prefix(1);
        } else if (text_.front() == '+') {
            text_.remove_prefix(1);
        } else if (text_.front() == '{') {
            times = std::stoul(std::string(text_.substr(1)));
            text_.remove_prefix(text_.find('}') + 1);
        }
        std::string out;
        for (; times > 0; --times) out += one;
        return out;
    }

    std::string_view text_;
};

}  // namespace

std::vector<std::string> samples_of(std::string_view expression) {
    return Sampler(expression).alternatives();
}

}  // namespace mailsend::diagnosis
