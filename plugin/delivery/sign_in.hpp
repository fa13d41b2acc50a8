/// Opens a connection to where mail of an account goes; once more, with another access token, where the
/// server refused the first.
///
/// Guarantees: at most two connections each time (and one more where the handshake fails on a TLS session of
/// before), and one other token for all of them; a refusal that another
/// token cannot cure is final; the refused connection takes its leave first. Nothing of this happens once
/// MAIL was said. Does not know where tokens come from: `Route::renew` does.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "delivery/connection.hpp"
#include "delivery/route.hpp"
#include "outcome/failure.hpp"
#include "outcome/result.hpp"

namespace mailsend::delivery {

/// Whether the facts are a refusal of the access token itself, so that another one may be taken. The server's
/// status in a challenge decides, whatever reply follows, else its reply: not where it is busy (4yz), wants
/// TLS, does not know the mechanism or the line. Never where signing in this way is switched off for the
/// account.
bool another_token_may_help(const Facts& facts);

/// One thread at a time. Destroying it closes the connection at once, without QUIT.
class SignIn {
  public:
    /// `route` must outlive it.
    explicit SignIn(const Route& route);

    /// As Connection::open. Where the other token cannot be had, throws the server's refusal with the failure
    /// to get one as `cause`. With an access token the detail `renewal` says what became of another one: done
    /// (it was taken), failed (it could not be had), none (it was not asked for, or there is none). May be
    /// called again, for another connection in the place of the last; a token that was renewed stays.
    void open(const net::Patience& patience, const std::set<std::string>& avoided = {});

    /// The last one opened.
    Connection& connection() noexcept { return *connection_; }
    /// The one before it, with the facts of its refusal. Of the last `open`.
    const std::optional<Attempt>& refused() const noexcept { return refused_; }
    /// Stage reached: token, while another one is asked for.
    Stage stage() const noexcept { return renewing_ ? Stage::token : connection_->stage(); }

  private:
    void open_with(const sasl::Credentials* credentials, const std::set<std::string>& avoided,
                   const net::Patience& patience);
    const sasl::Credentials* renew(const Facts& refusal, const net::Patience& patience);

    const Route& route_;
    std::unique_ptr<Connection> connection_;
    std::optional<sasl::Credentials> renewed_;
    std::optional<Attempt> refused_;
    bool renewing_ = false;
    bool opened_ = false;
};

}  // namespace mailsend::delivery
