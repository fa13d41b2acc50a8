#include "net/http_conversation.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/StreamSocket.h>
#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

#include "net/http_body.hpp"
#include "net/http_failure.hpp"
#include "net/http_socket.hpp"

namespace mailsend::net {
namespace {

constexpr int most_fields = 100;
constexpr int most_interim_answers = 8;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

/// RFC 9110 section 5.6.2.
bool is_token(const std::string& text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != marks.npos;
    });
}

bool is_one_line(const std::string& text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

/// Lends out what Poco's session read ahead.
class Session : public Poco::Net::HTTPClientSession {
  public:
    /// Takes the socket over.
    explicit Session(HttpSocket* socket)
        : HTTPClientSession(Poco::Net::StreamSocket(socket)), socket_(*socket) {
        setProxyConfig({});  // not the one of whoever else uses Poco in this process
    }
    ~Session() override { socket_.wipe_received(); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    HttpSocket& socket() const noexcept { return socket_; }

    std::size_t read_some(char* into, std::size_t most) {
        if (buffered() == 0) refill();
        const auto there = static_cast<std::size_t>(buffered());
        if (there == 0) return 0;
        return static_cast<std::size_t>(read(into, static_cast<std::streamsize>(std::min(there, most))));
    }

  private:
    HttpSocket& socket_;
};

void send(Session& session, const HttpUrl& url, const HttpRequest& request) {
    using Poco::Net::HTTPMessage;
    Poco::Net::HTTPRequest head(request.method, url.target, HTTPMessage::HTTP_1_1);
    head.setHost(url.authority);
    head.setKeepAlive(false);
    for (const auto& [name, value] : request.headers) head.add(name, value);
    if (!head.has("Accept")) head.set("Accept", "application/json");
    if (!request.content_type.empty()) head.setContentType(request.content_type);
    const std::string_view body = request.body.reveal();
    const bool has_body = !body.empty() || (request.method != "GET" && request.method != "HEAD");
    if (has_body) head.setContentLength64(static_cast<Poco::Int64>(body.size()));
    std::ostream& out = session.sendRequest(head);
    out.write(body.data(), static_cast<std::streamsize>(body.size()));
    session.flushRequest();
    session.socket().rethrow_cause();
}

/// Three digits of any value: Poco keeps them in an enumeration that does not have them all, and such a value
/// may not be read as one. Its own code may write it down.
int status_of(const Poco::Net::HTTPResponse& head) {
    std::ostringstream out;
    head.write(out);
    const std::string text = out.str();
    const std::size_t blank = text.find(' ');
    int status = 0;
    if (blank != text.npos) std::from_chars(text.data() + blank + 1, text.data() + text.size(), status);
    return status;
}

/// The head of the answer that counts.
void receive_head(Session& session, const std::string& host, Poco::Net::HTTPResponse& head) {
    head.setFieldLimit(most_fields);
    for (int i = 0; i <= most_interim_answers; ++i) {
        session.receiveResponse(head);
        session.socket().rethrow_cause();
        const int status = status_of(head);
        // 101 is no interim answer: nothing was asked that could be switched to.
        if (!head.getVersion().starts_with("HTTP/1.") || status < 100 || status > 599 || status == 101) break;
        if (status >= 200) return;
    }
    throw http_garbage(host);
}

HttpFraming framing_of(const Poco::Net::HTTPResponse& head, const HttpRequest& request,
                       const std::string& host) {
    const int status = status_of(head);
    HttpFraming framing;
    framing.none = request.method == "HEAD" || status == 204 || status == 304;
    if (head.has("Transfer-Encoding")) {
        if (lower(head.get("Transfer-Encoding")) != "chunked") throw http_garbage(host);
        framing.chunked = true;
    }
    if (head.has("Content-Length")) {
        const std::string& text = head.get("Content-Length");
        std::uint64_t length = 0;
        const char* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, length);
        if (rest != end || error != std::errc()) throw http_garbage(host);
        framing.length = length;
    }
    return framing;
}

HttpAnswer receive(Session& session, const std::string& host, const HttpRequest& request,
                   std::size_t max_body) {
    Poco::Net::HTTPResponse head;
    receive_head(session, host, head);
    session.socket().head_is_over();
    HttpAnswer answer;
    answer.status = status_of(head);
    for (const auto& [name, value] : head) answer.headers.emplace(lower(name), value);
    HttpBody body([&](char* into, std::size_t most) { return session.read_some(into, most); }, host,
                  max_body);
    answer.body = body.read(framing_of(head, request, host));
    return answer;
}

/// What Poco did not like in a head. It has no type of its own for limits, and no setter for a field's.
Failure misread(const Poco::Exception& trouble, const std::string& host) {
    const std::string& words = trouble.message();
    if (words.find("Too many") != words.npos) {
        return Failure(Stage::api, "http.too_large",
                       "the head of the answer of " + host + " has more than " + std::to_string(most_fields) +
                           " fields");
    }
    if (words.find("too long") == words.npos) return http_garbage(host);
    return Failure(
        Stage::api, "http.too_large",
        "a field in the head of the answer of " + host + " is longer than the 8192 bytes that are read");
}

}  // namespace

void check_request(const HttpRequest& request) {
    if (!is_token(request.method)) throw std::invalid_argument("the method is none");
    if (!is_one_line(request.content_type)) throw std::invalid_argument("the content type is not one line");
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name))
            throw std::invalid_argument("the name of a field holds a character that none has");
        if (!is_one_line(value)) {
            throw std::invalid_argument("the value of the field " + name + " is not one line");
        }
        for (const char* reserved : {"host", "content-length", "transfer-encoding", "connection"}) {
            if (lower(name) == reserved) throw std::invalid_argument("the field " + name + " is set here");
        }
    }
}

HttpAnswer converse(Stream& stream, const HttpUrl& url, const HttpRequest& request, std::size_t max_body,
                    const Patience& patience) {
    Session session(new HttpSocket(stream, url.host, patience));
    try {
        send(session, url, request);
        return receive(session, url.host, request, max_body);
    } catch (const Poco::Exception& trouble) {
        session.socket().rethrow_cause();
        throw misread(trouble, url.host);
    }
}

}  // namespace mailsend::net
