/// Values that a template put into an address: they must end where they stand.
///
/// Guarantees: what the template wrote around a value (quotes, angle brackets, comments, commas between
/// addresses; RFC 5322 section 3.4) means the same whatever the value is, so a value cannot add an address or
/// take the place of the one that the template wrote. Does not check that the addresses are sound: the parser
/// of addresses does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "template/template.hpp"

namespace mailsend {

/// What is wrong with the first of `values` (in order, inside `text`) that goes beyond its place, as the end
/// of a sentence; nothing if all are fine.
std::optional<std::string> value_out_of_place(std::string_view text, const std::vector<Span>& values);

/// True when a comma or semicolon outside of quotes, brackets and comments ends an address in `text`.
bool ends_an_address(std::string_view text);

}  // namespace mailsend
