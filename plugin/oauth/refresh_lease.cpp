#include "oauth/refresh_lease.hpp"

#include <unistd.h>
#include <utility>

namespace mailsend::oauth {

std::optional<RefreshLease> RefreshLease::take(const wfc::Host& host, const std::string& account) {
    std::string key = "oauth.lease/" + account;
    // For a person who looks into the store: nothing reads it.
    const std::string holder = R"({"owner":"process )" + std::to_string(::getpid()) + R"(","since":)" +
                               std::to_string(host.clock().unix_ms() / 1000) + "}";
    try {
        const auto version = host.state().put(key, holder, 0, lease_ms);
        if (!version) return std::nullopt;
        return RefreshLease(host.state(), std::move(key), *version);
    } catch (const wfc::ServiceFailed& failure) {
        if (failure.status() != WFC_UNSUPPORTED) throw;
        return needless(host);
    }
}

RefreshLease::RefreshLease(RefreshLease&& other) noexcept
    : state_(other.state_), key_(std::move(other.key_)), version_(std::exchange(other.version_, 0)) {}

RefreshLease& RefreshLease::operator=(RefreshLease&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(key_, other.key_);
    std::swap(version_, other.version_);
    return *this;
}

RefreshLease::~RefreshLease() {
    if (version_ == 0) return;
    try {
        state_.erase(key_, version_);
    } catch (...) {  // it ends by itself
    }
}

}  // namespace mailsend::oauth
