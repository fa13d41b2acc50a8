#include "net/tls_session_store.hpp"

#include <algorithm>
#include <utility>

namespace mailsend::net {
namespace {

constexpr std::uint64_t pause_ms = 60'000;

}  // namespace

TlsSessionStore::Server& TlsSessionStore::server(const std::string& name) {
    const auto found = servers_.find(name);
    if (found == servers_.end() && servers_.size() >= most_servers) {
        servers_.erase(std::min_element(servers_.begin(), servers_.end(), [](const auto& a, const auto& b) {
            return a.second.asked < b.second.asked;
        }));
    }
    Server& server = found == servers_.end() ? servers_[name] : found->second;
    server.asked = ++questions_;
    return server;
}

void TlsSessionStore::keep(const std::string& name, KeptTlsSession session) {
    const std::lock_guard lock(mutex_);
    auto& sessions = server(name).sessions;
    if (sessions.size() == most_sessions) sessions.pop_front();
    sessions.push_back(std::move(session));
}

std::optional<KeptTlsSession> TlsSessionStore::take(const std::string& name, std::time_t now,
                                                    std::uint64_t monotonic_ms) {
    const std::lock_guard lock(mutex_);
    const auto found = servers_.find(name);
    if (found == servers_.end() || monotonic_ms < found->second.not_before_ms) return std::nullopt;
    found->second.asked = ++questions_;
    auto& sessions = found->second.sessions;
    std::erase_if(sessions, [&](const KeptTlsSession& one) { return one.proof.ends <= now; });
    if (sessions.empty()) return std::nullopt;
    KeptTlsSession& newest = sessions.back();
    if (SSL_SESSION_get_protocol_version(newest.session.get()) < TLS1_3_VERSION) {
        // The server issues no other while this one is good. A copy, since several connections may take it.
        KeptTlsSession copy{std::unique_ptr<SSL_SESSION, FreeSession>(SSL_SESSION_dup(newest.session.get())),
                            newest.proof};
        if (copy.session == nullptr) return std::nullopt;
        return copy;
    }
    KeptTlsSession taken = std::move(newest);
    sessions.pop_back();
    return taken;
}

void TlsSessionStore::failed(const std::string& name, std::uint64_t monotonic_ms) {
    const std::lock_guard lock(mutex_);
    Server& refused = server(name);
    refused.sessions.clear();
    refused.not_before_ms = monotonic_ms + pause_ms;
}

}  // namespace mailsend::net
