/// What an authorization server said instead of yes, as facts.
///
/// Guarantees: nothing that `Scrub` was told to hide stands in a failure; every text of the server is bounded
/// and printable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.hpp"
#include "oauth/answer_object.hpp"
#include "oauth/client.hpp"
#include "oauth/scrub.hpp"
#include "outcome/failure.hpp"
#include "outcome/refusal_words.hpp"

namespace mailsend::oauth {

/// Which server was asked for what.
struct Asked {
    std::string endpoint;  ///< token | authorize | device | revoke, for Facts::details
    std::string url;
    Provider provider = Provider::custom;
    std::int64_t now_unix_ms = 0;  ///< to read a Retry-After that is a date
};

/// Host of an absolute URL, without user, port and brackets.
std::string host_of(std::string_view url);

/// "the token endpoint oauth2.example.test".
std::string place(const Asked& asked);

/// A Failure at Stage::token whose facts name the endpoint, host and provider; `sentence` is whole.
Failure failed(const Asked& asked, std::string condition, std::string sentence);

/// Throws the failure of an answer that is a redirect, an error by its status, or a 200 that carries
/// `error`: token.redirected, token.refused, token.unavailable. Returns for any other.
void throw_if_refused(const net::HttpAnswer& answer, const Asked& asked, const Scrub& scrub);

/// token.refused, or token.unavailable where `words.error` says that it may pass. `http_status` 0: none.
Failure refused(const ErrorWords& words, int http_status, const Asked& asked, const Scrub& scrub);

/// Seconds until the time of a Retry-After header, in seconds or as IMF-fixdate (RFC 9110 section 10.2.3), at
/// most a day; -1 when it cannot be read.
std::int64_t retry_after(std::string_view value, std::int64_t now_unix_ms);

}  // namespace mailsend::oauth
