/// Where an account's tokens lie: the record in a secret of the host, a bare refresh token in one, or this
/// process's memory; and which of the stored and the supplied ones count.
///
/// Guarantees: what was made of a supplied token counts until another is supplied; a value that is no record
/// is refused, never overwritten by a renewal.
#pragma once

#include <mutex>
#include <optional>

#include "oauth/token_keeper.hpp"

namespace mailsend::oauth {

/// Whether both hold the same refresh token, or none.
bool same_grant(const TokenRecord& left, const TokenRecord& right);

/// Any thread. `terms` outlive it.
class StoredTokens {
  public:
    StoredTokens(const KeeperTerms& terms, const wfc::Host& host) : terms_(terms), host_(host) {}

    /// The record that counts now; nothing where there is none. Throws Failure: token.unreadable (token),
    /// host.secrets (host); what KeeperTerms::supplied throws.
    std::optional<TokenRecord> read() const;

    /// Keeps `record`, the successor of `before`. False when the host refused because what `before` was read
    /// from has been replaced or removed since. Throws Failure(host, "host.secrets").
    bool write(const TokenRecord& record, const TokenRecord& before);

    /// Forgets what was written. Throws Failure(host, "host.secrets").
    void erase();

    /// Whether other processes use the same tokens.
    bool shared() const noexcept { return !terms_.tokens.empty() || terms_.needs_refresh_token; }

  private:
    const std::string& secret() const noexcept {
        return terms_.tokens.empty() ? terms_.refresh_token : terms_.tokens;
    }
    bool bare() const noexcept { return terms_.tokens.empty() && !terms_.refresh_token.empty(); }
    /// Nothing where the host has no such secret.
    std::optional<wfc::SecretString> value() const;
    std::optional<TokenRecord> kept() const;
    std::optional<TokenRecord> kept_for(SuppliedTokens supplied) const;
    [[noreturn]] void failed(const wfc::ServiceFailed& failure) const;

    const KeeperTerms& terms_;
    wfc::Host host_;
    mutable std::mutex mutex_;
    std::optional<TokenRecord> memory_;
};

}  // namespace mailsend::oauth
