/// Members with templates in them, judged before there is data.
///
/// Guarantees: what the readers of members say of a stand-in, with its pointers, holds for whatever the
/// templates become: shapes, names of members and of headers, numbers of elements, strings without a tag. Not
/// judged: what values can make wrong or right.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "message/draft_parser.hpp"

namespace mailsend {

/// True when a string in `value` holds a tag; names of members are no strings of it.
bool holds_tags(const nlohmann::json& value);

/// `value` of the member (`subject`, `to` …) with something usable in place of each string that holds a tag.
/// Throws wfc::Problem for one that is no template, or that no payload can make usable: a line break outside
/// of the bodies, a priority that is none.
nlohmann::json stand_in(const nlohmann::json& value, std::string_view member, const Place& place);

}  // namespace mailsend
