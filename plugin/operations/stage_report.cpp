#include "operations/stage_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "outcome/credential_text.hpp"
#include "outcome/document.hpp"

namespace mailsend {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t longest_text = 4096;

std::string shown(std::string text, const Reader& reader) {
    text = without_credentials(text);
    return reader.hidden == nullptr ? text : reader.hidden->applied(text);
}

std::string dumped(const ordered_json& event) {
    return event.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string_view to_string(RowVerdict verdict) noexcept {
    switch (verdict) {
        case RowVerdict::ok:
            return "ok";
        case RowVerdict::warning:
            return "warning";
        case RowVerdict::failed:
            return "failed";
        default:
            return "skipped";
    }
}

ordered_json to_json(const Row& row) {
    ordered_json out = {{"stage", to_string(row.stage)},
                        {"verdict", to_string(row.verdict)},
                        {"timing_ms", row.timing_ms},
                        {"text", printable(row.text, longest_text)}};
    if (row.error) out["error"] = to_json(*row.error);
    if (!row.address.empty()) out["address"] = printable(row.address, longest_text);
    return out;
}

std::vector<Stage> stages_of_connection(smtp::Protection protection) {
    switch (protection) {
        case smtp::Protection::implicit_tls:
            return {Stage::resolve, Stage::connect, Stage::tls, Stage::greeting, Stage::ehlo, Stage::auth};
        case smtp::Protection::starttls:
            return {Stage::resolve,  Stage::connect, Stage::greeting, Stage::ehlo,
                    Stage::starttls, Stage::tls,     Stage::auth};
        default:
            return {Stage::resolve, Stage::connect, Stage::greeting, Stage::ehlo, Stage::auth};
    }
}

std::string why_skipped(Stage stage, std::optional<Stage> failed, Language language) {
    if (!failed) return phrase("report.stopped", {}, language);
    const bool unprotected = *failed == Stage::tls || *failed == Stage::starttls;
    if (stage == Stage::auth && unprotected) return phrase("report.no_secret_without_tls", {}, language);
    const std::string before = phrase("stage." + std::string(to_string(*failed)), {}, language);
    return phrase("report.not_reached", {{"before", before}}, language);
}

std::string words_of(const Error& error) {
    const Facts& facts = error.facts;
    const bool said = facts.reply && (facts.sentence.empty() || facts.reply->transient_negative() ||
                                      facts.reply->permanent_negative());
    return said ? message_of(facts).substr(message_prefix.size()) : error.diagnosis.explanation.title;
}

ordered_json stage_report(const std::vector<Stage>& stages, const Attempt& attempt,
                          const std::optional<Error>& error, const std::function<std::string(Stage)>& fact,
                          const Reader& reader) {
    const std::optional<Stage> failed = error ? std::optional(error->facts.stage) : std::nullopt;
    ordered_json report = ordered_json::array();
    for (const Stage stage : stages) {
        const auto spent = attempt.timing_ms.find(std::string(to_string(stage)));
        Row row{.stage = stage};
        if (spent != attempt.timing_ms.end()) row.timing_ms = spent->second;
        if (failed == stage) {
            row.verdict = RowVerdict::failed;
            row.text = words_of(*error);
            row.error = error;
        } else if (spent != attempt.timing_ms.end()) {
            row.text = fact(stage);
        } else {
            row.verdict = RowVerdict::skipped;
            row.text = why_skipped(stage, failed, reader.language);
        }
        row.text = shown(std::move(row.text), reader);
        report.push_back(to_json(row));
    }
    return report;
}

StageReport::StageReport(std::vector<Stage> plan, std::function<void(std::string_view)> told,
                         const Reader& reader)
    : plan_(std::move(plan)), told_(std::move(told)), reader_(reader) {}

void StageReport::begin(Stage stage) const {
    if (told_) told_(dumped({{"stage", to_string(stage)}}));
}

void StageReport::add(Row row) {
    if (auto before = std::exchange(awaited_, std::nullopt)) {
        const bool taken_back = before->stage == row.stage && row.verdict == RowVerdict::failed;
        if (!taken_back) place(std::move(*before));
    }
    place(std::move(row));
}

void StageReport::await(Row row) {
    if (auto before = std::exchange(awaited_, std::move(row))) place(std::move(*before));
}

void StageReport::place(Row row) {
    const auto from = plan_.begin() + static_cast<std::ptrdiff_t>(next_);
    const auto at = std::find(from, plan_.end(), row.stage);
    if (at != plan_.end()) {
        if (held_ && std::find(from, at + 1, held_->stage) != at + 1) release();
        next_ = static_cast<std::size_t>(at - plan_.begin()) + 1;
    }
    write(std::move(row));
}

void StageReport::hold(Row row) {
    held_ = std::move(row);
}

void StageReport::skip_rest(const std::function<std::string(Stage)>& why) {
    if (auto before = std::exchange(awaited_, std::nullopt)) place(std::move(*before));
    while (next_ < plan_.size()) {
        const Stage stage = plan_[next_++];
        if (held_ && held_->stage == stage) {
            release();
        } else {
            write({.stage = stage, .verdict = RowVerdict::skipped, .text = why(stage)});
        }
    }
    release();
}

void StageReport::stop() {
    if (auto before = std::exchange(awaited_, std::nullopt)) place(std::move(*before));
    release();
}

void StageReport::release() {
    if (!held_) return;
    Row row = std::move(*held_);
    held_.reset();
    write(std::move(row));
}

void StageReport::write(Row row) {
    row.text = shown(std::move(row.text), reader_);
    if (told_) told_(dumped({{"stage", to_string(row.stage)}, {"row", to_json(row)}}));
    rows_.push_back(std::move(row));
}

ordered_json StageReport::document() const {
    ordered_json report = ordered_json::array();
    for (const Row& row : rows_) report.push_back(to_json(row));
    return report;
}

}  // namespace mailsend
