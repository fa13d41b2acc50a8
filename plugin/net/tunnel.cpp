#include "net/tunnel.hpp"

#include <algorithm>
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

/// A code begins with '+': no class of them is 0 (RFC 9110 section 15).
constexpr std::string_view status_pattern = "HTTP/1.# +##";

/// True while `line`, which may be incomplete and end in the carriage return of its end, can still become
/// "HTTP/1.x NNN …".
bool may_be_status_line(std::string_view line) {
    if (line.size() > status_pattern.size() && line.back() == '\r') line.remove_suffix(1);
    for (std::size_t i = 0; i < line.size() && i < status_pattern.size(); ++i) {
        const bool digit = line[i] >= (status_pattern[i] == '+' ? '1' : '0') && line[i] <= '9';
        const bool wants_digit = status_pattern[i] == '+' || status_pattern[i] == '#';
        if (wants_digit ? !digit : line[i] != status_pattern[i]) return false;
    }
    return line.size() <= status_pattern.size() || line[status_pattern.size()] == ' ';
}

/// Of a whole status line.
int code_of(std::string_view line) {
    int code = 0;
    for (const char c : line.substr(status_pattern.size() - 3, 3)) code = 10 * code + (c - '0');
    return code;
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
        const std::string status_line = line(true);
        if (status_line.size() < status_pattern.size()) throw talk_.garbage(status_line);
        while (!line(false).empty()) {
        }
        return {code_of(status_line), status_line};
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
            if (first && !may_be_status_line(text)) throw not_http(std::move(text));
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

/// Codes that a later try may change (RFC 9110 section 15; RFC 6585; RFC 8470). Classes above 5 count as 5.
bool passes(int code) {
    constexpr int later[] = {408, 425, 429};
    // CONNECT or the version is unknown; the network wants a page to be visited first.
    constexpr int lasting[] = {501, 505, 511};
    const auto is_one_of = [code](const auto& codes) {
        return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
    };
    return is_one_of(later) || (code >= 500 && !is_one_of(lasting));
}

Failure refusal(const Talk& talk, const Head& head) {
    const std::string said = words_of(head.status_line.substr(head.status_line.find(' ') + 1));
    const std::string target = authority(talk.target);
    if (head.code == 407) {
        return talk
            .failed("proxy.auth_required", "wants to be signed in to, which is not in this version: " + said)
            .with("code", "407");
    }
    const bool unreachable = head.code >= 502 && head.code <= 504;
    const auto [condition, what] =
        unreachable ? std::pair("proxy.target_unreachable", "could not connect to " + target)
        : passes(head.code)
            ? std::pair("proxy.unavailable", "cannot open the connection to " + target + " now")
            : std::pair("proxy.connect", "refused the connection to " + target);
    return talk.failed(condition, what + ": " + said).with("code", std::to_string(head.code));
}

}  // namespace

void ask_egress_behind_proxy(const Endpoint& target, const wfc::Egress& egress) {
    std::vector<std::string> addresses;
    if (is_ip_literal(target.host)) {
        addresses = {target.host};
    } else if (is_loopback_name(target.host)) {
        addresses = loopback_addresses();
    }
    bool allowed = true;
    for (const std::string& address : addresses) {
        allowed = egress.allows(target.host, address, target.port) && allowed;
    }
    if (allowed) return;
    throw Failure(Stage::connect, "egress.denied",
                  "connecting to " + authority(target) + " is not allowed by the host")
        .with("host", target.host);
}

void open_tunnel(Stream& stream, const Endpoint& proxy, const Endpoint& target, const Patience& patience) {
    const Talk talk{proxy, target};
    const std::string to = authority(target);
    Head head;
    try {
        stream.write("CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n\r\n", patience);
        HeadReader reader(stream, talk, patience);
        // RFC 9110 section 15.2: any number of interim answers may come first; the head's bound ends them
        // too. 101 is none: nothing was asked that could be switched to.
        do {
            head = reader.next();
            if (head.code == 101) throw talk.garbage(head.status_line);
        } while (head.code < 200);
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
