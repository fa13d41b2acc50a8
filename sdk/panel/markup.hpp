/// Texts inside HTML and JavaScript.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace wfc::panel {

/// For content and for attributes in quotes.
std::string html(std::string_view text);

/// A value as an expression of JavaScript that may stand in a `<script>`: nothing in it ends the element.
std::string script(const nlohmann::ordered_json& value);

/// `word` as one step of a catalogue's key: i18next splits keys at "." and ":", the editor at ";", "[" and
/// "]". Everything but letters and digits of ASCII, "_", "-" and "/" becomes "_".
std::string key_part(std::string_view word);

}  // namespace wfc::panel
