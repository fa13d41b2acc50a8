/// Keeps an account signed in: the access token that is good now, refreshed in time, whoever asks.
///
/// Guarantees: refreshed five minutes before its end (a shorter-lived one: after four fifths of its life);
/// one refresh at a time across threads and, through wfc.state/1, across processes, whose others wait and
/// take the result; the stored record is read again once it is this one's turn; a rotated refresh token is
/// durable before the new access token is used; the old one is kept when none is returned; nothing is deleted
/// because of a network error, 5xx or 429; a refresh token that the server declared dead is not offered again
/// for a day unless a person asks. Does not know HTTP: `Renewal` does the asking.
///
/// A renewal that was begun is not dropped at once when its caller gives up: for half a second after cancel
/// or deadline its answer is still awaited, and stored.
///
/// What it cannot do: a process that is killed between the server's answer and the end of our write, or an
/// answer that comes later than that, loses a token that the server has rotated. The next use says so, if
/// the server then refuses the one before (token.lost).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/patience.hpp"
#include "oauth/token_endpoint.hpp"
#include "oauth/token_record.hpp"
#include "wfc/host.hpp"

namespace mailsend::oauth {

/// A token that was given with the settings.
struct SuppliedTokens {
    wfc::SecretString refresh_token;
    wfc::SecretString access_token;
    std::int64_t access_expires_at = 0;  ///< 0: unknown, used until the server refuses it
};

struct KeeperTerms {
    /// Tells accounts apart in the state store; the same for every process that uses the same tokens. No
    /// secret.
    std::string account;
    /// Secret of the host in which the record is kept; empty: memory only.
    std::string tokens;
    /// Secret that holds a bare refresh token, into which a rotated one is written where `tokens` is empty;
    /// or empty.
    std::string refresh_token;
    /// The tokens of the settings as they are now; nothing for grants that have none. May throw.
    std::function<std::optional<SuppliedTokens>()> supplied;
    /// Asks the token endpoint for the successor of a record (for grants without a refresh token, whose
    /// record is empty: for a first one). Null where there is no way: the grant access-token. Throws as
    /// ask_token.
    std::function<TokenAnswer(const TokenRecord&, const net::Patience&)> renew;
    bool needs_refresh_token = true;  ///< false: client credentials, service account
    /// Pointer of the settings for "nobody has signed in yet".
    std::string pointer = "/auth/tokens";
};

enum class Asking {
    unattended,  ///< believes that a dead token is dead
    person,      ///< tries a dead one once more: the cause may be cured
};

/// Shared by the threads of one account; any thread.
class TokenKeeper {
  public:
    TokenKeeper(KeeperTerms terms, const wfc::Host& host);
    ~TokenKeeper();
    TokenKeeper(const TokenKeeper&) = delete;
    TokenKeeper& operator=(const TokenKeeper&) = delete;

    /// A token that is good for the next minutes. Throws Failure at Stage::token: token.sign_in_needed
    /// (nobody signed in, or the record went), token.dead (with the server's refusal as `cause`), token.lost,
    /// token.unreadable, token.expired (a supplied access token that cannot be refreshed), token.busy
    /// (another process refreshes for too long), what `renew` throws, host.secrets and host.state; Cancelled;
    /// TimedOut.
    wfc::SecretString access_token(const net::Patience& patience, Asking asking = Asking::unattended);

    /// After the mail server refused `refused`: the token that another thread or process has put in its place
    /// meanwhile, or a new one. Nothing where there is no way to get another. Throws as access_token.
    std::optional<wfc::SecretString> replaced(const wfc::SecretString& refused, const net::Patience& patience,
                                              Asking asking = Asking::unattended);

    /// The record as it is stored, or in memory; nothing where nobody has signed in. Asks no server.
    std::optional<TokenRecord> record() const;
    /// Why the next access_token() would fail without asking, as far as is known: token.dead or token.lost,
    /// with the refusal that made the refresh token dead as `cause`.
    std::optional<Facts> known_dead() const;

    /// Stores the result of a sign-in. Throws Failure(host, "host.secrets").
    void keep(TokenRecord record);
    /// Forgets what was stored.
    void forget();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The record that follows `before` when the server has answered.
TokenRecord succeeded(const TokenRecord& before, TokenAnswer answer, std::int64_t now_unix_s);

}  // namespace mailsend::oauth
