/// Answers of an authorization server that need no server, and the failures that they end with.
#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "net/http.hpp"
#include "oauth/exchange.hpp"

namespace test {

inline mailsend::net::HttpAnswer answer(int status, const std::string& body,
                                        std::map<std::string, std::string> headers = {}) {
    mailsend::net::HttpAnswer made;
    made.status = status;
    made.headers = std::move(headers);
    made.body.append(body);
    return made;
}

/// 2027-01-15T08:00:00Z.
inline constexpr std::int64_t now_unix_ms = 1'800'000'000'000;

inline mailsend::oauth::Asked asked(mailsend::oauth::Provider provider = mailsend::oauth::Provider::custom) {
    return {"token", "https://user@oauth2.example.test:8443/token?tenant=1", provider, now_unix_ms};
}

/// The failure that `action` ends with; fails the test when there is none.
inline mailsend::Facts facts_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const mailsend::Failure& failure) {
        return failure.facts();
    }
    ADD_FAILURE() << "nothing failed";
    return {};
}

/// The facts of an answer that was read as one of the token endpoint.
inline mailsend::Facts refusal_of(const mailsend::net::HttpAnswer& said,
                                  mailsend::oauth::Provider provider = mailsend::oauth::Provider::custom,
                                  const mailsend::oauth::Scrub& scrub = {}) {
    return facts_of([&] { (void)mailsend::oauth::read_token_answer(said, asked(provider), scrub); });
}

/// A detail of a failure, or "(none)".
inline std::string detail(const mailsend::Facts& facts, const std::string& name) {
    const auto found = facts.details.find(name);
    return found == facts.details.end() ? "(none)" : found->second;
}

}  // namespace test
