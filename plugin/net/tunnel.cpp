#include "net/tunnel.hpp"

#include <array>
#include <utility>

namespace mailsend::net {
namespace {

constexpr std::size_t longest_head = 16 * 1024;
constexpr std::size_t longest_words = 200;

/// RFC 3986 section 3.2: an IPv6 literal stands in brackets.
std::string authority(const Endpoint& endpoint) {
    const bool v6 = endpoint.host.find(':') != std::string::npos;
    return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

/// Printable ASCII, bounded.
std::string words_of(std::string_view raw) {
    std::string words;
    for (const char c : raw.substr(0, longest_words)) words += c >= ' ' && c <= '~' ? c : '?';
    return words;
}

/// Where the talk with the proxy stands, for the words of its failures.
struct Talk {
    const Endpoint& proxy;
    const Endpoint& target;

    Failure failed(const char* condition, const std::string& what) const {
        Failure failure(Stage::connect, condition, "the proxy " + authority(proxy) + " " + what);
        failure.facts().pointer = "/network/proxy";
        failure.facts().details = {
            {"host", target.host}, {"port", std::to_string(target.port)}, {"proxy", authority(proxy)}};
        return failure;
    }
    Failure garbage(std::string_view said) const {
        return failed("proxy.garbage",
                      said.empty() ? "does not answer as an HTTP proxy does"
                                   : "does not answer as an HTTP proxy does; it said: " + words_of(said));
    }
};

/// True while `line`, which may be incomplete, can still become "HTTP/1.x NNN …".
bool may_be_status_line(std::string_view line) {
    constexpr std::string_view pattern = "HTTP/1.# ###";
    for (std::size_t i = 0; i < line.size() && i < pattern.size(); ++i) {
        const bool digit = line[i] >= '0' && line[i] <= '9';
        if (pattern[i] == '#' ? !digit : line[i] != pattern[i]) return false;
    }
    return line.size() <= pattern.size() || line[pattern.size()] == ' ';
}

/// The head of one answer.
struct Head {
    int code = 0;
    std::string status_line;
};

/// Byte by byte: whatever stands behind the head is the server's, and there is no way to put it back. A head
/// is short and sent once a connection.
class HeadReader {
  public:
    HeadReader(Stream& stream, const Talk& talk, const Patience& patience)
        : stream_(stream), talk_(talk), patience_(patience) {}

    Head next() {
        constexpr std::size_t shortest = std::string_view("HTTP/1.1 200").size();
        const std::string status_line = line(true);
        if (status_line.size() < shortest) throw talk_.garbage(status_line);
        while (!line(false).empty()) {
        }
        return {std::stoi(status_line.substr(shortest - 3, 3)), status_line};
    }

  private:
    /// Up to a line feed, without it and a carriage return before it (RFC 9112 section 2.2).
    std::string line(bool first) {
        std::string text;
        for (;;) {
            char byte = 0;
            if (stream_.read(&byte, 1, patience_) == 0) {
                throw talk_.failed("proxy.closed", "closed the connection instead of answering CONNECT");
            }
            if (++taken_ > longest_head) throw talk_.garbage({});
            if (byte == '\n') break;
            text += byte;
            // At once: what is not HTTP may never end a line, let alone a head.
            const bool ends = byte == '\r';
            if (first && !ends && !may_be_status_line(text)) throw not_http(std::move(text));
        }
        if (!text.empty() && text.back() == '\r') text.pop_back();
        return text;
    }

    /// Takes what the other side has said already, for the message: it often names itself.
    Failure not_http(std::string text) {
        while (text.size() < longest_words && stream_.has_pending_input()) {
            char byte = 0;
            if (stream_.read(&byte, 1, patience_) == 0 || byte == '\r' || byte == '\n') break;
            text += byte;
        }
        return talk_.garbage(text);
    }

    Stream& stream_;
    const Talk& talk_;
    const Patience& patience_;
    std::size_t taken_ = 0;
};

Failure refusal(const Talk& talk, const Head& head) {
    const std::string said = words_of(head.status_line.substr(head.status_line.find(' ') + 1));
    const std::string target = authority(talk.target);
    if (head.code == 407) {
        return talk
            .failed("proxy.auth_required", "wants to be signed in to, which is not in this version: " + said)
            .with("code", "407");
    }
    const bool unreachable = head.code >= 502 && head.code <= 504;
    return talk
        .failed(unreachable ? "proxy.target_unreachable" : "proxy.refused",
                (unreachable ? "could not connect to " : "refused the connection to ") + target + ": " + said)
        .with("code", std::to_string(head.code));
}

}  // namespace

void open_tunnel(Stream& stream, const Endpoint& proxy, const Endpoint& target, const wfc::Egress& egress,
                 const Patience& patience) {
    const Talk talk{proxy, target};
    if (is_ip_literal(target.host) && !egress.allows(target.host, target.host, target.port)) {
        throw Failure(Stage::connect, "egress.denied",
                      "connecting to " + authority(target) + " is not allowed by the host")
            .with("host", target.host);
    }
    const std::string to = authority(target);
    Head head;
    try {
        stream.write("CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n\r\n", patience);
        HeadReader reader(stream, talk, patience);
        // RFC 9110 section 15.2: any number of interim answers may come first; the head's bound ends them
        // too.
        do {
            head = reader.next();
        } while (head.code >= 100 && head.code < 200);
    } catch (const TimedOut& late) {
        if (late.overall()) throw;
        throw talk.failed("proxy.timeout", "did not answer CONNECT in time");
    } catch (const Failure& failure) {
        if (failure.facts().condition != "conn.reset") throw;
        throw talk.failed("proxy.closed", "broke the connection instead of answering CONNECT");
    }
    if (head.code / 100 != 2) throw refusal(talk, head);
}

Failure about_proxy(const Failure& failure, const Endpoint& proxy) {
    Facts facts = failure.facts();
    const std::string& condition = facts.condition;
    facts.details["proxy"] = authority(proxy);
    facts.details.emplace("host", proxy.host);
    facts.details.emplace("port", std::to_string(proxy.port));
    const auto is = [&](std::string_view family) { return condition.starts_with(family); };
    const bool here = condition == "conn.denied_locally" || condition == "net.source_address";
    if (!here && (is("conn.") || is("net.") || is("dns."))) {
        // What is said about a mail server's name, port and security would mislead.
        const bool no_such_host = condition == "dns.nxdomain" || condition == "dns.nodata";
        facts.condition = no_such_host ? "proxy.not_found" : "proxy.unreachable";
        facts.sentence = "the proxy cannot be reached: " + facts.sentence;
        facts.pointer = "/network/proxy";
    }
    return Failure(std::move(facts));
}

}  // namespace mailsend::net
