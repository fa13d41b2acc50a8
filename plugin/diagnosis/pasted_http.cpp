#include "diagnosis/pasted_http.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "diagnosis/pasted_lines.hpp"

namespace mailsend::diagnosis {
namespace {

using namespace std::string_view_literals;

/// How much of a body behind its code is looked at.
constexpr std::size_t look_ahead = 400;

constexpr std::array reasons{"400 bad request"sv,
                             "401 unauthorized"sv,
                             "402 payment required"sv,
                             "403 forbidden"sv,
                             "404 not found"sv,
                             "405 method not allowed"sv,
                             "406 not acceptable"sv,
                             "407 proxy authentication required"sv,
                             "408 request timeout"sv,
                             "409 conflict"sv,
                             "410 gone"sv,
                             "411 length required"sv,
                             "412 precondition failed"sv,
                             "413 payload too large"sv,
                             "413 content too large"sv,
                             "413 request entity too large"sv,
                             "414 uri too long"sv,
                             "415 unsupported media type"sv,
                             "422 unprocessable"sv,
                             "428 precondition required"sv,
                             "429 too many requests"sv,
                             "431 request header fields too large"sv,
                             "451 unavailable for legal reasons"sv,
                             "500 internal server error"sv,
                             "501 not implemented"sv,
                             "502 bad gateway"sv,
                             "503 service unavailable"sv,
                             "503 service temporarily unavailable"sv,
                             "504 gateway timeout"sv,
                             "504 gateway time-out"sv,
                             "505 http version not supported"sv,
                             "511 network authentication required"sv};
constexpr std::array of_a_body{"\"message\""sv, "\"status\""sv, "\"reason\""sv, "\"errors\""sv,
                               "\"details\""sv};

}  // namespace

bool of_http(std::string_view text, std::size_t at) {
    const std::string after = lowered(text.substr(at, look_ahead));
    if (std::any_of(reasons.begin(), reasons.end(),
                    [&](std::string_view reason) { return after.starts_with(reason); }))
        return true;
    std::string_view before = trimmed(text.substr(at > 16 ? at - 16 : 0, at > 16 ? 16 : at));
    if (!before.ends_with(':')) return false;
    before.remove_suffix(1);
    if (!trimmed(before).ends_with("\"code\"")) return false;
    return std::any_of(of_a_body.begin(), of_a_body.end(),
                       [&](std::string_view name) { return after.find(name) != after.npos; });
}

}  // namespace mailsend::diagnosis
