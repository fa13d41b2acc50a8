/// What to say about a zone's name that is none. Internal to this folder; no I/O, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace wfc::flow {

/// Whether the name is that of a file which stands for another zone, or whichever: no name to rely on.
bool stands_for_another(std::string_view name);

/// A sentence without its full stop: that `name` is none, and what of `known` was probably meant. Nothing
/// known means that the machine has no time zone database.
std::string unknown_zone(std::string_view name, std::span<const std::string> known);

}  // namespace wfc::flow
