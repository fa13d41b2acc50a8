/// Members that requests have in common, read strictly. Internal to the reading of requests; its users have
/// included wfc/json.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/secret_store.hpp"
#include "wfc/json.hpp"

namespace wfc::serve {

/// A whole number from 1 to `most`. Throws Problem.
std::uint64_t whole_number(const nlohmann::json& value, std::uint64_t most, const Fields& fields,
                           std::string_view member);
/// A string with 1 to `most` characters' bytes, none of them NUL.
std::string bounded(Fields& fields, std::string_view member, std::size_t most);
/// The name of a component that an engine chose.
std::string component_name(Fields& fields);
/// A document: an object, as text.
std::string document(Fields& fields, std::string_view member);
/// Values by name; those in the document are wiped.
SecretValues secret_values(nlohmann::json& request, Fields& fields);
std::map<std::string, std::string> named_files(Fields& fields, std::string_view member);
std::vector<std::string> names(Fields& fields, std::string_view member);

/// Overwrites every string below `json`.
void wipe_strings(nlohmann::json& json) noexcept;

}  // namespace wfc::serve
