// Prints the runs of a schedule, for cron_table.py: reads lines `zone TAB from TAB until TAB expression`
// (seconds since 1970) and answers each with a line of the runs in [from, until). With a folder as its
// argument it takes the zones' files from there.
#include <cstdlib>
#include <date/tz.h>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "flow/cron.hpp"
#include "flow/zone_rules.hpp"

namespace {

using wfc::flow::Zone;

/// The library knows one folder. It adds names to it as they are, so a way up leads to another one.
Zone zone_of(const std::filesystem::path& folder, const std::string& name) {
    if (folder.empty()) return Zone(name);
    // Never given back: only the library can destroy them. The list outlives the end of main for the same
    // reason.
    static auto& zones = *new std::vector<const date::time_zone*>;
    const auto way = std::filesystem::relative(folder / name, "/usr/share/zoneinfo");
    zones.push_back(new date::time_zone(way.string(), date::detail::undocumented{}));
    return Zone(name, Zone::Rules{zones.back(), wfc::flow::read_footer(folder / name)});
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::filesystem::path folder = argc > 1 ? argv[1] : "";
        for (std::string line; std::getline(std::cin, line);) {
            std::istringstream fields(line);
            std::string zone_name, expression;
            std::int64_t from = 0, until = 0;
            fields >> zone_name >> from >> until;
            std::getline(fields, expression);
            const Zone zone = zone_of(folder, zone_name);
            const wfc::flow::Cron cron(expression);
            const char* between = "";
            for (auto at = cron.next(from - 1, zone); at && *at < until; at = cron.next(*at, zone)) {
                std::cout << between << *at;
                between = " ";
            }
            std::cout << '\n';
        }
    } catch (const std::exception& error) {
        std::cerr << "cron_times: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
