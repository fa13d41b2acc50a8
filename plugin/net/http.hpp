/// One HTTP request over a Stream of this folder: for token endpoints and APIs.
///
/// Guarantees: https, or http where the host is loopback by its name or address, and then only if it resolves
/// to loopback; certificate and name are checked as everywhere; egress is asked about every address; the
/// proxy is used where one is given, and never for loopback; a redirect is an answer like any other and is
/// never followed; head and body of the answer are bounded; cancel and deadlines end every wait. One request
/// a connection.
///
/// What it cannot do: wipe the copies of a body that Poco's buffers hold for the length of the request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/connect.hpp"
#include "net/trust.hpp"
#include "wfc/secret.hpp"

namespace mailsend::net {

/// The way to servers of the web. Copyable; what it holds outlives the request.
struct HttpTerms {
    std::vector<std::string> name_servers{};  ///< as Endpoint's
    std::string source_address{};             ///< as Endpoint's
    std::optional<Endpoint> proxy{};
    std::function<std::shared_ptr<const Trust>()> trust{};
    wfc::Egress egress{};
    std::uint64_t connect_ms = 10'000;  ///< for names, connecting and TLS, each
    std::uint64_t answer_ms = 20'000;   ///< from the first byte written to the last one read
    std::size_t max_body = 256u << 10;  ///< of the answer, in bytes
};

struct HttpRequest {
    std::string method = "POST";
    std::string url;                                           ///< absolute
    std::vector<std::pair<std::string, std::string>> headers;  ///< besides Host, Content-Length, Connection
    std::string content_type;
    wfc::SecretString body;
};

struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers;  ///< by name in lower case; the first of each
    wfc::SecretString body;
};

/// Throws Failure: conditions of resolve, connect, the tunnel and start_tls with their stages; http.closed
/// (the server hung up before its answer was whole), http.garbage (no HTTP), http.too_large (head or body),
/// http.timeout, these four with Stage::api; all with the details host, port, and request_sent "no" where not
/// a byte of the request was handed over. std::invalid_argument, without the URL in it, for a URL that is
/// neither https nor loopback, holds a user name or is not visible ASCII, and for fields that are not one
/// line each or not the caller's to set. Cancelled; TimedOut (overall only).
HttpAnswer exchange(const HttpRequest& request, const HttpTerms& terms, const Patience& patience);

}  // namespace mailsend::net
