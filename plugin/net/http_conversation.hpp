/// One request and its answer over a connected stream.
///
/// Guarantees: interim answers are passed over, a bounded number of them; a redirect is an answer; whatever
/// the other side says ends in an answer or a Failure.
#pragma once

#include "net/http.hpp"
#include "net/http_url.hpp"
#include "net/stream.hpp"

namespace mailsend::net {

/// Throws std::invalid_argument for a method, field or content type that would not be the one line it must
/// be, and for fields that are not the caller's to set.
void check_request(const HttpRequest& request);

/// `request` must have passed check_request. Throws Failure http.* (not http.timeout), conn.reset and tls.*
/// of the stream; Cancelled; TimedOut.
HttpAnswer converse(Stream& stream, const HttpUrl& url, const HttpRequest& request, std::size_t max_body,
                    const Patience& patience);

}  // namespace mailsend::net
