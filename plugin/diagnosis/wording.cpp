#include "diagnosis/wording.hpp"

#include <optional>

#include "outcome/document.hpp"

namespace mailsend::diagnosis {
namespace {

constexpr std::size_t value_limit = 256;
constexpr std::size_t sentence_limit = 1024;

std::string_view word_of(const Words& words, std::string_view name) {
    return words ? words(name) : std::string_view();
}

/// The value itself, empty when there is none.
std::string value_of(std::string_view name, const Facts& facts, const Words& words) {
    if (name == "pointer") return printable(facts.pointer, value_limit);
    if (name == "sentence") return printable(facts.sentence, sentence_limit);
    if (name == "stage") {
        const std::string_view word = word_of(words, "stage." + std::string(to_string(facts.stage)));
        return std::string(word.empty() ? to_string(facts.stage) : word);
    }
    const auto found = facts.details.find(std::string(name));
    return found == facts.details.end() ? std::string() : printable(found->second, value_limit);
}

/// A word of the catalogue, with a capital where a sentence begins ("the server" -> "The server").
std::string at_place(std::string_view given, std::string_view before) {
    std::string word(given);
    const bool begins = before.empty() || before.ends_with(". ");
    if (begins && !word.empty() && word[0] >= 'a' && word[0] <= 'z')
        word[0] = static_cast<char>(word[0] - 'a' + 'A');
    return word;
}

/// Whether `place` is a condition ("renewal=done"), and then whether it holds.
std::optional<bool> condition_at(std::string_view place, const Facts& facts) {
    const std::size_t sign = place.find('=');
    if (sign == std::string_view::npos) return std::nullopt;
    const auto found = facts.details.find(std::string(place.substr(0, sign)));
    return found != facts.details.end() && found->second == place.substr(sign + 1);
}

/// Appends `text` with its places filled; false when a value is missing.
bool fill(std::string& out, std::string_view text, const Facts& facts, const Words& words) {
    bool complete = true;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        out += text.substr(0, open);
        if (close == std::string_view::npos) break;
        const std::string_view name = text.substr(open + 1, close - open - 1);
        const std::optional<bool> holds = condition_at(name, facts);
        const std::string value = holds ? std::string() : value_of(name, facts, words);
        if (holds) {
            complete = complete && *holds;
        } else if (!value.empty()) {
            out += value;
        } else {
            complete = false;
            if (const std::string_view word = word_of(words, name); !word.empty()) {
                // The blanks that set a foreign name apart in Japanese are not wanted around a Japanese word.
                const bool japanese = static_cast<unsigned char>(word.front()) >= 0x80;
                if (japanese && out.ends_with(' ')) out.pop_back();
                out += at_place(word, out);
                if (japanese && text.substr(close + 1).starts_with(' ')) text.remove_prefix(1);
            }
        }
        text.remove_prefix(close + 1);
    }
    return complete;
}

}  // namespace

std::string worded(std::string_view text, const Facts& facts, const Words& words) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('[');
        const std::size_t close = open == std::string_view::npos ? open : text.find(']', open);
        fill(out, text.substr(0, open), facts, words);
        if (close == std::string_view::npos) break;
        std::string passage;
        if (fill(passage, text.substr(open + 1, close - open - 1), facts, words)) out += passage;
        text.remove_prefix(close + 1);
    }
    return out;
}

}  // namespace mailsend::diagnosis
