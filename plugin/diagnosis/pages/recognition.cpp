#include "diagnosis/pages/recognition.hpp"

#include <vector>

#include "diagnosis/pages/markdown.hpp"
#include "diagnosis/pages/page_words.hpp"
#include "diagnosis/pages/phrases.hpp"

namespace mailsend::diagnosis::pages {
namespace {

using compiler::EntrySource;
using compiler::Source;

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
    std::string out;
    for (const std::string& text : texts) {
        if (!out.empty()) out += between;
        out += text;
    }
    return out;
}

std::string code_word(layout::CodeRange range) {
    return range.first == range.last ? code(std::to_string(range.first))
                                     : code(std::to_string(range.first / 100) + "yz");
}

std::string status_word(layout::StatusRange range) {
    const auto with = [&](std::uint16_t detail) {
        return (range.status_class == 0 ? "X" : std::to_string(range.status_class)) + "." +
               std::to_string(range.subject) + "." + std::to_string(detail);
    };
    const std::string first = code(with(range.first_detail));
    return range.first_detail == range.last_detail ? first : first + "–" + code(with(range.last_detail));
}

std::string providers_of(const EntrySource& entry, const Source& source, Language language) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < source.providers.size(); ++i) {
        if ((entry.providers >> i & 1) != 0)
            names.emplace_back(heading(source.providers[i].id + ".json", language));
    }
    return joined(names, label::comma.in(language));
}

std::string words_of(const std::string& expression, Language language) {
    std::vector<std::string> out;
    for (const std::string& phrase : phrases(expression)) out.push_back(code(phrase));
    return joined(out, label::comma.in(language));
}

}  // namespace

std::string stages_of(const EntrySource& entry, const Source& source, Language language,
                      const std::string& between) {
    const auto& words = source.words[language == Language::ja ? 1 : 0];
    std::vector<std::string> names;
    for (int stage = 0; stage <= static_cast<int>(Stage::host); ++stage) {
        if ((entry.stages >> stage & 1) == 0) continue;
        const std::string word(to_string(static_cast<Stage>(stage)));
        const auto found = words.find("stage." + word);
        names.push_back(found == words.end() ? word : found->second);
    }
    return joined(names, between);
}

std::string recognition(const EntrySource& entry, const Source& source, Language language) {
    const std::string comma(label::comma.in(language));
    std::vector<std::string> parts;
    const auto add = [&](const Both& name, const std::string& value) {
        if (!value.empty()) parts.push_back(std::string(name.in(language)) + ": " + value);
    };
    if (!entry.condition.empty()) add(label::observed, code(entry.condition));
    add(label::server, markdown(providers_of(entry, source, language)));
    std::vector<std::string> codes;
    for (const layout::CodeRange range : entry.codes) codes.push_back(code_word(range));
    add(label::reply_code, joined(codes, comma));
    std::vector<std::string> statuses;
    for (const layout::StatusRange range : entry.statuses) statuses.push_back(status_word(range));
    add(label::status, joined(statuses, comma));
    add(label::stage, markdown(stages_of(entry, source, language, comma)));
    for (const auto& [name, expression] : entry.details) {
        const std::string shown = words_of(expression, language);
        parts.push_back(markdown(detail_label(name, language)) + (shown.empty() ? "" : ": " + shown));
    }
    if (!entry.text.empty()) add(label::words, words_of(entry.text, language));
    if (parts.empty()) parts.emplace_back(label::anything.in(language));
    return joined(parts, " · ");
}

}  // namespace mailsend::diagnosis::pages
