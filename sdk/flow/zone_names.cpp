#include "flow/zone_names.hpp"

#include <algorithm>
#include <vector>

#include "wfc/problem.hpp"

namespace wfc::flow {

namespace {

/// The first zone below a name that is a folder of the database ("Europe"), or empty.
std::string_view zone_below(std::string_view name, std::span<const std::string> known) {
    while (name.ends_with('/')) name.remove_suffix(1);
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    for (const std::string_view zone : known) {
        if (!name.empty() && zone.size() > name.size() && zone[name.size()] == '/' &&
            std::equal(name.begin(), name.end(), zone.begin(),
                       [&](char a, char b) { return lower(a) == lower(b); })) {
            return zone;
        }
    }
    return {};
}

/// The known zone that `name` was probably meant to be: nearly the same, or the place alone ("Tokyo").
std::string_view near_zone(std::string_view name, std::span<const std::string> known) {
    if (const std::string_view near = nearest(name, known); !near.empty()) return near;
    std::vector<std::string_view> places;
    for (const std::string_view zone : known) places.push_back(zone.substr(zone.rfind('/') + 1));
    const std::string_view near = nearest(name, places);
    const auto place = std::find(places.begin(), places.end(), near);
    return near.empty() ? near : known[static_cast<std::size_t>(place - places.begin())];
}

}  // namespace

bool stands_for_another(std::string_view name) {
    return name == "localtime" || name == "posixrules" || name.starts_with("posix/") ||
           name.starts_with("right/");
}

std::string unknown_zone(std::string_view name, std::span<const std::string> known) {
    std::string sentence = "\"" + shortened(name) + "\" is no time zone known here";
    if (known.empty()) return sentence + ": the machine has no time zone database (package tzdata)";
    if (stands_for_another(name)) return sentence + "; write a name such as \"Europe/Berlin\" or \"UTC\"";
    if (const auto below = zone_below(name, known); !below.empty()) {
        return sentence.append("; write one of its zones, such as \"").append(below).append("\"");
    }
    if (const auto near = near_zone(name, known); !near.empty()) {
        return sentence.append("; did you mean \"").append(near).append("\"?");
    }
    return sentence + "; write a name such as \"Europe/Berlin\" or \"UTC\"";
}

}  // namespace wfc::flow
