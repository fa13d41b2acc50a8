#include "serve/foreign_json.hpp"

#include <stdexcept>

#include "wfc/json.hpp"

namespace wfc::serve {

namespace {

using Json = nlohmann::ordered_json;

std::string one_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string event_object(std::string_view json) {
    constexpr std::size_t most = std::size_t{64} << 10, deepest = 32;
    if (json.size() <= most && !detail::nests_deeper(json, deepest)) {
        const Json parsed = Json::parse(json, nullptr, false);
        if (parsed.is_object()) return one_line(parsed);
    }
    return one_line({{"text", std::string(json.substr(0, most))}});
}

ResultDocument read_result(std::string_view json) {
    constexpr std::size_t deepest = 256;  // whoever reads it goes into it step by step, and a stack ends
    if (detail::nests_deeper(json, deepest))
        throw std::invalid_argument("the component's result nests deeper than " + std::to_string(deepest) +
                                    " levels");
    const Json parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_object()) throw std::invalid_argument("the component's result is not one JSON object");
    const auto outcome = parsed.find("outcome");
    return {one_line(parsed),
            outcome != parsed.end() && outcome->is_string() ? outcome->get<std::string>() : std::string()};
}

}  // namespace wfc::serve
