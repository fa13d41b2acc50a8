#include "tool/report_row.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "host/printable.hpp"
#include "tool/text_columns.hpp"

namespace wfc::tool {

namespace {

using nlohmann::json;

constexpr std::size_t narrowest_stage = 8, widest_stage = 32, time_width = 8, narrowest_text = 24;
constexpr std::size_t longest_text = 2048, most_steps = 12;

std::string member(const json& from, const char* name, std::size_t limit = longest_text) {
    const auto found = from.is_object() ? from.find(name) : from.end();
    return from.is_object() && found != from.end() && found->is_string()
               ? printable(found->get_ref<const std::string&>(), false, limit)
               : std::string();
}

std::string duration(const json& row) {
    const auto found = row.find("timing_ms");
    if (found == row.end() || !found->is_number()) return {};
    const double ms = found->get<double>();
    char out[32];
    if (ms < 0 || ms > 1e9) return {};
    std::snprintf(out, sizeof out, ms < 10000 ? "%.0f ms" : "%.1f s", ms < 10000 ? ms : ms / 1000);
    return out;
}

/// `retry_in_ms` in the unit that a person reads, never rounded down to nothing; empty for what is none.
std::string time_left(const json& event, bool japanese) {
    const auto found = event.find("retry_in_ms");
    if (found == event.end() || !found->is_number()) return {};
    const double seconds = found->get<double>() / 1000;
    if (!(seconds >= 0) || seconds > 1e7) return {};
    char out[32];
    if (seconds < 120) {
        std::snprintf(out, sizeof out, seconds < 10 ? "%.1f" : "%.0f", std::max(seconds, 0.1));
        return out + std::string(japanese ? " 秒" : " s");
    }
    std::snprintf(out, sizeof out, "%.0f", seconds / 60);
    return out + std::string(japanese ? " 分" : " min");
}

/// A verdict, as it is shown.
struct Verdict {
    const char *word, *mark, *ascii, *english, *japanese;
};

constexpr std::array<Verdict, 5> verdicts = {{{"ok", "✓", "+", "ok", "正常"},
                                              {"warning", "!", "!", "warning", "注意"},
                                              {"failed", "✗", "x", "failed", "失敗"},
                                              {"skipped", "–", "-", "skipped", "省略"},
                                              {"error", "✗", "x", "error", "エラー"}}};

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t used = columns(text);
    return text + std::string(width > used ? width - used : 0, ' ');
}

/// With \\xHH in place of each byte that is no ASCII.
std::string ascii(const std::string& text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return out;
}

/// Appends lines of `text`: the first with `head` before it, the others indented as far.
void append(std::string& out, const std::string& head, const std::string& text, std::size_t width,
            const Style* bold = nullptr) {
    const std::size_t indent = columns(head);
    std::string before = head;
    for (const std::string& line : wrapped(text, width > indent ? width - indent : 2)) {
        out += "\n" + before + (bold != nullptr ? bold->bold(line) : line);
        before.assign(indent, ' ');
    }
}

}  // namespace

ReportRows::ReportRows(ComponentTexts texts, std::string language, const Screen& screen, const Style& style)
    : texts_(std::move(texts)),
      language_(std::move(language)),
      screen_(screen),
      style_(style),
      stage_width_(narrowest_stage) {
    for (const std::string& text : texts_.below("report/stage."))
        stage_width_ = std::max(stage_width_, std::min(columns(text), widest_stage));
}

const char* ReportRows::in(const char* english, const char* japanese) const {
    return language_ == "ja" ? japanese : english;
}

std::string ReportRows::stage_label(const std::string& stage) const {
    const std::string text = stage.empty() ? "" : texts_("report/stage." + stage);
    return cut(text.empty() ? stage : text, widest_stage, screen_.unicode ? "…" : "...");
}

void ReportRows::make_room(const json& rows) {
    for (const json& row : rows) {
        const std::string stage = member(row, row.contains("pointer") ? "pointer" : "stage", 128);
        stage_width_ = std::max(stage_width_, columns(stage_label(stage)));
    }
}

/// A terminal that is not set to UTF-8 gets what it can show. Who asks for Japanese wants it all the same.
std::string ReportRows::shown(const std::string& text) const {
    return screen_.unicode || language_ == "ja" ? text : ascii(text);
}

/// What the stage waits for, or nothing.
std::string ReportRows::waiting(const json& event) const {
    if (const std::string time = time_left(event, language_ == "ja"); !time.empty())
        return language_ == "ja" ? time + "後に再試行します" : "trying again in " + time;
    const auto queued = event.find("queued");
    const bool waits = queued != event.end() && queued->is_boolean() && queued->get<bool>();
    return waits ? in("waiting for its turn", "順番を待っています") : "";
}

std::string ReportRows::running(const json& event) const {
    const std::string mark = screen_.unicode ? "…" : "...";
    std::string line = mark + " " + stage_label(member(event, "stage", 128));
    for (const std::string& more : {waiting(event), member(event, "text", 400)})
        if (!more.empty()) line += ": " + shown(more);
    return cut(line, screen_.columns - 1, mark);
}

std::string ReportRows::lines(const json& row) const {
    const bool problem = row.contains("severity");
    const std::string said = member(row, problem ? "severity" : "verdict", 16);
    const auto* verdict = std::find_if(verdicts.begin(), verdicts.end(),
                                       [&](const Verdict& each) { return each.word == said; });
    const bool known = verdict != verdicts.end();
    std::size_t word_width = 0;
    for (const Verdict& each : verdicts)
        word_width = std::max(word_width, columns(in(each.english, each.japanese)));
    const std::string mark = !known ? "?" : screen_.unicode ? verdict->mark : verdict->ascii;
    const std::string word = known ? in(verdict->english, verdict->japanese) : said;
    const std::string state = mark + " " + padded(word, word_width);
    std::string out = said == "failed" || said == "error" ? style_.red(state)
                      : said == "warning"                 ? style_.yellow(state)
                      : said == "skipped"                 ? style_.dim(state)
                                                          : state;
    const std::string stage = stage_label(member(row, problem ? "pointer" : "stage", 128));
    const std::string time = problem ? "" : duration(row);
    const std::size_t time_column = problem ? 0 : time_width + 2;
    const std::size_t indent = 2 + word_width + 2 + stage_width_ + 2 + time_column;
    const bool narrow = screen_.columns < indent;
    if (narrow) {
        for (const std::string& line : wrapped(stage, screen_.columns - 4)) out += "\n    " + line;
        if (!problem && !time.empty()) out += "\n    " + time;
    } else {
        out += "  " + padded(stage, stage_width_) + "  ";
    }
    if (!problem && !narrow)
        out += std::string(time_width - std::min(time_width, time.size()), ' ') + time + "  ";

    std::string text = member(row, problem ? "message" : "text");
    const auto error = row.find("error");
    if (text.empty() && error != row.end()) text = member(*error, "message");
    const std::string address = shown(member(row, "address", 128));
    text = shown(text);
    if (!address.empty() && text.find(address) == text.npos)
        text = text.empty() ? address : address + ": " + text;
    const bool beside = screen_.columns >= indent + narrowest_text;
    const std::vector<std::string> parts =
        wrapped(text, beside ? screen_.columns - indent : screen_.columns - 4);
    if (!text.empty()) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i > 0 || !beside) out += "\n" + std::string(beside ? indent : 4, ' ');
            out += parts[i];
        }
    }
    out.erase(out.find_last_not_of(' ') + 1);
    if ((said == "failed" || said == "warning") && error != row.end()) out += explained(*error, text);
    return out;
}

std::string ReportRows::explained(const json& error, const std::string& told) const {
    const auto found = error.is_object() ? error.find("explanation") : error.end();
    if (!error.is_object() || found == error.end() || !found->is_object()) return {};
    const std::string indent(4, ' ');
    std::string out;
    const std::string title = shown(member(*found, "title"));
    if (!title.empty() && !told.ends_with(title)) append(out, indent, title, screen_.columns, &style_);
    if (const auto steps = found->find("steps"); steps != found->end() && steps->is_array()) {
        std::size_t number = 0;
        for (const json& step : *steps) {
            if (!step.is_string() || ++number > most_steps) continue;
            append(out, indent + std::to_string(number) + ". ",
                   printable(step.get_ref<const std::string&>(), false, longest_text), screen_.columns);
        }
    }
    if (const std::string actor = member(*found, "actor", 64); !actor.empty()) {
        const std::string text = texts_("report/actor." + actor);
        append(out, indent + in("Who must act: ", "対応する人: "), text.empty() ? actor : text,
               screen_.columns);
    }
    if (const std::string link = member(*found, "link"); !link.empty()) out += "\n" + indent + link;
    return out;
}

}  // namespace wfc::tool
