// Prints the runs of a schedule, for cron_table.py: reads lines `zone TAB from TAB until TAB expression`
// (seconds since 1970) and answers each with a line of the runs in [from, until).
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

#include "flow/cron.hpp"

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) {
            std::istringstream fields(line);
            std::string zone_name, expression;
            std::int64_t from = 0, until = 0;
            fields >> zone_name >> from >> until;
            std::getline(fields, expression);
            const wfc::flow::Zone zone(zone_name);
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
