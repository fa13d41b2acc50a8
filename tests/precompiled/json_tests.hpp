// What many tests that read JSON include. Precompiled; no file includes it by its name.
// The templates declared here are compiled once, in json_instances.cpp, and not in each test again.
#pragma once

#include <nlohmann/json.hpp>

#include "tests.hpp"

namespace nlohmann {
// A document in a failed assertion is its text; gtest would print it as a container, and instantiate much to
// do so.
void PrintTo(const json& value, std::ostream* out);
}  // namespace nlohmann

extern template class nlohmann::basic_json<>;
extern template class std::vector<nlohmann::json>;
extern template class std::vector<nlohmann::json*>;
extern template class std::map<std::string, nlohmann::json, std::less<>>;
extern template class nlohmann::detail::serializer<nlohmann::json>;
extern template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
extern template class nlohmann::detail::json_sax_dom_callback_parser<nlohmann::json>;

// Texts and streams: what documents are parsed from.
using TextInput = nlohmann::detail::iterator_input_adapter<const char*>;
extern template class nlohmann::detail::lexer<nlohmann::json, TextInput>;
extern template class nlohmann::detail::parser<nlohmann::json, TextInput>;
extern template class nlohmann::detail::lexer<nlohmann::json, nlohmann::detail::input_stream_adapter>;
extern template class nlohmann::detail::parser<nlohmann::json, nlohmann::detail::input_stream_adapter>;
