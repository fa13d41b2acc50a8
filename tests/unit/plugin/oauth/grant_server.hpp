/// An authorization server in memory with one grant, for tests of those who keep tokens.
///
/// Guarantees: any thread; every request is counted. Strict: a refresh token that was replaced and comes
/// again ends the whole grant.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "oauth/token_endpoint.hpp"
#include "oauth/token_record.hpp"

namespace mailsend::oauth::test {

inline Failure refusal(const std::string& error) {
    return Failure(Stage::token, "token.refused", "the authorization server refused the token: " + error)
        .with("oauth_error", error)
        .with("endpoint", "token");
}

class GrantServer {
  public:
    bool rotates = true;
    std::int64_t lives_s = 3600;
    std::chrono::milliseconds takes{0};

    /// The next requests are answered with these first.
    void fail_next(Failure failure) {
        const std::lock_guard lock(mutex_);
        failures_.push_back(std::move(failure));
    }
    /// Called in every request, after the server has made up its mind.
    void meanwhile(std::function<void(const net::Patience&)> happens) { meanwhile_ = std::move(happens); }
    void revoke() {
        const std::lock_guard lock(mutex_);
        alive_ = false;
    }
    int requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    bool alive() const {
        const std::lock_guard lock(mutex_);
        return alive_;
    }
    /// The refresh token that is good now, and whether an access token is the newest.
    std::string refresh_token() const {
        const std::lock_guard lock(mutex_);
        return name("refresh", generation_);
    }
    std::string access_token() const {
        const std::lock_guard lock(mutex_);
        return name("access", requests_);
    }

    TokenAnswer renew(const TokenRecord& record, const net::Patience& patience) {
        TokenAnswer answer = decide(record);
        if (meanwhile_) meanwhile_(patience);
        std::this_thread::sleep_for(takes);
        return answer;
    }

  private:
    static std::string name(const char* kind, int number) {
        return std::string(kind) + "-" + std::to_string(number);
    }
    TokenAnswer decide(const TokenRecord& record) {
        const std::lock_guard lock(mutex_);
        ++requests_;
        if (!failures_.empty()) {
            Failure failure = std::move(failures_.front());
            failures_.pop_front();
            throw failure;
        }
        if (!record.refresh_token.empty() && record.refresh_token.reveal() != name("refresh", generation_))
            alive_ = false;
        if (!alive_) throw refusal("invalid_grant");
        TokenAnswer answer;
        answer.access_token = wfc::SecretString(name("access", requests_));
        answer.expires_in_s = lives_s;
        if (rotates && !record.refresh_token.empty())
            answer.refresh_token = wfc::SecretString(name("refresh", ++generation_));
        return answer;
    }

    mutable std::mutex mutex_;
    std::deque<Failure> failures_;
    std::function<void(const net::Patience&)> meanwhile_;
    int requests_ = 0, generation_ = 0;
    bool alive_ = true;
};

}  // namespace mailsend::oauth::test
