#include "diagnosis/pages/pages.hpp"

#include <algorithm>

#include "diagnosis/pages/markdown.hpp"
#include "diagnosis/pages/page_words.hpp"
#include "diagnosis/pages/recognition.hpp"
#include "diagnosis/wording.hpp"

namespace mailsend::diagnosis::pages {
namespace {

using compiler::EntrySource;
using compiler::Source;

/// Stands for a value that only a failure knows.
constexpr const char* unknown_value = "…";

/// "gmail.json, the entry 'x'" -> "gmail.json".
std::string file_of(const EntrySource& entry) {
    return entry.owner.substr(0, entry.owner.find(','));
}

/// What an expression like "^50076$" demands, word for word; empty where it leaves a choice.
std::string only_value(const std::string& expression) {
    if (expression.size() < 3 || expression.front() != '^' || expression.back() != '$') return {};
    const std::string inner = expression.substr(1, expression.size() - 2);
    const bool plain = std::all_of(inner.begin(), inner.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    return plain ? inner : std::string();
}

/// Every place of `text` with a value, but for those that are conditions.
void fill_places(std::string_view text, Facts& facts) {
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
        const std::size_t end = text.find('}', at);
        if (end == text.npos) return;
        const std::string name(text.substr(at + 1, end - at - 1));
        if (name == "sentence" || name == "pointer") {
            (name == "sentence" ? facts.sentence : facts.pointer) = unknown_value;
        } else if (name.find('=') == name.npos) {
            facts.details.emplace(name, unknown_value);
        }
    }
}

/// The texts of one entry in one language.
class Texts {
  public:
    Texts(const EntrySource& entry, const Source& source, Language language)
        : words_(source.words[language == Language::ja ? 1 : 0]),
          stages_(stages_of(entry, source, language, language == Language::ja ? "・" : " / ")) {
        if (stages_.empty()) stages_ = unknown_value;
        for (const auto& [name, expression] : entry.details) {
            if (std::string value = only_value(expression); !value.empty()) facts_.details[name] = value;
        }
    }

    std::string operator()(const std::string& text) const {
        const Words words = [this](std::string_view name) -> std::string_view {
            if (name.starts_with("stage.")) return stages_;
            const auto found = words_.find(std::string(name));
            return found == words_.end() ? std::string_view() : found->second;
        };
        std::string out = worded(text, facts_, words);
        if (out.empty()) {  // a text that is shown only with its values
            Facts whole = facts_;
            fill_places(text, whole);
            out = worded(text, whole, words);
        }
        return markdown(out);
    }

  private:
    const std::map<std::string, std::string>& words_;
    std::string stages_;
    Facts facts_;
};

std::string section(const EntrySource& entry, const Source& source, Language language,
                    const ActorWords& actors) {
    const Texts texts(entry, source, language);
    const compiler::WordingSource& wording = entry.wordings[language == Language::ja ? 1 : 0];
    const auto bold = [&](const Both& name) { return "**" + std::string(name.in(language)) + "** "; };
    std::string out = "### <a id=\"" + entry.id + "\"></a>" + texts(wording.title) + "\n\n";
    out += code(entry.id) + " · " + std::string(to_string(entry.error_class)) + "\n\n";
    out += bold(label::recognised) + recognition(entry, source, language) + "\n\n";
    out += texts(wording.cause) + "\n\n";
    for (std::size_t i = 0; i < wording.steps.size(); ++i)
        out += std::to_string(i + 1) + ". " + texts(wording.steps[i]) + "\n";
    out += "\n" + bold(label::actor) + markdown(actors(to_string(entry.actor))) + "\\\n";
    out +=
        bold(label::again) + trying_again(entry.advice, std::chrono::milliseconds(entry.delay_ms), language);
    if (!entry.link.empty()) out += "\\\n" + bold(label::link) + "<" + entry.link + ">";
    return out + "\n\n";
}

/// "gmail.json" -> "about-gmail"; no id of an entry has a dash.
std::string anchor_of(const std::string& file) {
    return "about-" + file.substr(0, file.rfind('.'));
}

}  // namespace

std::string page(const Source& source, Language language, const ActorWords& actors) {
    std::string contents;
    std::string body;
    std::string file;
    for (std::size_t i = 0; i < source.entries.size(); ++i) {
        const EntrySource& entry = source.entries[i];
        if (const std::string own = file_of(entry); own != file) {
            file = own;
            const std::string name = markdown(heading(file, language));
            const auto here = [&](const EntrySource& other) { return file_of(other) == file; };
            const auto count = std::count_if(source.entries.begin(), source.entries.end(), here);
            contents += "* [" + name + "](#" + anchor_of(file) + ") (" + std::to_string(count) + ")\n";
            body += "## <a id=\"" + anchor_of(file) + "\"></a>" + name + "\n\n";
        }
        body += section(entry, source, language, actors);
    }
    body.pop_back();
    return "# " + std::string(label::title.in(language)) + "\n\n" +
           introduction(language, source.entries.size()) + "\n## " +
           std::string(label::contents.in(language)) + "\n\n" + contents + "\n" + body;
}

}  // namespace mailsend::diagnosis::pages
