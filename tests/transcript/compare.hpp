/// Compares a result document with what a transcript expects of it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace transcript {

/// Sentences about each difference, with its pointer; none: `actual` is as `expected`.
/// Objects are subsets, arrays equal in length and order, everything else equal. In place of a value may
/// stand
/// {"$contains": "text"}, {"$matches": "RE2"} (as a whole) or {"$absent": true}. An unknown operator is a
/// difference.
std::vector<std::string> differences(const nlohmann::json& expected, const nlohmann::json& actual);

}  // namespace transcript
