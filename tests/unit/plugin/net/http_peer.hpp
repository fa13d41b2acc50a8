/// HTTP servers out of a script, for the tests of net::exchange.
#pragma once

#include <array>
#include <string>
#include <sys/socket.h>

#include "net/http.hpp"
#include "peer.hpp"

namespace test {

/// One request with its body, as far as Content-Length says; what came of it when the client goes.
template <class Read>
std::string request_from(Read read) {
    std::string all;
    for (;;) {
        const std::size_t end = all.find("\r\n\r\n");
        if (end != all.npos) {
            const std::size_t field = all.find("Content-Length: ");
            const std::size_t length = field < end ? std::stoul(all.substr(field + 16)) : 0;
            if (all.size() >= end + 4 + length) return all;
        }
        const std::string more = read();
        if (more.empty()) return all;
        all += more;
    }
}

inline std::string request_on(int connection) {
    return request_from([connection] {
        std::array<char, 4096> bytes{};
        const ssize_t count = ::recv(connection, bytes.data(), bytes.size(), 0);
        return std::string(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    });
}

/// Takes a request (into `request`, if given), says `answer` and closes.
inline Peer::Serve answering(std::string answer, std::string* request = nullptr) {
    return [answer = std::move(answer), request](int connection) {
        const std::string asked = request_on(connection);
        if (request != nullptr) *request = asked;
        say(connection, answer);
    };
}

/// The same under TLS.
inline Peer::Serve answering_under_tls(inbox::Certificate certificate, std::string answer,
                                       std::string* request = nullptr) {
    return [certificate = std::move(certificate), answer = std::move(answer), request](int connection) {
        TlsAccept tls(connection, certificate);
        if (!tls.accept()) return;
        const std::string asked = request_from([&] { return tls.read(); });
        if (request != nullptr) *request = asked;
        tls.write(answer);
        SSL_shutdown(tls.get());
    };
}

/// A GET without more.
inline mailsend::net::HttpRequest get(std::string url) {
    mailsend::net::HttpRequest request;
    request.method = "GET";
    request.url = std::move(url);
    return request;
}

inline std::string loopback_url(const Peer& peer, const std::string& path = "/token") {
    return "http://127.0.0.1:" + std::to_string(peer.port()) + path;
}

/// What a GET over loopback brings when the server says `answer`.
inline mailsend::net::HttpAnswer answer_to_get(std::string answer,
                                               const mailsend::net::HttpTerms& terms = {}) {
    Peer peer(answering(std::move(answer)));
    return exchange(get(loopback_url(peer)), terms, patience());
}

}  // namespace test
