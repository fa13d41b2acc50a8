/// When an account last sent a message that a server took: kept in the host's state service.
///
/// Guarantees: never throws and never delays a result by more than one write a minute; without the service
/// nothing is remembered.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "wfc/host.hpp"

namespace mailsend {

/// Any thread.
class LastGoodSend {
  public:
    /// `account`: as AccountOAuth::key.
    LastGoodSend(std::string account, const wfc::Host& host);

    void happened() noexcept;
    /// Seconds since 1970; 0: never, or unknown.
    std::int64_t when() const noexcept;

  private:
    std::string key_;
    wfc::Host host_;
    std::atomic<std::int64_t> written_{0};
};

}  // namespace mailsend
