#include "oauth/refresh_lease.hpp"

#include <unistd.h>
#include <utility>

namespace mailsend::oauth {

std::optional<RefreshLease> RefreshLease::take(const wfc::Host& host, const std::string& account) {
    std::string key = "oauth.lease/" + account;
    // For a person who looks into the store: nothing reads it.
    const std::string holder = R"({"owner":"process )" + std::to_string(::getpid()) + R"(","since":)" +
                               std::to_string(host.clock().unix_ms() / 1000) + "}";
    const std::uint64_t now_ms = host.clock().monotonic_ms();
    try {
        const auto version = host.state().put(key, holder, 0, lease_ms);
        if (!version) return std::nullopt;
        return RefreshLease(host.state(), std::move(key), *version, now_ms);
    } catch (const wfc::ServiceFailed& failure) {
        if (failure.status() != WFC_UNSUPPORTED) throw;
        return needless(host);
    }
}

RefreshLease::RefreshLease(RefreshLease&& other) noexcept
    : state_(other.state_),
      key_(std::move(other.key_)),
      version_(std::exchange(other.version_, 0)),
      taken_ms_(other.taken_ms_) {}

RefreshLease& RefreshLease::operator=(RefreshLease&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(key_, other.key_);
    std::swap(version_, other.version_);
    std::swap(taken_ms_, other.taken_ms_);
    return *this;
}

bool RefreshLease::held() const noexcept {
    if (version_ == 0) return true;
    try {
        const auto there = state_.get(key_);
        return there && there->version == version_;
    } catch (...) {
        return false;
    }
}

RefreshLease::~RefreshLease() {
    if (version_ == 0) return;
    try {
        state_.erase(key_, version_);
    } catch (...) {  // it ends by itself
    }
}

}  // namespace mailsend::oauth
