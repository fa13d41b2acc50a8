#include "faults/cell.hpp"

#include <array>

namespace faults {
namespace {

constexpr std::array<std::string_view, 3> protections = {"plain", "starttls", "tls"};
constexpr std::array<std::string_view, 13> stages = {"connect",    "tls",  "greeting", "ehlo", "starttls",
                                                     "ehlo_again", "auth", "mail",     "rcpt", "data",
                                                     "body",       "dot",  "quit"};
constexpr std::array<std::string_view, 7> kinds = {"cut",       "delay",   "reset", "half_close",
                                                   "blackhole", "garbage", "drip"};

bool exists(const Cell& cell) {
    switch (cell.stage) {
        case Stage::connect:
            return cell.fault == Fault::reset || cell.fault == Fault::blackhole;
        case Stage::tls:
            return cell.protection != Protection::none;
        case Stage::starttls:
        case Stage::ehlo_again:
            return cell.protection == Protection::starttls;
        default:
            return true;
    }
}

}  // namespace

std::string_view to_string(Protection protection) noexcept {
    return protections[static_cast<std::size_t>(protection)];
}
std::string_view to_string(Stage stage) noexcept {
    return stages[static_cast<std::size_t>(stage)];
}
std::string_view to_string(Fault fault) noexcept {
    return kinds[static_cast<std::size_t>(fault)];
}

std::string Cell::name() const {
    return std::string(to_string(protection)) + "/" + std::string(to_string(stage)) + "/" +
           std::string(to_string(fault));
}

std::vector<Cell> all_cells() {
    std::vector<Cell> cells;
    for (std::size_t protection = 0; protection < protections.size(); ++protection) {
        for (std::size_t stage = 0; stage < stages.size(); ++stage) {
            for (std::size_t fault = 0; fault < kinds.size(); ++fault) {
                const Cell cell{static_cast<Protection>(protection), static_cast<Stage>(stage),
                                static_cast<Fault>(fault)};
                if (exists(cell)) cells.push_back(cell);
            }
        }
    }
    return cells;
}

}  // namespace faults
