#include "operations/problem_list.hpp"

#include <algorithm>

namespace mailsend {
namespace {

/// `sentence` with the values for {0}, {1}, …; other braces stay.
std::string filled(std::string_view sentence, std::initializer_list<Words> values, Language language) {
    std::string out;
    for (std::size_t at = 0; at < sentence.size(); ++at) {
        const bool mark = at + 2 < sentence.size() && sentence[at] == '{' && sentence[at + 2] == '}';
        const std::size_t index = mark ? static_cast<std::size_t>(sentence[at + 1] - '0') : values.size();
        if (index >= values.size()) {
            out += sentence[at];
            continue;
        }
        const Words& value = values.begin()[index];
        out += language == Language::ja ? value.ja : value.en;
        at += 2;
    }
    return out;
}

}  // namespace

void ProblemList::error(const char* pointer, const Words& sentence, std::initializer_list<Words> values) {
    add(Severity::error, pointer, sentence, values);
}

void ProblemList::warn(const char* pointer, const Words& sentence, std::initializer_list<Words> values) {
    add(Severity::warning, pointer, sentence, values);
}

void ProblemList::add(Severity severity, const char* pointer, const Words& sentence,
                      std::initializer_list<Words> values) {
    problems_.push_back({pointer, severity,
                         filled(language_ == Language::ja ? sentence.ja : sentence.en, values, language_)});
}

std::vector<SettingsProblem> ProblemList::take() {
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
        return a.severity == Severity::error && b.severity != Severity::error;
    });
    return std::move(problems_);
}

}  // namespace mailsend
