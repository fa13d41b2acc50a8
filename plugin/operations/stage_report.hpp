/// `report` of a result: one row for each stage, with verdict, time and the fact worth reading.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "outcome/result.hpp"
#include "smtp/session.hpp"

namespace mailsend {

/// The stages of a connection in their order, up to signing in.
std::vector<Stage> stages_of_connection(smtp::Protection protection);

/// Stages that `attempt` spent time in are ok, the one of `error` failed, the others were skipped. `fact` is
/// asked for the text of those that are ok.
nlohmann::ordered_json stage_report(const std::vector<Stage>& stages, const Attempt& attempt,
                                    const std::optional<Error>& error,
                                    const std::function<std::string(Stage)>& fact);

}  // namespace mailsend
