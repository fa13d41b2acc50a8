/// What follows which outcome, as flow files say it. Internal to this folder; no I/O, any thread.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "flow/flow_file.hpp"

namespace wfc::flow {

/// An `on` as it was written: its pointer and, by outcome, the words there.
struct WrittenRoutes {
    std::string pointer;
    std::map<std::string, std::string> words;
};

/// Throws Problem for a key that is no outcome and for a value that is no string.
WrittenRoutes read_routes(const nlohmann::json& on, std::string pointer);

/// Merges the flow's routes beneath those of its steps (`of_steps` is parallel to `steps`; what they inherit:
/// flow_file.hpp) and fills in `on` and `only_by_route`. Throws Problem for a word that names no step, for a
/// circle and where no step is left to begin with. Returns the flow's own routes.
std::map<std::string, Route> connect(std::vector<Step>& steps, const WrittenRoutes& of_flow,
                                     std::span<const WrittenRoutes> of_steps);

}  // namespace wfc::flow
