// The templates that json_tests.hpp declares.
#include <ostream>

#include "json_tests.hpp"

namespace nlohmann {
void PrintTo(const json& value, std::ostream* out) {
    *out << value.dump(2, ' ', false, json::error_handler_t::replace);
}
}  // namespace nlohmann

template class nlohmann::basic_json<>;
template class std::vector<nlohmann::json>;
template class std::vector<nlohmann::json*>;
template class std::map<std::string, nlohmann::json, std::less<>>;
template class nlohmann::detail::serializer<nlohmann::json>;
template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
template class nlohmann::detail::json_sax_dom_callback_parser<nlohmann::json>;
template class nlohmann::detail::lexer<nlohmann::json, TextInput>;
template class nlohmann::detail::parser<nlohmann::json, TextInput>;
template class nlohmann::detail::lexer<nlohmann::json, nlohmann::detail::input_stream_adapter>;
template class nlohmann::detail::parser<nlohmann::json, nlohmann::detail::input_stream_adapter>;
