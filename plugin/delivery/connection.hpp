/// A connection to a submission server: the I/O around smtp::Session.
///
/// Guarantees: every wait honours cancel, the call's deadline and the stage's time-out; a reply that came
/// before a reset is kept. Signs in, asks and takes leave; messages go through Line.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delivery/route.hpp"
#include "delivery/wire_log.hpp"
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

    /// Resolves, connects (to an address of `avoided` after all others), encrypts and signs in. Throws
    /// Failure, Cancelled.
    void open(const net::Patience& patience, const std::set<std::string>& avoided = {});

    /// Asks whether the server takes the sender and the recipients, one by one; then RSET, so that nothing is
    /// sent. `transaction` holds what was said and answered, also when this throws Failure, Cancelled.
    void ask(smtp::Transaction& transaction, const net::Patience& patience);

    /// Says QUIT where the dialogue is in step, and closes. Waits at most a second for the reply. Never
    /// throws.
    void quit(const net::Patience& patience) noexcept;

    /// The same without waiting for the reply.
    void leave(const net::Patience& patience) noexcept;

    /// Closes at once, without QUIT.
    void drop() noexcept;

    /// Signed in: from then on whoever speaks through these two does all the I/O.
    smtp::Session& session() noexcept { return *session_; }
    net::Stream& stream() noexcept { return *stream_; }

    /// Addresses the name stood for; the proxy's where there is one.
    const std::vector<std::string>& addresses() const noexcept { return addresses_; }
    /// Counts time to `stage` that went by outside of this connection, on its behalf.
    void spent(Stage stage, std::uint64_t milliseconds);
    /// Where the time went, by stage, the bytes, and the address reached.
    const Attempt& attempt() const noexcept { return attempt_; }
    /// Another transaction may begin.
    bool ready() const noexcept { return stream_ && !broken_ && session_ && session_->may_begin(); }
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
    void reach(const net::Endpoint& next, const std::set<std::string>& avoided,
               const net::Patience& patience);
    void start_session();
    void converse(const net::Patience& patience);
    void flush(const net::Patience& patience);
    bool receive(const net::Patience& patience);
    void start_tls(const net::Patience& patience);
    void enter(Stage stage);
    void count_sent() noexcept;
    void resume() { entered_ms_ = route_.clock.monotonic_ms(); }

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
    std::uint64_t counted_ = 0;  ///< bytes of the stream that stand in an attempt, or were for the proxy
};

}  // namespace mailsend::delivery
