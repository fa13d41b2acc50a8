/// The failures of an HTTP conversation, in one wording each.
///
/// Guarantees: they quote neither the request nor the answer, which may repeat the request.
#pragma once

#include <cstdint>
#include <string>

#include "outcome/failure.hpp"

namespace mailsend::net {

inline Failure http_closed(const std::string& host) {
    return Failure(Stage::api, "http.closed", host + " closed the connection before its answer was whole");
}

inline Failure http_garbage(const std::string& host) {
    return Failure(Stage::api, "http.garbage", host + " does not answer as an HTTP server does");
}

/// `what`: "the answer of HOST".
inline Failure http_too_large(const std::string& what, std::size_t limit) {
    return Failure(Stage::api, "http.too_large",
                   what + " is larger than " + std::to_string(limit) + " bytes");
}

/// In seconds, rounded up, as "seconds" too.
inline Failure timed_out(Stage stage, const char* condition, const std::string& what,
                         std::uint64_t limit_ms) {
    const std::string seconds = std::to_string((limit_ms + 999) / 1000);
    return Failure(stage, condition, what + " within " + seconds + " s").with("seconds", seconds);
}

}  // namespace mailsend::net
