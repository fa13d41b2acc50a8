/// What one member of a schema says about its field, and what becomes of a member that several branches have.
///
/// Guarantees: no walk follows a `$ref` in a circle.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace wfc::panel {

/// More values than this are no list that somebody chooses from; what decides over branches is one, too.
inline constexpr std::size_t value_limit = 1000;

/// What `$ref` leads to within `root`, with the keywords beside it; `node` itself without one. `followed`, if
/// any, gets the definitions on the way. Throws Refused for a circle.
nlohmann::ordered_json whole_schema(const nlohmann::ordered_json& root, const nlohmann::ordered_json& node,
                                    std::set<std::string>* followed = nullptr);

/// True where the annotation `mark` of `node` is true.
bool holds(const nlohmann::ordered_json& node, const char* mark);

/// Whether something below `node`, not itself, has the annotation `mark`.
bool holds_below(const nlohmann::ordered_json& root, const nlohmann::ordered_json& node, const char* mark);

std::vector<std::string> types_of(const nlohmann::ordered_json& node);

/// The kind of the field of a member that is no object of its own ("text", "json", "secret" …).
std::string kind_of(const nlohmann::ordered_json& root, const nlohmann::ordered_json& node);

/// Adds to `field`, of that kind, what `node` says about entering it: widget, unit, bounds, types …
void add_hints(nlohmann::ordered_json& field, const nlohmann::ordered_json& node);

/// Makes of `same` the field of both branches: shown for each, required and bound as in any, with the values
/// of both. Throws Refused, beginning with `where`, for two that cannot be entered in one field.
void merge_field(nlohmann::ordered_json& same, const nlohmann::ordered_json& other, const std::string& where);

}  // namespace wfc::panel
