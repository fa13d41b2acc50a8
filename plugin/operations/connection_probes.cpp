// What a check of a connection tries beside the connection itself: every address, other ports, TLS where none
// was expected, the server's own words where its identity is unproven.
#include "delivery/trouble.hpp"
#include "delivery/unproven_look.hpp"
#include "operations/connection_check.hpp"
#include "operations/connection_words.hpp"

namespace mailsend {
namespace {

/// Milliseconds that a stage of a probe may take.
constexpr std::uint64_t probe_ms = 5'000;

}  // namespace

/// As net::connect, but with a row for each address. The first that answers is taken.
std::unique_ptr<net::Stream> ConnectionCheck::connect_each(const net::Endpoint& endpoint,
                                                           const std::vector<std::string>& addresses,
                                                           const net::Patience& connecting) {
    net::Survey survey = net::try_each(endpoint, addresses, route_.egress, connecting);
    if (!survey.refused) {
        tell_addresses(survey, {});
        if (survey.ended) std::rethrow_exception(survey.ended);
        for (net::Tried& tried : survey.tried) {
            if (tried.stream) return std::move(tried.stream);
        }
    }
    std::vector<delivery::Rung> ladder;
    // Behind a proxy the other ports are the proxy's to allow.
    if (!route_.proxy && delivery::other_port_may_answer(survey.refused->facts())) {
        try {
            ladder = climb(addresses);
        } catch (const Cancelled&) {
            tell_addresses(survey, {});
            throw;
        }
    }
    tell_addresses(survey, ladder);
    tell_ladder(ladder);
    told_ = true;
    error_ = seen(survey.refused->facts(), ladder);
    throw Failure(*survey.refused);
}

/// A refusal of the server's address, or of the proxy's, as sending tells it.
Error ConnectionCheck::seen(Facts refusal, const std::vector<delivery::Rung>& ladder) const {
    const net::Endpoint& next = route_.proxy ? *route_.proxy : route_.endpoint;
    Facts facts = delivery::in_the_light_of(ladder, std::move(refusal), next.port);
    if (route_.proxy) facts = net::about_proxy(Failure(std::move(facts)), next).facts();
    return explained(delivery::located(std::move(facts), route_), reader_);
}

void ConnectionCheck::tell_addresses(net::Survey& survey, const std::vector<delivery::Rung>& ladder) {
    const net::Endpoint& next = route_.proxy ? *route_.proxy : route_.endpoint;
    for (net::Tried& tried : survey.tried) {
        if (!tried.stream && !tried.refusal) continue;  // nobody knows
        Row out{.stage = Stage::connect, .timing_ms = tried.milliseconds, .address = tried.address};
        if (tried.stream) {
            out.text =
                words("report.answers", {{"address", tried.address}, {"port", std::to_string(next.port)}});
        } else {
            out.verdict = survey.refused ? RowVerdict::failed : RowVerdict::warning;
            out.error = seen(*tried.refusal, ladder);
            out.text = words_of(*out.error);
        }
        report_.add(std::move(out));
    }
}

/// The ports that mail is handed in at, but the one of the settings, as far as time allows.
std::vector<delivery::Rung> ConnectionCheck::climb(const std::vector<std::string>& addresses) {
    std::vector<delivery::Rung> ladder;
    try {
        for (const std::uint16_t port : delivery::submission_ports) {
            if (port == route_.endpoint.port) continue;
            ladder.push_back(delivery::try_port(route_, addresses, port, patience_));
        }
    } catch (const net::TimedOut&) {  // the deadline: what was found so far is told
    }
    return ladder;
}

void ConnectionCheck::tell_ladder(const std::vector<delivery::Rung>& ladder) {
    for (const delivery::Rung& rung : ladder) {
        Row out{.stage = Stage::connect, .timing_ms = rung.milliseconds, .address = rung.address};
        const std::string port = std::to_string(rung.port);
        if (rung.refusal) {
            out.verdict = RowVerdict::warning;
            const std::string why = words_of(explained(delivery::located(*rung.refusal, route_), reader_));
            out.text = words("report.port_refuses", {{"port", port}, {"why", why}});
        } else {
            out.text = words("report.port_answers", {{"port", port}, {"address", rung.address}});
        }
        report_.add(std::move(out));
    }
}

/// Whether the server of a greeting that never came speaks TLS from the first byte.
std::string ConnectionCheck::try_tls(Facts& facts) {
    if (route_.protection == smtp::Protection::implicit_tls) return "";
    const std::string address = route_.proxy ? "" : sign_in_.connection().attempt().address;
    delivery::UnprovenLook look(route_, address, smtp::Protection::implicit_tls, probe_ms);
    try {
        look.open(patience_);
    } catch (const Failure&) {  // how far it got is the answer
    }
    if (!look.connection().tls()) return "";
    if (facts.condition == "greet.timeout") facts.condition = "greet.timeout_465";
    return full_stop(reader_.language) +
           words("report.port_is_tls", {{"port", std::to_string(route_.endpoint.port)}});
}

/// The greeting and the capabilities all the same, marked as what they are: anybody's.
void ConnectionCheck::look_unproven() {
    const std::string address = route_.proxy ? "" : sign_in_.connection().attempt().address;
    const bool greeted = route_.protection == smtp::Protection::starttls;
    begun_ms_ = patience_.now_ms();
    delivery::UnprovenLook look(route_, address, route_.protection, route_.timeouts.command);
    try {
        look.open(patience_);
    } catch (const Failure&) {  // the first refusal stands; what was heard before this one is still shown
    }
    const auto add = [&](Stage stage, const std::string& text) {
        if (text.empty()) return;
        report_.add(row(stage, RowVerdict::warning, words("report.unproven") + " " + text));
    };
    if (!look.connection().tls()) return;
    if (!greeted) add(Stage::greeting, look.connection().signs().greeting);
    if (look.connection().stage() == Stage::quit || look.connection().stage() == Stage::mail) {
        add(Stage::ehlo, capabilities_text(look.connection().capabilities()));
    }
}

}  // namespace mailsend
