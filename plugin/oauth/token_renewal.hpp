/// One way from what is stored to an access token that is good: take it, wait for whoever renews it, or
/// renew it and store that first.
///
/// Guarantees: those that token_keeper.hpp lists, except one renewal at a time within the process, which is
/// the caller's.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "oauth/refresh_lease.hpp"
#include "oauth/refresh_notes.hpp"
#include "oauth/stored_tokens.hpp"
#include "oauth/token_keeper.hpp"

namespace mailsend::oauth {

class TokenRenewal {
  public:
    /// `terms` outlive it.
    TokenRenewal(const KeeperTerms& terms, const wfc::Host& host);
    /// Tries once more to store what the host has not taken yet.
    ~TokenRenewal();
    TokenRenewal(const TokenRenewal&) = delete;
    TokenRenewal& operator=(const TokenRenewal&) = delete;

    /// A record with an access token to be used, other than `refused` unless that is null. One thread at a
    /// time. Throws as TokenKeeper::access_token.
    TokenRecord obtain(const net::Patience& patience, Asking asking, const wfc::SecretString* refused);

    // Any thread.
    std::optional<TokenRecord> record() const;
    std::optional<Facts> known_dead() const;
    void keep(const TokenRecord& record);
    void forget();
    /// Whether an access token may be handed out without a look at anything else.
    bool good(const TokenRecord& record) const noexcept;
    /// Changes with every keep() and forget(): what was obtained across one is not to be used.
    std::uint64_t era() const noexcept { return era_; }

  private:
    /// Gained from the server and not yet taken by the host.
    struct Unwritten {
        TokenRecord record;
        TokenRecord before;
        bool rotated = false;  ///< `before` may be worth nothing
    };
    /// After a failure that may pass: what to answer until then instead of asking again.
    struct Pause {
        std::string token;  ///< fingerprint of the refresh token
        std::uint64_t until_ms = 0, length_ms = 0;
        Facts facts{};
    };

    // How to get there.
    void write_what_waits();
    TokenRecord current() const;
    std::optional<TokenRecord> settled(const TokenRecord& record, Asking asking,
                                       const wfc::SecretString* refused) const;
    std::optional<RefreshLease> lease() const;
    bool under_way(const TokenRecord& record) const;

    // Asking the server, with the lease.
    std::optional<TokenRecord> renewed(const TokenRecord& before, const RefreshLease& turn,
                                       const net::Patience& patience, const wfc::SecretString* refused);
    TokenAnswer ask(const TokenRecord& before, const RefreshLease& turn, const net::Patience& patience) const;
    [[noreturn]] void declare_dead(const TokenRecord& before, const Facts& refusal, bool lost);
    void pause(const TokenRecord& before, const Facts& facts);
    std::optional<TokenRecord> stored(TokenRecord next, const TokenRecord& before);

    bool replaceable(const std::optional<TokenRecord>& stored, const TokenRecord& before) const;
    bool put(const TokenRecord& next, const TokenRecord& before);
    bool has_grant(const TokenRecord& record) const noexcept;
    bool renewable(const TokenRecord& record) const noexcept;
    bool still_usable(const TokenRecord& record, const wfc::SecretString* refused) const;
    void note(wfc::Level level, std::string_view event, const std::string& condition) const;
    std::int64_t now_s() const noexcept { return host_.clock().unix_ms() / 1000; }

    const KeeperTerms& terms_;
    wfc::Host host_;
    StoredTokens stored_;
    RefreshNotes notes_;
    std::atomic<std::uint64_t> era_{0};
    mutable std::mutex mutex_;  ///< what is below, and one writer at a time
    std::optional<Unwritten> unwritten_;
    std::optional<Pause> pause_;
};

}  // namespace mailsend::oauth
