#include "net/http.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "net/http_conversation.hpp"
#include "net/http_failure.hpp"
#include "net/http_url.hpp"
#include "net/tunnel.hpp"

namespace mailsend::net {
namespace {

Endpoint endpoint_of(const HttpUrl& url, const HttpTerms& terms) {
    return {url.host, url.port, terms.name_servers, terms.source_address};
}

/// A connection to the server, or to the proxy that leads there.
std::unique_ptr<Stream> reach(const HttpUrl& url, const HttpTerms& terms, const Patience& patience) {
    const Endpoint target = endpoint_of(url, terms);
    const bool proxied = terms.proxy.has_value() && !url.loopback;
    const Endpoint& next = proxied ? *terms.proxy : target;
    if (proxied) ask_egress_behind_proxy(target, terms.egress);
    std::unique_ptr<Stream> stream;
    Patience connecting = patience;
    try {
        const std::vector<std::string> addresses = resolve(next, patience.within(terms.connect_ms));
        if (!url.tls && !std::all_of(addresses.begin(), addresses.end(), is_loopback_address)) {
            throw std::invalid_argument("the URL is neither https nor on this machine");
        }
        connecting = patience.within(terms.connect_ms);
        stream = connect(next, addresses, terms.egress, connecting);
    } catch (const Failure& failure) {
        if (!proxied) throw;
        throw about_proxy(failure, next);
    }
    if (proxied) open_tunnel(*stream, next, target, connecting);
    return stream;
}

void shake_hands(Stream& stream, const HttpUrl& url, const HttpTerms& terms, const Patience& patience) {
    try {
        stream.start_tls(*terms.trust(), url.host, patience.within(terms.connect_ms));
    } catch (const TimedOut& late) {
        if (late.overall()) throw;
        throw timed_out(Stage::tls, "tls.timeout", url.host + " did not finish the TLS handshake",
                        terms.connect_ms);
    }
}

/// Connected, and encrypted where the URL says so. A server that breaks off where a session of before was
/// offered gets a second chance: a full handshake may be all it wants.
std::unique_ptr<Stream> open(const HttpUrl& url, const HttpTerms& terms, const Patience& patience) {
    for (bool again = true;; again = false) {
        std::unique_ptr<Stream> stream = reach(url, terms, patience);
        if (!url.tls) return stream;
        try {
            shake_hands(*stream, url, terms, patience);
            return stream;
        } catch (const Failure& failure) {
            if (!again || !failure.facts().details.contains(session_offered)) throw;
        }
    }
}

HttpAnswer ask(Stream& stream, const HttpUrl& url, const HttpRequest& request, const HttpTerms& terms,
               const Patience& patience) {
    try {
        return converse(stream, url, request, terms.max_body, patience.within(terms.answer_ms));
    } catch (const TimedOut& late) {
        if (late.overall()) throw;
        throw timed_out(Stage::api, "http.timeout", url.host + " did not answer whole", terms.answer_ms);
    } catch (const Failure& failure) {
        if (failure.facts().condition != "conn.reset" && failure.facts().condition != "http.closed") throw;
        Failure closed = http_closed(url.host);
        const auto tls = stream.tls();
        if (tls && tls->certificate_missed) closed.facts().sentence += certificate_missed;
        throw closed;
    }
}

}  // namespace

HttpAnswer exchange(const HttpRequest& request, const HttpTerms& terms, const Patience& patience) {
    const HttpUrl url = parse_http_url(request.url);
    check_request(request);
    std::unique_ptr<Stream> stream;
    std::optional<std::uint64_t> before;  // bytes out when nothing but the request was left to say
    try {
        stream = open(url, terms, patience);
        before = stream->bytes_written();
        HttpAnswer answer = ask(*stream, url, request, terms, patience);
        stream->close();
        return answer;
    } catch (Failure& failure) {
        failure.facts().details.emplace("host", url.host);
        failure.facts().details.emplace("port", std::to_string(url.port));
        if (!before || stream->bytes_written() == *before) failure.facts().details["request_sent"] = "no";
        throw;
    }
}

}  // namespace mailsend::net
