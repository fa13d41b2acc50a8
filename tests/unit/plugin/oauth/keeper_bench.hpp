/// A host in memory, a server with one grant, and keepers of its tokens.
#pragma once

#include <gtest/gtest.h>
#include <memory>

#include "grant_server.hpp"
#include "oauth/token_keeper.hpp"
#include "testhost/testhost.hpp"

namespace mailsend::oauth::test {

class KeeperBench : public ::testing::Test {
  protected:
    static constexpr const char* lease_key = "oauth.lease/a1";
    static constexpr const char* unfinished_key = "oauth.unfinished/a1";

    wfc::testhost::TestHost host;
    GrantServer server;

    wfc::Host services() const { return wfc::Host(host.table()); }
    std::int64_t now_s() const { return services().clock().unix_ms() / 1000; }

    KeeperTerms terms() {
        KeeperTerms out;
        out.account = "a1";
        out.tokens = "sign-in";
        out.renew = [this](const TokenRecord& record, const net::Patience& patience) {
            return server.renew(record, patience);
        };
        return out;
    }
    /// Another one is another process, as far as a keeper can tell.
    std::unique_ptr<TokenKeeper> keeper() { return std::make_unique<TokenKeeper>(terms(), services()); }

    net::Patience patience(std::uint64_t ms = 3'600'000, std::function<bool()> cancelled = {}) const {
        const wfc::Clock clock = services().clock();
        return {clock, std::move(cancelled), clock.monotonic_ms() + ms};
    }

    /// What a sign-in at the server gave, `left_s` before the end of its access token.
    TokenRecord signed_in(std::int64_t left_s = 3600) const {
        TokenRecord record;
        record.refresh_token = wfc::SecretString(server.refresh_token());
        record.access_token = wfc::SecretString("access-0");
        record.access_expires_at = now_s() + left_s;
        record.issued_at = record.refreshed_at = now_s() + left_s - 3600;
        return record;
    }
    void store(const TokenRecord& record) const { services().secrets().put("sign-in", written(record)); }
    TokenRecord stored() const { return read_record(services().secrets().get("sign-in")); }

    std::string token(TokenKeeper& keeper, Asking asking = Asking::unattended) const {
        return std::string(keeper.access_token(patience(), asking).reveal());
    }
    /// The facts of the failure that access_token() ends with.
    Facts failure(TokenKeeper& keeper, Asking asking = Asking::unattended) const {
        try {
            keeper.access_token(patience(), asking);
        } catch (const Failure& caught) {
            return caught.facts();
        }
        ADD_FAILURE() << "a token was handed out";
        return {};
    }
    std::string condition(TokenKeeper& keeper, Asking asking = Asking::unattended) const {
        return failure(keeper, asking).condition;
    }
    bool logged(const std::string& event) const {
        for (const auto& seen : host.events()) {
            if (seen.id == event) return true;
        }
        return false;
    }
    static Failure unavailable() {
        return Failure(Stage::token, "token.unavailable", "the server is busy").with("http_status", "503");
    }
};

}  // namespace mailsend::oauth::test
