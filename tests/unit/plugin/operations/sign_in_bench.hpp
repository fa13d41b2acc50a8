/// An account that signs in at a scripted authorization server, and a person who answers its questions.
#pragma once

#include <gmock/gmock.h>

#include "answers.hpp"
#include "crypto/base64url.hpp"
#include "oauth/token_record.hpp"
#include "ready_call.hpp"
#include "scripted_server.hpp"

namespace test {

using nlohmann::json;

inline const std::string mail_scope = "https://mail.google.com/";

/// A JWT that nobody has signed.
inline std::string jwt(const json& claims) {
    using mailsend::crypto::base64url_encode;
    return base64url_encode(R"({"alg":"none"})") + "." + base64url_encode(claims.dump()) + ".c2ln";
}

/// A token answer of Google's for alice, changed as RFC 7396 does.
inline std::string tokens(const json& change = json::object()) {
    json body = {{"access_token", "at-1"},
                 {"token_type", "Bearer"},
                 {"expires_in", 3600},
                 {"refresh_token", "rt-1"},
                 {"scope", mail_scope + " openid"},
                 {"id_token", jwt({{"email", "alice@example.test"}})}};
    body.merge_patch(change);
    return http("200 OK", body.dump());
}

inline std::string refusal(const std::string& error, const std::string& description = "") {
    return http("400 Bad Request", json{{"error", error}, {"error_description", description}}.dump());
}

/// Change `ready.settings` and `person` first.
class SignInBench {
  public:
    explicit SignInBench(std::vector<std::string> answers, const char* operation = "sign-in")
        : ready(operation), server(std::move(answers)) {
        ready.host.real_time();
        ready.host.secret("app", "app-secret-value");
        ready.with({{"auth",
                     {{"method", "oauth2"},
                      {"provider", "google"},
                      {"grant", "authorization-code"},
                      {"username", "alice@example.test"},
                      {"password", nullptr},
                      {"client_id", "client-1"},
                      {"client_secret", {{"$secret", "app"}}},
                      {"redirect_uri", "http://127.0.0.1:48888/callback"},
                      {"tokens", {{"$secret", "sign-in"}}},
                      {"endpoints",
                       {{"authorize", server.url("/authorize")},
                        {"token", server.url("/token")},
                        {"device", server.url("/device")},
                        {"revoke", server.url("/revoke")}}}}}});
        ready.host.on_prompt([this](std::string_view question, std::string& answer) {
            const json asked = json::parse(question);
            if (asked.at("kind") != "redirect") {
                answer = "{}";
                return WFC_OK;
            }
            json parameters = {{"code", "the-code"}, {"state", asked.at("state")}};
            parameters.merge_patch(person);
            answer = json{{"parameters", std::move(parameters)}}.dump();
            return WFC_OK;
        });
    }

    SignInBench& auth(const json& change) {
        ready.with({{"auth", change}});
        return *this;
    }
    /// Of another provider's kind, with the same endpoints.
    SignInBench& custom() { return auth({{"provider", "custom"}, {"scopes", {"smtp", "offline_access"}}}); }

    wfc_status run() { return ready.run(mailsend::sign_in); }
    mailsend::Facts failure() {
        return facts_of([this] { run(); });
    }

    /// Questions of a kind, in their order.
    std::vector<json> asked(const char* kind) const {
        std::vector<json> out;
        for (const std::string& question : ready.host.questions_asked()) {
            json parsed = json::parse(question);
            if (parsed.at("kind") == kind) out.push_back(std::move(parsed));
        }
        return out;
    }
    bool asked_for_consent(std::size_t at = 0) const {
        return asked("redirect").at(at).at("url").get<std::string>().find("prompt=consent") !=
               std::string::npos;
    }

    wfc::Host services() const { return wfc::Host(ready.host.table()); }
    std::int64_t now_s() const { return services().clock().unix_ms() / 1000; }

    /// What alice's sign-in of `days` ago left behind, with an access token that is still good.
    mailsend::oauth::TokenRecord earlier(std::int64_t days = 3) const {
        mailsend::oauth::TokenRecord record;
        record.refresh_token = wfc::SecretString("rt-0");
        record.access_token = wfc::SecretString("at-0");
        record.access_expires_at = now_s() + 3000;
        record.issued_at = now_s() - days * 86'400;
        record.refreshed_at = now_s() - 600;
        record.scopes = {mail_scope};
        record.signed_in_as = "alice@example.test";
        const mailsend::Account account(mailsend::parse_settings(ready.settings.dump()), services());
        record.basis = account.oauth()->basis();
        return record;
    }
    void store(const mailsend::oauth::TokenRecord& record) const {
        services().secrets().put("sign-in", mailsend::oauth::written(record));
    }
    mailsend::oauth::TokenRecord stored() const {
        return mailsend::oauth::read_record(services().secrets().get("sign-in"));
    }
    /// A run in another process that finds `record` dead.
    void die(const mailsend::oauth::TokenRecord& record) {
        store(record);
        const mailsend::Account account(mailsend::parse_settings(ready.settings.dump()), services());
        const auto facts = facts_of([&] {
            account.oauth()->credentials({services().clock(), {}, services().clock().monotonic_ms() + 60'000},
                                         mailsend::oauth::Asking::unattended);
        });
        EXPECT_EQ(facts.condition, "token.dead");
    }
    bool nothing_stored() const { return ready.host.secret_writes().empty(); }

    ReadyCall ready;
    json person = json::object();  ///< patch of the parameters that come back

    ScriptedServer server;
};

}  // namespace test
