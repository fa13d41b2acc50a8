/// The body with which an HTTP API for mail refuses a request -> facts ("api.refused"), and back into the
/// document.
///
/// Guarantees: values are printable and bounded; whatever the body holds, nothing is thrown. Knows the
/// envelopes of the Gmail API and of Microsoft Graph, not what their codes mean.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "outcome/failure.hpp"

namespace mailsend {

/// Facts at Stage::api of `body`: {"error": {code, message, …}}, or what stands in that "error" alone;
/// nothing where no mark tells whose it is (any program may write such an envelope). `http_status` 0: the one
/// that the body names, if it does.
std::optional<Facts> api_refusal(const nlohmann::json& body, int http_status);

/// `error.api` of the document: {api, http_status, codes, message}; null where no such API answered.
nlohmann::ordered_json api_object(const Facts& facts);

}  // namespace mailsend
