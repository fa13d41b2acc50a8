#include "host/host_document.hpp"

#include <nlohmann/json.hpp>

namespace wfc {

std::string host_document(std::string_view outcome, const HostError& error, std::string_view sentence) {
    using Json = nlohmann::ordered_json;
    const Json document = {{"format", 1},
                           {"outcome", outcome},
                           {"error",
                            {{"id", error.id},
                             {"stage", error.stage},
                             {"class", error.error_class},
                             {"retry", {{"advice", error.advice}}},
                             {"message", sentence}}}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wfc
