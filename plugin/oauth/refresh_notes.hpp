/// What must be known about a refresh token beyond one renewal: that a renewal with it was begun and never
/// ended, and that the server has declared it dead.
///
/// Guarantees: tokens are named by a piece of their SHA-256; kept in wfc.state/1, and where the host has none
/// or it fails, in memory: a note that cannot be kept stops nobody.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "outcome/failure.hpp"
#include "wfc/host.hpp"

namespace mailsend::oauth {

/// Any thread.
class RefreshNotes {
  public:
    RefreshNotes(const wfc::Host& host, const std::string& account);

    /// Whether somebody may be asking the server with the token of that fingerprint right now: begun less
    /// than a lease ago, and neither ended nor left.
    bool under_way(const std::string& fingerprint) const;
    /// Before the server is asked with that token. True when an earlier renewal with it was begun and never
    /// ended.
    bool begin(const std::string& fingerprint);
    /// Nobody waits for the answer any more, and nobody knows whether the token was used up.
    void leave(const std::string& fingerprint);
    /// The renewal ended: what it gave is stored, or the token was not used up.
    void end();

    /// The server will not take the token any more; `verdict` says so.
    void bury(const std::string& fingerprint, const Facts& verdict);
    /// The verdict about that token, for a day.
    std::optional<Facts> buried(const std::string& fingerprint) const;
    void unbury();

  private:
    std::optional<std::string> read(const std::string& key) const;
    void write(const std::string& key, const std::string& value);
    void erase(const std::string& key);
    std::int64_t now_s() const noexcept { return host_.clock().unix_ms() / 1000; }

    wfc::Host host_;
    std::string unfinished_key_, dead_key_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> memory_;  // by key
};

}  // namespace mailsend::oauth
