#include "tool/account_report.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

#include "host/printable.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool names_a_time(std::string_view member) {
    return ends_with(member, "_at") || ends_with(member, "_since") || member == "last_good_send";
}

std::string local_time(std::int64_t unix_s) {
    const std::time_t at = static_cast<std::time_t>(unix_s);
    std::tm parts{};
    char out[64];
    if (localtime_r(&at, &parts) == nullptr || std::strftime(out, sizeof out, "%Y-%m-%d %H:%M", &parts) == 0)
        return std::to_string(unix_s);
    return out;
}

/// Columns of a terminal: characters of East Asia take two.
std::size_t width(std::string_view text) {
    std::size_t out = 0;
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if ((byte & 0xC0u) != 0x80u) out += byte >= 0xE3 ? 2 : 1;
    }
    return out;
}

/// Writes down the members of one account.
class Report {
  public:
    Report(const ComponentTexts& texts, std::string_view language, std::int64_t now_s)
        : texts_(texts), language_(language), now_s_(now_s) {}

    std::string label(const std::string& member) const {
        std::string out = texts_("account/" + member);
        if (!out.empty()) return out;
        out = printable(member, false, 64);
        std::replace(out.begin(), out.end(), '_', ' ');
        return out;
    }

    std::string value(const std::string& member, const Json& json) const {
        if (json.is_array()) {
            std::string out;
            for (const Json& each : json) out += (out.empty() ? "" : ", ") + value(member, each);
            return out;
        }
        if (json.is_string()) {
            const std::string text = json.get<std::string>();
            if (const std::optional<std::int64_t> time = utc_time(text)) return when(*time);
            const std::string word = texts_("account/" + member + ".enum." + text);
            return word.empty() ? printable(text) : word;
        }
        if (json.is_number_integer() && names_a_time(member)) return when(json.get<std::int64_t>());
        const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
        const std::string word = json.is_boolean() ? texts_("account/" + member + ".enum." + text) : "";
        return word.empty() ? printable(text) : word;
    }

  private:
    std::string when(std::int64_t unix_s) const {
        return local_time(unix_s) + " (" + relative_time(unix_s - now_s_, language_) + ")";
    }

    const ComponentTexts& texts_;
    std::string_view language_;
    std::int64_t now_s_;
};

/// The sentences of both lists, each once.
std::vector<std::string> warnings_of(const Json& document, const Json& account) {
    std::vector<std::string> out;
    for (const Json* holder : {&account, &document}) {
        const auto found = holder->find("warnings");
        if (found == holder->end() || !found->is_array()) continue;
        for (const Json& warning : *found) {
            if (!warning.is_string()) continue;
            if (std::find(out.begin(), out.end(), warning.get_ref<const std::string&>()) == out.end())
                out.push_back(warning.get<std::string>());
        }
    }
    return out;
}

}  // namespace

std::string relative_time(std::int64_t seconds, std::string_view language) {
    struct Unit {
        std::int64_t seconds;
        const char *one, *many, *japanese;
    };
    // Each from two of it on, so that "90 min" is not "1 hour".
    constexpr std::array<Unit, 5> units = {{{365 * 86400, "year", "years", "年"},
                                            {30 * 86400, "month", "months", "か月"},
                                            {86400, "day", "days", "日"},
                                            {3600, "h", "h", "時間"},
                                            {60, "min", "min", "分"}}};
    const bool japanese = language == "ja";
    const std::int64_t distance = seconds < 0 ? -seconds : seconds;
    if (distance < 60)
        return seconds > 0 ? (japanese ? "まもなく" : "in a moment") : (japanese ? "たった今" : "just now");
    for (const Unit& unit : units) {
        const std::int64_t least = unit.seconds == 60 ? 60 : 2 * unit.seconds;
        if (distance < least) continue;
        const std::int64_t count = distance / unit.seconds;
        const std::string number = std::to_string(count);
        if (japanese) return number + " " + unit.japanese + (seconds < 0 ? "前" : "後");
        const std::string words = number + " " + (count == 1 ? unit.one : unit.many);
        return seconds < 0 ? words + " ago" : "in " + words;
    }
    return {};
}

std::optional<std::int64_t> utc_time(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() <= form.size() || text.size() > 40 || text.back() != 'Z') return std::nullopt;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] == '0' ? !digit(text[i]) : text[i] != form[i]) return std::nullopt;
    }
    const std::string_view fraction = text.substr(form.size(), text.size() - form.size() - 1);
    if (!fraction.empty() && (fraction.size() < 2 || fraction[0] != '.' ||
                              !std::all_of(fraction.begin() + 1, fraction.end(), digit))) {
        return std::nullopt;
    }
    const auto number = [&](std::size_t at, std::size_t count) {
        int out = 0;
        for (const char c : text.substr(at, count)) out = out * 10 + (c - '0');
        return out;
    };
    std::tm parts{};
    parts.tm_year = number(0, 4) - 1900;
    parts.tm_mon = number(5, 2) - 1;
    parts.tm_mday = number(8, 2);
    parts.tm_hour = number(11, 2);
    parts.tm_min = number(14, 2);
    parts.tm_sec = number(17, 2);
    if (parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_mday < 1 || parts.tm_mday > 31) return std::nullopt;
    return static_cast<std::int64_t>(timegm(&parts));
}

bool says_signed_in(std::string_view document) {
    const Json parsed = Json::parse(document, nullptr, false);
    const Json::json_pointer member("/account/signed_in");
    return !parsed.is_object() || !parsed.contains(member) || parsed[member] != false;
}

AccountReport account_report(std::string_view document, const ComponentTexts& texts,
                             std::string_view language, std::int64_t now_s, const Style& style) {
    AccountReport out{{}, std::string(document)};
    Json parsed = Json::parse(document, nullptr, false);
    if (!parsed.is_object()) return out;
    const auto account = parsed.find("account");
    if (account == parsed.end() || !account->is_object()) return out;
    const Report report(texts, language, now_s);
    std::vector<std::pair<std::string, std::string>> rows;
    std::size_t widest = 0;
    for (const auto& [member, value] : account->items()) {
        if (member == "warnings" || member == "error" || value.is_null()) continue;
        if (value.is_array() && value.empty()) continue;
        rows.emplace_back(report.label(member), report.value(member, value));
        widest = std::max(widest, width(rows.back().first));
    }
    for (const auto& [label, value] : rows)
        out.lines += style.bold(label) + std::string(widest - width(label) + 2, ' ') + value + "\n";
    const char* const word = language == "ja" ? "注意: " : "warning: ";
    for (const std::string& warning : warnings_of(parsed, *account))
        out.lines += style.yellow(word + printable(warning)) + "\n";
    parsed.erase("warnings");
    out.rest = parsed.dump(-1, ' ', false, Json::error_handler_t::replace);
    return out;
}

}  // namespace wfc::tool
