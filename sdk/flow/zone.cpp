#include "flow/zone.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <date/tz.h>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "flow/zone_rules.hpp"
#include "wfc/problem.hpp"

namespace wfc::flow {

namespace {

constexpr std::string_view database = "zoneinfo/";

/// The known zone that `name` was probably meant to be: nearly the same, or the place alone ("Tokyo").
std::string near_zone(std::string_view name) {
    std::vector<std::string_view> names, places;
    for (const date::time_zone& zone : date::get_tzdb().zones) {
        names.emplace_back(zone.name());
        places.push_back(names.back().substr(names.back().rfind('/') + 1));
    }
    if (const std::string_view near = nearest(name, names); !near.empty()) return std::string(near);
    const auto place = std::find(places.begin(), places.end(), nearest(name, places));
    return place == places.end() ? std::string() : std::string(names[std::size_t(place - places.begin())]);
}

std::string unknown(std::string_view name) {
    std::string sentence = "\"" + shortened(name) + "\" is no time zone known here";
    try {
        if (const std::string near = near_zone(name); !near.empty()) {
            return sentence + "; did you mean \"" + near + "\"?";
        }
    } catch (const std::runtime_error&) {
        return sentence + ": the machine has no time zone database (package tzdata)";
    }
    return sentence + "; write a name such as \"Europe/Berlin\" or \"UTC\"";
}

}  // namespace

Zone::Zone(std::string_view name) : name_(name) {
    try {
        rules_ = std::make_shared<const Rules>(Rules{date::locate_zone(name_)});
        rules_->at(0);  // the database reads a zone's file at its first use
    } catch (const std::runtime_error&) {
        throw std::invalid_argument(unknown(name));
    }
}

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
    const date::sys_info info = zone->get_info(date::sys_seconds(std::chrono::seconds(known)));
    return {info.begin.time_since_epoch().count(), info.end.time_since_epoch().count(), info.offset.count()};
}

std::string machine_zone(const char* tz, const std::filesystem::path& localtime) {
    std::string name;
    std::error_code none;
    if (tz != nullptr) {
        name = tz;
        if (name.starts_with(':')) name.erase(0, 1);
    } else {
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
