#include "delivery/trouble.hpp"

#include "delivery/spoken_protocol.hpp"

namespace mailsend::delivery {
namespace {

/// Octets of an access token from which on, in base64 and with the rest of the answer, it may not fit the
/// 2048 that a line has in Postfix by default.
constexpr std::size_t long_token = 1400;

/// Octets of a foreign protocol's first line that a sentence quotes.
constexpr std::size_t longest_quote = 120;

/// Postfix's idea: a phrase for every stage, so that a time-out reads as what was going on.
const char* phrase(Stage stage) noexcept {
    switch (stage) {
        case Stage::resolve:
            return "looking up the server's name";
        case Stage::connect:
            return "connecting";
        case Stage::tls:
            return "negotiating TLS";
        case Stage::greeting:
            return "waiting for the server's greeting";
        case Stage::ehlo:
            return "waiting for the reply to EHLO";
        case Stage::starttls:
            return "waiting for the reply to STARTTLS";
        case Stage::token:
            return "waiting for another access token";
        case Stage::auth:
            return "signing in";
        case Stage::mail:
            return "waiting for the reply to MAIL FROM";
        case Stage::rcpt:
            return "waiting for the reply to RCPT TO";
        case Stage::data:
            return "sending the message";
        case Stage::dot:
            return "waiting for the reply to the end of the message";
        case Stage::quit:
            return "waiting for the reply to QUIT";
        default:
            return "working";
    }
}

std::string condition_of_timeout(Stage stage, const Route& route) {
    switch (stage) {
        case Stage::resolve:
            return "dns.timeout";
        case Stage::connect:
            return "conn.timeout";
        case Stage::tls:
            return "tls.timeout";
        case Stage::greeting: {
            // A server that waits for a ClientHello is silent: the commonest cause of this time-out on 465.
            const bool tls_port =
                route.endpoint.port == 465 && route.protection != smtp::Protection::implicit_tls;
            return tls_port ? "greet.timeout_465" : "greet.timeout";
        }
        case Stage::data:
            return "data.timeout";
        case Stage::dot:
            return "data.timeout_final";
        default:
            return "idle.timeout";
    }
}

}  // namespace

Facts timed_out(Stage stage, bool overall, const Route& route) {
    Facts facts;
    facts.stage = stage;
    if (overall) {
        facts.condition = "deadline.passed";
        facts.sentence = std::string("the deadline passed while ") + phrase(stage);
    } else {
        const std::uint64_t seconds = (route.timeouts.of(stage) + 999) / 1000;
        facts.condition = condition_of_timeout(stage, route);
        facts.details["seconds"] = std::to_string(seconds);
        facts.sentence = "timed out after " + std::to_string(seconds) + " s while " + phrase(stage);
    }
    return facts;
}

Facts placed(Facts facts, Stage stage) {
    if (facts.condition != "conn.reset") return facts;
    facts.stage = stage;
    if (stage == Stage::greeting) facts.condition = "greet.reset";
    if (stage == Stage::data) facts.condition = "data.reset";
    facts.sentence = std::string("the server reset the connection while ") + phrase(stage);
    return facts;
}

Facts hung_up_on(Facts facts, const std::optional<net::TlsFacts>& tls) {
    const auto is = [&](const char* condition) { return facts.condition == condition; };
    const bool hung_up = is("conn.reset") || is("conn.closed") || is("greet.reset") || is("greet.eof");
    if (hung_up && tls && tls->certificate_missed) facts.sentence += net::certificate_missed;
    return facts;
}

Facts with_protocol(Facts facts) {
    const auto said = facts.details.find("said");
    if (facts.condition != "greet.not_smtp" || said == facts.details.end()) return facts;
    const std::string protocol = spoken_protocol(said->second);
    if (protocol.empty() || protocol == "SMTP") return facts;
    facts.details["protocol"] = protocol;
    const std::string line = said->second.substr(0, said->second.find_first_of("\r\n"));
    facts.sentence =
        "the server sent what is not an SMTP reply but " + protocol + ": " + line.substr(0, longest_quote);
    return facts;
}

Facts located(Facts facts, const Route& route) {
    if (facts.provider.empty()) facts.provider = route.provider;
    facts.details.emplace("host", route.endpoint.host);
    facts.details.emplace("port", std::to_string(route.endpoint.port));
    if (!route.credentials) return facts;
    facts.details.emplace("user", route.credentials->username);
    if (route.credentials->proof == sasl::Proof::access_token) {
        facts.details.emplace("proof", "access_token");
        const std::size_t size = route.credentials->password.size();
        if (size >= long_token) facts.details.emplace("token_bytes", std::to_string(size));
    }
    return facts;
}

Facts lost_after_end_of_data(const Facts& cause) {
    Facts facts = cause;
    facts.stage = Stage::dot;
    // That one says the same, and after how long.
    if (facts.condition != "data.timeout_final") facts.condition = "outcome.unknown";
    facts.reply.reset();
    facts.sentence = "the whole message was sent but the server's answer never came (" + cause.sentence +
                     "); it may or may not have been delivered";
    return facts;
}

}  // namespace mailsend::delivery
