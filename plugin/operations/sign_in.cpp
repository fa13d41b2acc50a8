// The operation `sign-in`: a person consents, and the tokens are kept.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "operations/account_identity.hpp"
#include "operations/account_view.hpp"
#include "operations/oauth_presets.hpp"
#include "operations/prompt_dialogue.hpp"

namespace mailsend {
namespace {

/// People look for their password; the account's own deadline is about sending.
constexpr std::uint64_t longest_sign_in_ms = 15 * 60'000;

constexpr std::uint64_t longest_proof_ms = 30'000;
constexpr const char* publishing_pointer = "/auth/publishing";
constexpr const char* testing = "testing";

/// A consent that was given in Testing mode keeps its short life, also when the client is published since.
bool was_testing(const AccountOAuth& account, const oauth::TokenRecord& stored) {
    if (account.auth().provider != "google") return false;
    const auto then = stored.basis.find(publishing_pointer);
    return account.auth().publishing == testing || then == stored.basis.end() || then->second == testing;
}

/// What was stored looks as if the application that asks now could go on with it.
bool usable(const AccountOAuth& account, const oauth::TokenRecord& stored) {
    if (stored.refresh_token.empty() || stored.refresh_expires_at != 0 || was_testing(account, stored))
        return false;
    return same_account(stored.signed_in_as, account.consenting_account()) &&
           account.changed_since(stored).empty() && !account.keeper().known_dead();
}

class SignIn {
  public:
    SignIn(Invocation& invocation, const AccountOAuth& account)
        : invocation_(invocation), account_(account), until_ms_(deadline()), patience_(patience()) {}

    /// By the grant's own way; the record is not stored yet.
    oauth::TokenRecord record() {
        const bool browser = account_.auth().grant == "authorization-code";
        std::optional<oauth::TokenRecord> stored = working();
        oauth::TokenRecord fresh = recorded(browser ? by_browser(!stored) : by_device());
        if (fresh.refresh_token.empty() && stored) {
            if (same_account(stored->signed_in_as, fresh.signed_in_as)) return continued(fresh, *stored);
            // Somebody else, or nobody knows who: what is stored is not theirs.
            if (browser) fresh = recorded(by_browser(true));
        }
        if (!fresh.refresh_token.empty()) return fresh;
        throw Failure(Stage::token, "token.no_refresh_token",
                      "the server gave no refresh token, without which nobody stays signed in");
    }

  private:
    std::uint64_t deadline() const {
        const std::uint64_t own = invocation_.host.clock().monotonic_ms() + longest_sign_in_ms;
        const std::uint64_t given = invocation_.call.deadline_ms();
        return given == 0 ? own : std::min(own, given);
    }
    std::function<bool()> cancelled() const {
        return [&call = invocation_.call] { return call.cancelled(); };
    }
    net::Patience patience() const { return {invocation_.host.clock(), cancelled(), until_ms_}; }

    /// The stored sign-in, if it still works: a consent need not be asked for then. That is found out by
    /// renewing it; Microsoft gives a refresh token without a consent, so that nothing has to be found out.
    std::optional<oauth::TokenRecord> working() const try {
        const std::optional<oauth::TokenRecord> stored = account_.keeper().record();
        const bool matters = account_.auth().provider != "microsoft";
        if (!matters || !stored || !usable(account_, *stored)) return std::nullopt;
        const std::uint64_t now_ms = invocation_.host.clock().monotonic_ms();
        const net::Patience patience(invocation_.host.clock(), cancelled(),
                                     std::min(until_ms_, now_ms + longest_proof_ms));
        if (!account_.keeper().replaced(stored->access_token, patience, oauth::Asking::person))
            return std::nullopt;
        return account_.keeper().record();
    } catch (const Failure& failure) {  // it is replaced by this very sign-in, also where it cannot be read
        if (failure.facts().stage == Stage::host) throw;  // nothing could be stored either
        return std::nullopt;
    } catch (const net::TimedOut&) {
        return std::nullopt;
    }

    oauth::TokenAnswer by_browser(bool ask_consent) {
        const oauth::Client client = account_.client();
        const oauth::Authorization authorization(client, {.redirect_uri = account_.auth().redirect_uri,
                                                          .scopes = account_.scopes(),
                                                          .login_hint = account_.consenting_account(),
                                                          .ask_consent = ask_consent});
        const std::uint64_t now_ms = invocation_.host.clock().monotonic_ms();
        const auto left_s = static_cast<std::int64_t>((until_ms_ - std::min(now_ms, until_ms_)) / 1000);
        const oauth::RedirectParameters came = ask_redirect(invocation_, authorization, account_, left_s);
        invocation_.call.progress(R"({"stage":"token"})");
        return authorization.redeem(came, account_.web(), client, account_.now_unix_ms(), patience_);
    }

    oauth::TokenAnswer by_device() {
        const oauth::Client client = account_.client();
        const net::HttpTerms web = account_.web();
        const oauth::DeviceCode code =
            oauth::ask_device_code(web, client, account_.scopes(), account_.now_unix_ms(), patience_);
        show_device_code(invocation_, code);
        return oauth::await_device(web, client, code, invocation_.host.clock(), patience_);
    }

    /// People untick boxes, and administrators grant less than was asked for.
    void check_scopes(const oauth::TokenAnswer& answer) const {
        if (!answer.scopes) return;
        const oauth::Provider provider = oauth_provider(account_.auth());
        const oauth::Scopes withheld = scopes_withheld(provider, account_.scopes(), *answer.scopes);
        if (withheld.empty()) return;
        Failure failure(Stage::token, "token.scope_missing",
                        "the sign-in did not grant " + oauth::joined(withheld) + ", which sending needs");
        failure.facts().details = {{"needed_scope", oauth::joined(withheld)},
                                   {"token_scopes", oauth::joined(*answer.scopes)}};
        throw failure;
    }

    oauth::TokenRecord recorded(oauth::TokenAnswer answer) const {
        check_scopes(answer);
        const std::int64_t now = account_.now_unix_ms() / 1000;
        oauth::TokenRecord fresh = oauth::succeeded({}, std::move(answer), now);
        fresh.issued_at = now;
        if (fresh.scopes.empty()) fresh.scopes = account_.scopes();
        fresh.basis = account_.basis();
        return fresh;
    }

    /// Google gives a refresh token with a consent only: without one the stored token stays good.
    static oauth::TokenRecord continued(const oauth::TokenRecord& fresh, const oauth::TokenRecord& stored) {
        oauth::TokenRecord next = fresh.copy();
        next.refresh_token = stored.refresh_token.copy();
        next.issued_at = stored.issued_at;
        next.refresh_expires_at = stored.refresh_expires_at;
        next.refresh_told_at = stored.refresh_told_at;
        return next;
    }

    Invocation& invocation_;
    const AccountOAuth& account_;
    std::uint64_t until_ms_;
    net::Patience patience_;
};

/// Nobody has to consent: a token is fetched as a run would, to show that it works.
void prove(Invocation& invocation, const AccountOAuth& account) {
    account.credentials(invocation.patience, oauth::Asking::person);
}

}  // namespace

wfc_status sign_in(Invocation& invocation) {
    check_empty_input(invocation.call.input());
    const AccountOAuth& account = oauth_of(invocation);
    if (!account.person_signs_in()) {
        prove(invocation, account);
    } else {
        try {
            oauth::TokenRecord record = SignIn(invocation, account).record();
            const std::string who = record.signed_in_as;
            account.keeper().keep(std::move(record));
            tell_signed_in(invocation, who);
        } catch (Failure& failure) {
            account.describe(failure.facts());
            tell_failed(invocation, failure.facts());
            throw;
        } catch (const net::TimedOut&) {
            Failure late(Stage::token, "signin.no_time_left", "nobody finished the sign-in in time");
            account.describe(late.facts());
            tell_failed(invocation, late.facts());
            throw late;
        }
    }
    hand_over_account(invocation, account_object(account, look_at(account, invocation.account.reader()),
                                                 invocation.language()));
    return WFC_OK;
}

}  // namespace mailsend
