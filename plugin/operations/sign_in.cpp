// The operation `sign-in`: a person consents, and the tokens are kept.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/jwt.hpp"
#include "operations/account_view.hpp"
#include "operations/oauth_presets.hpp"
#include "operations/prompt_dialogue.hpp"

namespace mailsend {
namespace {

/// People look for their password; the account's own deadline is about sending.
constexpr std::uint64_t longest_sign_in_ms = 15 * 60'000;

std::string claim_in(const std::string& claims, std::initializer_list<const char*> names) {
    const nlohmann::json json = nlohmann::json::parse(claims, nullptr, false);
    if (!json.is_object()) return {};
    for (const char* name : names) {
        const auto found = json.find(name);
        if (found != json.end() && found->is_string() &&
            found->get_ref<const std::string&>().find('@') != std::string::npos)
            return found->get<std::string>();
    }
    return {};
}

/// Who consented: as the server says beside the tokens, else as Microsoft's access tokens say inside.
std::string account_of(const oauth::TokenAnswer& answer) {
    std::string who = claim_in(answer.id_claims, {"email", "preferred_username", "upn", "unique_name"});
    if (who.empty()) {
        if (const auto claims = crypto::jwt_claims(answer.access_token.reveal()))
            who = claim_in(*claims, {"upn", "unique_name", "preferred_username", "email"});
    }
    return who;
}

/// What was stored can be refreshed by the application that asks now.
bool usable(const AccountOAuth& account, const std::optional<oauth::TokenRecord>& stored) {
    if (!stored || stored->refresh_token.empty() || account.keeper().known_dead()) return false;
    return account.changed_since(*stored).empty();
}

class SignIn {
  public:
    SignIn(Invocation& invocation, const AccountOAuth& account)
        : invocation_(invocation), account_(account), until_ms_(deadline()), patience_(patience()) {}

    /// By the grant's own way; the record is not stored yet.
    oauth::TokenRecord record() {
        std::optional<oauth::TokenRecord> stored = stored_before();
        const bool keeps = usable(account_, stored);
        oauth::TokenAnswer answer = account_.auth().grant == "device-code" ? by_device() : by_browser(!keeps);
        check_scopes(answer);
        const std::int64_t now = account_.now_unix_ms() / 1000;
        const std::string who = account_of(answer);
        oauth::TokenRecord fresh = oauth::succeeded({}, std::move(answer), now);
        fresh.issued_at = now;
        fresh.signed_in_as = who;
        if (fresh.scopes.empty()) fresh.scopes = account_.scopes();
        fresh.basis = account_.basis();
        if (fresh.refresh_token.empty()) take_over(fresh, keeps ? &*stored : nullptr);
        return fresh;
    }

  private:
    std::uint64_t deadline() const {
        const std::uint64_t own = invocation_.host.clock().monotonic_ms() + longest_sign_in_ms;
        const std::uint64_t given = invocation_.call.deadline_ms();
        return given == 0 ? own : std::min(own, given);
    }
    net::Patience patience() const {
        return {invocation_.host.clock(), [&call = invocation_.call] { return call.cancelled(); }, until_ms_};
    }

    /// What cannot be read is replaced by this very sign-in.
    std::optional<oauth::TokenRecord> stored_before() const {
        try {
            return account_.keeper().record();
        } catch (const Failure& failure) {
            if (failure.facts().condition != "token.unreadable") throw;
            return std::nullopt;
        }
    }

    oauth::TokenAnswer by_browser(bool ask_consent) {
        const OAuthAuth& auth = account_.auth();
        const oauth::Client client = account_.client();
        const oauth::Authorization authorization(
            client, {.redirect_uri = auth.redirect_uri,
                     .scopes = account_.scopes(),
                     .login_hint = auth.sign_in_as.empty() ? auth.username : auth.sign_in_as,
                     .ask_consent = ask_consent});
        const std::uint64_t now_ms = invocation_.host.clock().monotonic_ms();
        const auto left_s = static_cast<std::int64_t>((until_ms_ - std::min(now_ms, until_ms_)) / 1000);
        const oauth::RedirectParameters came = ask_redirect(invocation_, authorization, auth, left_s);
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

    /// Google gives a refresh token with a consent only: without one the stored token stays good, if it is
    /// the same person's.
    void take_over(oauth::TokenRecord& fresh, const oauth::TokenRecord* stored) const {
        if (stored != nullptr && stored->signed_in_as == fresh.signed_in_as) {
            fresh.refresh_token = stored->refresh_token.copy();
            fresh.issued_at = stored->issued_at;
            fresh.refresh_expires_at = stored->refresh_expires_at;
            return;
        }
        throw Failure(Stage::token, "token.no_refresh_token",
                      "the server gave no refresh token, without which nobody stays signed in");
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
            tell_failed(invocation, late.facts());
            throw late;
        }
    }
    hand_over_account(invocation, account_object(account, look_at(account), invocation.language()));
    return WFC_OK;
}

}  // namespace mailsend
