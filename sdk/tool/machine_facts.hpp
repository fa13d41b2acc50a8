/// What somebody who is asked for help wants to know of a machine.
///
/// Guarantees: no names of machine, users and files: kernel, system, libraries, clock and language alone.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace wfc::tool {

/// "2026-11-23T09:00:00.123Z", now.
std::string utc_now();

/// Members to put beside the versions of what runs there.
nlohmann::ordered_json machine_facts();

}  // namespace wfc::tool
