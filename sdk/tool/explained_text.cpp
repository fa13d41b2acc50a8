#include "tool/explained_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "host/printable.hpp"
#include "tool/account_report.hpp"
#include "tool/text_columns.hpp"

namespace wfc::tool {

namespace {

using nlohmann::json;

/// Longer lines are hard to read, however wide the screen is.
constexpr std::size_t widest = 100;
constexpr std::size_t narrowest = 10;
constexpr std::size_t most_steps = 20;
constexpr std::size_t longest_text = 4096;

std::string member(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    if (!object.is_object() || found == object.end() || !found->is_string()) return {};
    return printable(found->get_ref<const std::string&>(), false, longest_text);
}

class Page {
  public:
    Page(const ComponentTexts& texts, std::string_view language, const Screen& screen, const Style& style)
        : texts_(texts),
          japanese_(language == "ja"),
          language_(language),
          width_(std::clamp(screen.columns, narrowest, widest)),
          style_(style) {}

    std::string of(const json& explained) {
        const auto found = explained.find("explanation");
        if (found == explained.end() || !found->is_object()) return {};
        for (const std::string& line : wrapped(member(*found, "title"), width_))
            out_ += style_.bold(line) + "\n";
        paragraph("", member(*found, "cause"));
        steps(*found);
        out_ += "\n";
        const std::string stage = member(explained, "stage"), actor = member(*found, "actor");
        row(in("Step", "段階"), word("report/stage." + stage, stage));
        row(in("Who must act", "対応する人"), word("report/actor." + actor, actor));
        row(in("Try again", "再試行"), retry(explained));
        row(in("More", "参考"), member(*found, "link"), true);
        row(in("Id", "ID"), member(explained, "id"), true);
        return std::move(out_);
    }

  private:
    const char* in(const char* english, const char* japanese) const { return japanese_ ? japanese : english; }

    std::string word(const std::string& key, const std::string& otherwise) const {
        const std::string text = texts_(key);
        return text.empty() ? otherwise : text;
    }

    void paragraph(const std::string& lead, const std::string& text) {
        if (text.empty()) return;
        std::string before = lead;
        for (const std::string& line : wrapped(text, width_ - lead.size())) {
            out_ += before + line + "\n";
            before.assign(lead.size(), ' ');
        }
    }

    void steps(const json& explanation) {
        const auto found = explanation.find("steps");
        if (found == explanation.end() || !found->is_array() || found->empty()) return;
        out_ += "\n";
        std::size_t number = 0;
        for (const json& step : *found) {
            if (!step.is_string() || ++number > most_steps) continue;
            paragraph(std::to_string(number) + ". ",
                      printable(step.get_ref<const std::string&>(), false, longest_text));
        }
    }

    std::string retry(const json& explained) const {
        const auto found = explained.find("retry");
        std::string advice = found == explained.end() ? "" : member(*found, "advice");
        const auto explanation = explained.find("explanation");
        const bool all_is_well = explanation != explained.end() && member(*explanation, "actor") == "nobody";
        if (advice == "never" && all_is_well) return in("no", "しない");
        if (advice == "never")
            return in("no, it would end the same way, or worse", "しない(同じ結果になるか、悪化します)");
        if (advice == "after-fix") return in("after the steps above", "上の手順のあとで");
        if (advice != "backoff" && advice != "after") return advice;
        const auto delay = found->find("delay_ms");
        const std::string when = delay == found->end() || !delay->is_number_unsigned()
                                     ? std::string()
                                     : relative_time(delay->get<std::int64_t>() / 1000, language_);
        if (when.empty()) return in("yes, later", "する(時間をおいて)");
        return japanese_ ? "する(" + when + ")" : "yes, " + when;
    }

    /// `whole`: to be copied, so that it is not broken into lines.
    void row(const std::string& label, const std::string& value, bool whole = false) {
        if (value.empty()) return;
        constexpr std::size_t room = 14;
        const std::size_t used = std::min(columns(label), room);
        const bool beside = width_ >= 30;
        const std::size_t indent = beside ? room : 2;
        std::string before = beside ? style_.dim(label) + std::string(room - used, ' ') : "  ";
        if (!beside) {
            for (const std::string& line : wrapped(label, width_)) out_ += style_.dim(line) + "\n";
        }
        const std::vector<std::string> lines =
            whole ? std::vector<std::string>{value} : wrapped(value, width_ - indent);
        for (const std::string& line : lines) {
            out_ += before + line + "\n";
            before.assign(indent, ' ');
        }
    }

    const ComponentTexts& texts_;
    bool japanese_;
    std::string_view language_;
    std::size_t width_;
    Style style_;
    std::string out_;
};

}  // namespace

std::string explained_text(std::string_view document, const ComponentTexts& texts, std::string_view language,
                           const Screen& screen, const Style& style) {
    const json parsed = json::parse(document, nullptr, false);
    if (!parsed.is_object()) return {};
    const auto explained = parsed.find("explained");
    if (explained == parsed.end() || !explained->is_object()) return {};
    return Page(texts, language, screen, style).of(*explained);
}

}  // namespace wfc::tool
