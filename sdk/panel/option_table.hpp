/// What the editor needs of a file that an `x-options` names: the choices, what each shows, offers, fills in
/// and locks, and what it says to people.
///
/// The file is an object with one list of rows; a row has an `id` and may have a `name` by language, `writes`
/// (pointer into the settings → value) and `locks` (pointers). Beside the list may stand, each an object of
/// pointer into the settings → member of the row ("a", or "a/b" for the member b of a):
/// * `shows`: what is displayed there and never written into the settings. "{x}" in a text stands for what
///   the neighbour x of that pointer holds.
/// * `offers`: what the row lets one choose there: a list of words, or of objects with an `id` (or the member
/// b,
///   with "a/b"); where the list is `xs`, the row's `default_x` names the usual one. Anything but a list: one
///   may enter something. What a row does not have is not there with this choice.
/// * `hints`: texts by language for the field there.
///
/// Guarantees: everything else in the rows (sources, dates of checks …) stays behind.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

namespace wfc::panel {

/// `{"offers": [field …], "choices": [{"id", "name"?, "shows"?, "offers"?, "defaults"?, "fills"?, "locks"?,
/// "hints"?} …]}`; fields by their name (`taken` as for `field_name`). Throws Refused for a document that is
/// none; `file` names it in the sentence.
nlohmann::ordered_json option_table(std::string_view document, std::string_view file,
                                    const std::set<std::string>& taken);

}  // namespace wfc::panel
