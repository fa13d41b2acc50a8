#include "delivery/connection.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "delivery/ehlo_name.hpp"
#include "delivery/trouble.hpp"
#include "net/tunnel.hpp"

namespace mailsend::delivery {
namespace {

constexpr std::uint64_t last_words_ms = 1'000;

}  // namespace

Connection::Connection(const Route& route)
    : Connection(route, route.credentials ? &*route.credentials : nullptr) {}

Connection::Connection(const Route& route, const sasl::Credentials* credentials)
    : route_(route),
      wire_log_(route.log, route.hidden_addresses),
      credentials_(credentials),
      entered_ms_(route.clock.monotonic_ms()) {}

Connection::~Connection() = default;

/// Gives what is thrown inside its stage and place; from then on the stream is not spoken to again.
template <class Work>
void Connection::guarded(Work&& work) {
    try {
        work();
        enter(stage_);
    } catch (const net::TimedOut& late) {
        broken_ = true;
        enter(stage_);
        throw Failure(told(cause(timed_out(stage_, late.overall(), route_))));
    } catch (Failure& failure) {
        enter(stage_);
        throw Failure(told(with_protocol(hung_up_on(placed(cause(failure.facts()), stage_), tls()))));
    } catch (...) {
        broken_ = true;
        throw;
    }
}

/// `facts`, unless the login had been lost before: then they say only how the end of it went.
Facts Connection::cause(const Facts& facts) const {
    return session_ ? session_->hopeless().value_or(facts) : facts;
}

Facts Connection::told(Facts facts) const {
    const auto add = [&](const char* name, const std::string& words) {
        if (!words.empty()) facts.details.emplace(name, words);
    };
    if (session_) {
        add("greeting", session_->signs().greeting);
        add("server_name", session_->signs().server_name);
    }
    return located(std::move(facts), route_);
}

void Connection::enter(Stage stage) {
    const std::uint64_t now = route_.clock.monotonic_ms();
    attempt_.timing_ms[std::string(to_string(stage_))] += now - entered_ms_;
    entered_ms_ = now;
    count_sent();
    if (stage_ != stage && route_.entered) route_.entered(stage);
    stage_ = stage;
}

void Connection::count_sent() noexcept {
    if (!stream_) return;
    attempt_.bytes_sent += stream_->bytes_written() - counted_;
    counted_ = stream_->bytes_written();
}

void Connection::spent(Stage stage, std::uint64_t milliseconds) {
    attempt_.timing_ms[std::string(to_string(stage))] += milliseconds;
    entered_ms_ = route_.clock.monotonic_ms();
}

void Connection::open(const net::Patience& patience, const std::set<std::string>& avoided) {
    resume();
    guarded([&] {
        reach(route_.proxy ? *route_.proxy : route_.endpoint, avoided, patience);
        start_session();
        converse(patience);
    });
}

/// Resolves and connects; through the proxy where `next` is one, which gets the same time again to open the
/// tunnel: finding out whose addresses are silent must not cost the proxy its answer.
void Connection::reach(const net::Endpoint& next, const std::set<std::string>& avoided,
                       const net::Patience& patience) {
    const bool proxied = &next != &route_.endpoint;
    if (proxied) net::ask_egress_behind_proxy(route_.endpoint, route_.egress);
    try {
        addresses_ = net::resolve(next, patience.within(route_.timeouts.of(Stage::resolve)));
        std::stable_partition(addresses_.begin(), addresses_.end(),
                              [&](const std::string& address) { return !avoided.contains(address); });
        enter(Stage::connect);
        const net::Patience connecting = patience.within(route_.timeouts.of(Stage::connect));
        stream_ = route_.dial ? route_.dial(next, addresses_, connecting)
                              : net::connect(next, addresses_, route_.egress, connecting);
        attempt_.address = stream_->peer_address();
        wire_log_.connected(*stream_);
    } catch (const Failure& failure) {
        if (!proxied) throw;
        throw net::about_proxy(failure, next);
    }
    if (!proxied) return;
    try {
        net::open_tunnel(*stream_, next, route_.endpoint,
                         patience.within(route_.timeouts.of(Stage::connect)));
        counted_ = stream_->bytes_written();
    } catch (const Failure&) {
        broken_ = true;
        throw;
    }
}

void Connection::start_session() {
    smtp::SessionOptions options;
    options.ehlo_name = !route_.ehlo_name.empty()
                            ? route_.ehlo_name
                            : default_ehlo_name(machine_name(), stream_->local_address());
    options.protection = route_.protection;
    options.credentials = credentials_;
    options.mechanism = route_.mechanism;
    options.allow_cleartext_auth = route_.allow_cleartext_auth;
    options.pipelining = route_.pipelining;
    options.chunking = route_.chunking;
    wire_log_.follow(options);
    session_.emplace(std::move(options));
}

void Connection::ask(smtp::Transaction& transaction, const net::Patience& patience) {
    transaction.probe = true;
    session_->forgo(true, true);  // so that each question takes its time and has its place in the report
    resume();
    guarded([&] {
        enter(Stage::mail);
        session_->begin(transaction);
        converse(patience);
    });
}

void Connection::quit(const net::Patience& patience) noexcept {
    try {
        if (!stream_ || broken_ || !session_ || !session_->in_step()) return;
        guarded([&] {
            session_->quit();
            converse(patience);
            stream_->close();
        });
    } catch (...) {  // the result stands whatever becomes of QUIT
        broken_ = true;
    }
}

void Connection::leave(const net::Patience& patience) noexcept {
    try {
        if (!stream_ || broken_ || !session_ || !session_->in_step()) return drop();
        session_->quit();
        stream_->write(session_->output(), patience.within(route_.timeouts.of(Stage::quit)));
        stream_->close();
    } catch (...) {
        drop();
    }
}

void Connection::drop() noexcept {
    broken_ = true;
    stream_.reset();
}

/// Does what the session wants until it wants nothing or the body. A reply must be complete within its
/// stage's time-out, however slowly it drips.
void Connection::converse(const net::Patience& patience) {
    using Want = smtp::Session::Want;
    std::optional<net::Patience> stage_patience;
    for (Want want = session_->want(); want != Want::nothing; want = session_->want()) {
        const bool moved_on = stage_ != session_->stage() || want == Want::write;
        enter(session_->stage());
        if (moved_on || !stage_patience) stage_patience = patience.within(route_.timeouts.of(stage_));
        if (want == Want::write) {
            flush(*stage_patience);
        } else if (want == Want::tls) {
            start_tls(*stage_patience);
        } else if (!receive(*stage_patience)) {
            broken_ = true;
            session_->closed_by_peer();
        }
    }
    enter(session_->stage());
}

void Connection::flush(const net::Patience& patience) {
    try {
        stream_->write(session_->output(), patience);
        session_->written();
    } catch (const Failure&) {
        // A server that refuses and hangs up resets what we write next; its last words are still there to be
        // read.
        broken_ = true;
        session_->written();
        if (!receive(patience.within(last_words_ms))) throw;
    }
}

/// Reads once; false at the end of the stream.
bool Connection::receive(const net::Patience& patience) {
    std::array<char, 4096> bytes;
    std::size_t count = 0;
    try {
        count = stream_->read(bytes.data(), bytes.size(), patience);
    } catch (const Failure&) {
        broken_ = true;
        throw;
    }
    if (count == 0) return false;
    attempt_.bytes_received += count;
    session_->received({bytes.data(), count});
    return true;
}

void Connection::start_tls(const net::Patience& patience) {
    if (route_.protection == smtp::Protection::starttls && stream_->has_pending_input()) {
        broken_ = true;
        throw Failure(Stage::starttls, "starttls.injection",
                      "bytes in clear arrived behind the server's reply to STARTTLS");
    }
    try {
        const std::shared_ptr<const net::Trust> trust = route_.trust();
        if (trust->unproven() && credentials_ != nullptr) {
            throw std::logic_error("credentials are not taken to a server whose identity nobody proves");
        }
        stream_->start_tls(*trust, route_.endpoint.host, patience);
    } catch (const Failure&) {
        broken_ = true;
        throw;
    }
    if (const auto agreed = tls()) wire_log_.encrypted(*agreed);
    session_->tls_established();
}

ServerFacts Connection::server() const {
    ServerFacts facts;
    facts.host = route_.endpoint.host;
    if (const auto agreed = tls()) facts.tls = agreed->version;
    if (session_) facts.auth = session_->mechanism();
    return facts;
}

}  // namespace mailsend::delivery
