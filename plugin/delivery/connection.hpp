/// A connection to a submission server: the I/O around smtp::Session.
///
/// Guarantees: every wait honours cancel, the call's deadline and the stage's time-out; the body is pulled
/// while it is sent, in constant memory; a reply that came before a reset is kept. Does not decide what a
/// refusal means for the message (smtp_transport does).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delivery/route.hpp"
#include "delivery/wire_log.hpp"
#include "message/message.hpp"
#include "net/stream.hpp"
#include "outcome/result.hpp"
#include "smtp/session.hpp"

namespace mailsend::delivery {

/// One thread at a time. Destroying it closes the connection at once, without QUIT.
class Connection {
  public:
    /// Signs in with the route's credentials.
    explicit Connection(const Route& route);
    /// Signs in with others (null: not at all). Both are borrowed until it ends.
    Connection(const Route& route, const sasl::Credentials* credentials);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Resolves, connects, encrypts and signs in. Throws Failure, Cancelled.
    void open(const net::Patience& patience);

    /// Runs one transaction; `transaction` holds what was said and answered, also when this throws Failure,
    /// Cancelled or SourceBroken.
    void send(smtp::Transaction& transaction, Message& message, const net::Patience& patience);

    /// Asks whether the server takes the sender and the recipients; then RSET, so that nothing is sent.
    /// `transaction` and throws as send.
    void ask(smtp::Transaction& transaction, const net::Patience& patience);

    /// Says QUIT where the dialogue is in step, and closes. Waits at most a second for the reply. Never
    /// throws.
    void quit(const net::Patience& patience) noexcept;

    /// Addresses the name stood for; the proxy's where there is one.
    const std::vector<std::string>& addresses() const noexcept { return addresses_; }
    /// Counts time to `stage` that went by outside of this connection, on its behalf.
    void spent(Stage stage, std::uint64_t milliseconds);
    /// Where the time went, by stage, and the address reached.
    const Attempt& attempt() const noexcept { return attempt_; }
    ServerFacts server() const;
    std::optional<net::TlsFacts> tls() const { return stream_ ? stream_->tls() : std::nullopt; }
    const smtp::Capabilities& capabilities() const noexcept { return session_->capabilities(); }
    /// What the server said of itself; empty before its greeting.
    smtp::ServerSigns signs() const { return session_ ? session_->signs() : smtp::ServerSigns{}; }
    /// Facts about this server, as Connection itself tells them: with where it is (located) and its signs.
    Facts told(Facts facts) const;
    /// Stage reached, for reports.
    Stage stage() const noexcept { return stage_; }

  private:
    template <class Work>
    void guarded(Work&& work);
    Facts cause(const Facts& facts) const;
    void reach(const net::Endpoint& next, const net::Patience& patience);
    void start_session();
    void converse(const net::Patience& patience);
    void flush(const net::Patience& patience);
    bool receive(const net::Patience& patience);
    void start_tls(const net::Patience& patience);
    void send_body(Message& message, const net::Patience& patience);
    bool write_body(std::string_view bytes, const net::Patience& patience);
    bool hear_early(const net::Patience& patience);
    void enter(Stage stage);

    const Route& route_;
    WireLog wire_log_;
    const sasl::Credentials* credentials_;
    std::vector<std::string> addresses_;
    std::unique_ptr<net::Stream> stream_;
    std::optional<smtp::Session> session_;
    Attempt attempt_;
    Stage stage_ = Stage::resolve;
    std::uint64_t entered_ms_;
    bool broken_ = false;
    std::optional<std::uint64_t> body_end_;  ///< bytes written when the body alone is out, once that is known
};

}  // namespace mailsend::delivery
