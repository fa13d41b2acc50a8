#include "metrics/result_figures.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "wfc/json.hpp"

namespace wfc::metrics {

namespace {

using nlohmann::json;

constexpr std::size_t most_bytes = std::size_t{4} << 20, most_levels = 64;
constexpr std::size_t most_attempts = 1000, most_names = 64;
/// 115 days, and a petabyte: no call takes or moves more.
constexpr double longest_ms = 1e10, most_moved = 1e15;

const json* member(const json& in, const char* name) {
    if (!in.is_object()) return nullptr;
    const auto found = in.find(name);
    return found == in.end() ? nullptr : &*found;
}

std::string string_of(const json* value) {
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

bool is_true(const json* value) {
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

/// 0 where it is none that can be.
double number_of(const json* value, double most) {
    if (value == nullptr || !value->is_number()) return 0;
    const double number = value->get<double>();
    return std::isfinite(number) && number >= 0 && number <= most ? number : 0;
}

/// Adds the members of a `timing_ms`, in seconds.
void add_times(const json* timing, std::map<std::string, double>& into) {
    if (timing == nullptr || !timing->is_object()) return;
    std::size_t looked_at = 0;
    for (const auto& [name, value] : timing->items()) {
        if (++looked_at > most_names) return;
        if (name == "total" || !value.is_number()) continue;
        if (into.count(name) == 0 && into.size() >= most_names) continue;
        into[name] += number_of(&value, longest_ms) / 1000;
    }
}

void add_attempts(const json* attempts, ResultFigures& into) {
    if (attempts == nullptr || !attempts->is_array()) return;
    std::size_t looked_at = 0;
    for (const json& attempt : *attempts) {
        if (++looked_at > most_attempts) return;
        if (!attempt.is_object()) continue;
        const json* error = member(attempt, "error");
        const bool failed = error != nullptr && error->is_object();
        ++into.attempts[is_true(member(attempt, "reused")) ? 1 : 0][failed ? 1 : 0];
        add_times(member(attempt, "timing_ms"), into.stages);
        if (const json* bytes = member(attempt, "bytes"); bytes != nullptr) {
            into.bytes_sent += number_of(member(*bytes, "sent"), most_moved);
            into.bytes_received += number_of(member(*bytes, "received"), most_moved);
        }
    }
}

/// Keeps what is read here alone: the rest may be long.
bool wanted(int depth, json::parse_event_t event, const json& parsed) {
    if (event != json::parse_event_t::key || depth != 1) return true;
    for (const char* name : {"outcome", "error", "attempts", "timing_ms", "duplicate"}) {
        if (parsed == name) return true;
    }
    return false;
}

}  // namespace

ResultFigures read_figures(std::string_view document) {
    ResultFigures out;
    if (document.size() > most_bytes || detail::nests_deeper(document, most_levels)) return out;
    const json parsed = json::parse(document, wanted, false);
    if (const std::string outcome = string_of(member(parsed, "outcome")); !outcome.empty())
        out.outcome = outcome;
    if (const json* error = member(parsed, "error"); error != nullptr && error->is_object()) {
        out.error_id = string_of(member(*error, "id"));
        out.error_class = string_of(member(*error, "class"));
    }
    out.duplicate = is_true(member(parsed, "duplicate"));
    add_times(member(parsed, "timing_ms"), out.waited);
    add_attempts(member(parsed, "attempts"), out);
    return out;
}

}  // namespace wfc::metrics
