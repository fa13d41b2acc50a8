#include "oauth/refresh_notes.hpp"

#include <nlohmann/json.hpp>

#include "oauth/refresh_lease.hpp"
#include "oauth/remembered_facts.hpp"

namespace mailsend::oauth {

namespace {

constexpr std::int64_t day_s = 24 * 3600, skew_s = 300;
constexpr auto lease_s = static_cast<std::int64_t>(lease_ms / 1000);

/// Enough to tell the tokens of one account apart, and no use for anything else.
std::string short_of(const std::string& fingerprint) {
    return fingerprint.substr(0, 16);
}

nlohmann::json parsed(const std::optional<std::string>& note) {
    return note ? nlohmann::json::parse(*note, nullptr, false) : nlohmann::json();
}

bool names(const nlohmann::json& note, const std::string& fingerprint) {
    if (!note.is_object()) return false;
    const auto token = note.find("token");
    return token != note.end() && *token == short_of(fingerprint);
}

}  // namespace

RefreshNotes::RefreshNotes(const wfc::Host& host, const std::string& account)
    : host_(host), unfinished_key_("oauth.unfinished/" + account), dead_key_("oauth.dead/" + account) {}

bool RefreshNotes::under_way(const std::string& fingerprint) const {
    const nlohmann::json note = parsed(read(unfinished_key_));
    if (!names(note, fingerprint)) return false;
    const auto since = note.find("since");
    if (since == note.end() || !since->is_number_integer()) return false;
    const auto begun = since->get<std::int64_t>();
    const std::int64_t now = now_s();
    // Clocks of two machines differ, and one that was set back must not make anybody wait for long.
    return begun > now - lease_s && begun < now + lease_s;
}

bool RefreshNotes::begin(const std::string& fingerprint) {
    const bool earlier = names(parsed(read(unfinished_key_)), fingerprint);
    write(unfinished_key_, nlohmann::json{{"token", short_of(fingerprint)}, {"since", now_s()}}.dump());
    return earlier;
}

void RefreshNotes::leave(const std::string& fingerprint) {
    write(unfinished_key_, nlohmann::json{{"token", short_of(fingerprint)}}.dump());
}

void RefreshNotes::end() {
    erase(unfinished_key_);
}

void RefreshNotes::bury(const std::string& fingerprint, const Facts& verdict) {
    write(
        dead_key_,
        nlohmann::json{{"token", short_of(fingerprint)}, {"when", now_s()}, {"verdict", remembered(verdict)}}
            .dump());
}

std::optional<Facts> RefreshNotes::buried(const std::string& fingerprint) const {
    const nlohmann::json note = parsed(read(dead_key_));
    if (!names(note, fingerprint)) return std::nullopt;
    const auto when = note.find("when"), verdict = note.find("verdict");
    if (when == note.end() || !when->is_number_integer() || verdict == note.end() || !verdict->is_string())
        return std::nullopt;
    const std::int64_t since = when->get<std::int64_t>(), now = now_s();
    // A clock that was set back must not make the day longer.
    if (since > now + skew_s || since < now - day_s) return std::nullopt;
    return recalled(verdict->get<std::string>());
}

void RefreshNotes::unbury() {
    erase(dead_key_);
}

std::optional<std::string> RefreshNotes::read(const std::string& key) const {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = memory_.find(key); found != memory_.end()) return found->second;
    }
    try {
        const auto found = host_.state().get(key);
        return found ? std::optional(found->bytes) : std::nullopt;
    } catch (const wfc::ServiceFailed&) {
        return std::nullopt;
    }
}

void RefreshNotes::write(const std::string& key, const std::string& value) {
    try {
        const wfc::State state = host_.state();
        const auto before = state.get(key);
        if (state.put(key, value, before ? before->version : 0)) {
            const std::lock_guard lock(mutex_);
            memory_.erase(key);
            return;
        }
    } catch (const wfc::ServiceFailed&) {
    }
    const std::lock_guard lock(mutex_);
    memory_.insert_or_assign(key, value);
}

void RefreshNotes::erase(const std::string& key) {
    {
        const std::lock_guard lock(mutex_);
        memory_.erase(key);
    }
    try {
        const wfc::State state = host_.state();
        if (const auto there = state.get(key)) state.erase(key, there->version);
    } catch (const wfc::ServiceFailed&) {
    }
}

}  // namespace mailsend::oauth
