#include "flow/zone.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <date/tz.h>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "flow/zone_names.hpp"
#include "flow/zone_rules.hpp"

namespace wfc::flow {

namespace {

constexpr std::string_view database = "zoneinfo/";

/// Where the library looks for the zones' files.
constexpr const char* folder = "/usr/share/zoneinfo";

std::vector<std::string> known_zones() {
    std::vector<std::string> names;
    try {
        for (const date::time_zone& zone : date::get_tzdb().zones) {
            if (!stands_for_another(zone.name())) names.push_back(zone.name());
        }
    } catch (const std::runtime_error&) {  // there is no database
        names.clear();
    }
    return names;
}

}  // namespace

Zone::Zone(std::string_view name) : name_(name) {
    Rules rules;
    if (name != "UTC" && name != "Etc/UTC") {
        if (stands_for_another(name)) throw std::invalid_argument(unknown_zone(name, known_zones()));
        try {
            rules.zone = date::locate_zone(name);
            rules.at(0);  // the database reads a zone's file at its first use
        } catch (const std::runtime_error&) {
            throw std::invalid_argument(unknown_zone(name, known_zones()));
        }
        try {
            rules.footer = read_footer(std::filesystem::path(folder) / name_);
        } catch (const std::invalid_argument& error) {
            throw std::invalid_argument("\"" + name_ + "\" cannot be used: " + error.what());
        }
    }
    rules_ = std::make_shared<const Rules>(std::move(rules));
}

Zone::Zone(std::string name, Rules rules)
    : name_(std::move(name)), rules_(std::make_shared<const Rules>(std::move(rules))) {}

Zone Zone::machine() {
    const std::string name = machine_zone(std::getenv("TZ"), "/etc/localtime");
    try {
        return Zone(name);
    } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(std::string(error.what()) +
                                    " (it is the machine's own: TZ or /etc/localtime)");
    }
}

std::string Zone::text(std::int64_t unix_s) const {
    // RFC 3339 has whole minutes of offset; local mean times of the past have seconds.
    const std::int64_t offset = rules_->at(unix_s).offset / 60;
    const std::int64_t local = std::clamp(unix_s, year_0_s, year_10000_s - 1) + offset * 60;
    const std::chrono::sys_seconds time{std::chrono::seconds(std::clamp(local, year_0_s, year_10000_s - 1))};
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day day(midnight);
    const std::int64_t second = (time - midnight).count();
    std::array<char, 128> out{};
    const int size = std::snprintf(
        out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d%c%02d:%02d", static_cast<int>(day.year()),
        static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), static_cast<int>(second / 3600),
        static_cast<int>(second / 60 % 60), static_cast<int>(second % 60), offset < 0 ? '-' : '+',
        static_cast<int>(std::abs(offset) / 60), static_cast<int>(std::abs(offset) % 60));
    return {out.data(), static_cast<std::size_t>(size)};
}

Span Zone::Rules::at(std::int64_t unix_s) const {
    const std::int64_t known = std::clamp(unix_s, year_0_s, year_10000_s);
    if (zone == nullptr) return {year_0_s - 1, year_10000_s + 1, 0};  // UTC
    // The library would let the offset after the last change stay for ever.
    if (footer && known >= footer->from()) return footer->at(known);
    const date::sys_info info = zone->get_info(date::sys_seconds(std::chrono::seconds(known)));
    const std::int64_t end = info.end.time_since_epoch().count();
    return {info.begin.time_since_epoch().count(), footer ? std::min(end, footer->from()) : end,
            info.offset.count()};
}

std::string machine_zone(const char* tz, const std::filesystem::path& localtime) {
    std::string name = tz == nullptr ? "localtime" : tz;
    std::error_code none;
    if (name.starts_with(':')) name.erase(0, 1);
    if (name == "localtime" || name == localtime.string()) {
        // The first step of the link: what it leads to may itself be a link of the database.
        name = std::filesystem::read_symlink(localtime, none).string();
        if (name.find(database) == name.npos) name = std::filesystem::canonical(localtime, none).string();
        if (name.find(database) == name.npos) {
            name.clear();  // a copy of a zone's file; Debian keeps the name beside it
            std::ifstream file(localtime.parent_path() / "timezone");
            std::array<char, 128> line{};
            if (file.getline(line.data(), line.size())) name = line.data();
        }
    }
    if (const std::size_t at = name.find(database); at != name.npos) name.erase(0, at + database.size());
    return name.empty() ? "UTC" : name;
}

}  // namespace wfc::flow
