/// What the checker of documents, the checker of schemas and the texts share: finding one's way in a schema.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/schema.hpp"

namespace wfc::schema {

inline constexpr std::size_t depth_limit = 32;
inline constexpr std::size_t fault_limit = 100;

/// The schema that `schema`'s $ref, if it has one, leads to in the end; null when that is nowhere or a
/// circle.
const nlohmann::json* resolve(const nlohmann::json& root, const nlohmann::json& schema);

/// The value of the discriminator in a branch of a choice; null when the branch does not fix it.
const nlohmann::json* discriminator(const nlohmann::json& root, const nlohmann::json& branch,
                                    std::string_view choice);

/// Whether it wraps a secret: `{"$secret": name}`.
bool is_secret(const nlohmann::json& resolved);

/// The words of `type`: one or several.
std::vector<std::string> types(const nlohmann::json& schema);

/// Checks `document` against `schema` (of `root`), adding to `faults`.
void check(const nlohmann::json& root, const nlohmann::json& schema, const nlohmann::json& document,
           const std::string& pointer, std::vector<Fault>& faults);

}  // namespace wfc::schema
