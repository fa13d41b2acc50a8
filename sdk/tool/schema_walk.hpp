/// Finding one's way in a component's JSON Schema by pointer.
///
/// Guarantees: references are followed within the document only and never in a circle. Does not validate.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::tool {

/// `node`, or what its `$ref` leads to within `root`; null when that leads nowhere.
const nlohmann::json* resolved(const nlohmann::json& root, const nlohmann::json* node);

/// The schemas that may apply to `member` of an object (or an item of an array) described by `node`: one for
/// each branch of a choice.
std::vector<const nlohmann::json*> members(const nlohmann::json& root, const nlohmann::json* node,
                                           std::string_view member);

/// True for a property that is marked `x-secret`.
bool is_secret(const nlohmann::json& node);

}  // namespace wfc::tool
