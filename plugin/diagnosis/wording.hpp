/// Texts with places for values.
///
/// `{host}` becomes the value of "host". A passage in square brackets is left out whole when one of its
/// values is missing: "No answer[ within {seconds} seconds]." A place with a value, "{renewal=done}", shows
/// nothing and counts as missing unless the value is that one. Outside brackets a missing value becomes the
/// word that the catalogue has for it, or nothing; a text never shows a raw place. Values are data: they are
/// escaped, capped and not looked through again.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

/// Words of one language for values that are missing ("host") and for stages ("stage.auth"): name -> word,
/// empty where there is none.
using Words = std::function<std::string_view(std::string_view name)>;

/// `text` with the values of `facts` in their places.
std::string worded(std::string_view text, const Facts& facts, const Words& words);

}  // namespace mailsend::diagnosis
