#include "tool/report_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using nlohmann::json;

constexpr std::size_t most_rows = 500;

std::string key_of(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// What makes an error the same one in a row and in the document.
std::string error_key(const json& error) {
    const auto found = error.find("explanation");
    return found == error.end() ? "" : key_of(*found);
}

/// Whether a line in words says all that the event holds.
bool is_plain(const json& event) {
    return std::all_of(event.items().begin(), event.items().end(), [](const auto& member) {
        return member.key() == "stage" || member.key() == "retry_in_ms" || member.key() == "queued" ||
               member.key() == "text";
    });
}

json parsed(std::string_view text, std::size_t most) {
    return text.size() > most || detail::nests_deeper(text, 32) ? json() : json::parse(text, nullptr, false);
}

}  // namespace

bool ReportTable::progress(std::string_view event, LogWriter& log) {
    const json said = parsed(event, std::size_t{64} << 10);
    if (!said.is_object()) return false;
    const auto row = said.find("row");
    if (row != said.end() && row->is_object()) {
        if (shown_.size() >= most_rows) return false;
        log.note_progress(event);
        shown_.insert(key_of(*row));
        show(*row, log);
        return true;
    }
    const auto stage = said.find("stage");
    if (stage == said.end() || !stage->is_string() || (everything_ && !is_plain(said))) return false;
    log.note_progress(event);
    const std::string line = rows_.running(said);
    if (everything_) {
        log.show_lines(2, line);
    } else {
        log.running(line);
    }
    return true;
}

void ReportTable::show(const json& row, LogWriter& log) {
    if (const auto error = row.find("error"); error != row.end() && error->is_object())
        explained_.insert(error_key(*error));
    log.show_lines(2, rows_.lines(row));
}

std::string ReportTable::finish(std::string_view document, LogWriter& log) {
    nlohmann::ordered_json whole = nlohmann::ordered_json::parse(document, nullptr, false);
    if (!whole.is_object()) return std::string(document);
    for (const char* member : {"report", "problems"}) {
        const auto found = whole.find(member);
        if (found == whole.end() || !found->is_array()) continue;
        json rest = json::array();
        for (const auto& each : *found) {
            if (!each.is_object() || rest.size() >= most_rows) continue;
            const json row = each;
            const auto seen = shown_.find(key_of(row));
            if (seen != shown_.end()) {
                shown_.erase(seen);
            } else {
                rest.push_back(row);
            }
        }
        rows_.make_room(rest);
        for (const json& row : rest) show(row, log);
        break;
    }
    const auto error = whole.find("error");
    if (error == whole.end() || !error->is_object() || explained_.count(error_key(*error)) == 0)
        return std::string(document);
    error->erase("explanation");
    return whole.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace wfc::tool
