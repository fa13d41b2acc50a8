/// `error.oauth` of the document: what an authorization server said, out of the details of a failure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "outcome/failure.hpp"

namespace mailsend {

/// The members that are known, printable and bounded; null where no authorization server answered (neither
/// `oauth_error` nor `http_status` is among the details, or an API did: api_refusal.hpp).
nlohmann::ordered_json oauth_object(const Facts& facts);

}  // namespace mailsend
