#include "operations/account_view.hpp"

#include <nlohmann/json.hpp>

#include "crypto/jwt.hpp"
#include "diagnosis/diagnosis.hpp"
#include "net/certificate.hpp"
#include "operations/consent_clock.hpp"
#include "operations/oauth_presets.hpp"
#include "operations/sending.hpp"
#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::ordered_json;

std::optional<std::int64_t> certificate_end(const AccountOAuth& account) {
    if (!account.auth().certificate) return std::nullopt;
    try {
        const oauth::Client client = account.client();
        return crypto::read_assertion_certificate(client.certificate->reveal()).not_after_unix;
    } catch (const std::exception&) {  // what is wrong with it is said where it is used
        return std::nullopt;
    }
}

void add_time(ordered_json& object, const char* member, std::int64_t unix_s) {
    if (unix_s > 0) object[member] = net::utc_text(static_cast<std::time_t>(unix_s));
}

}  // namespace

ConsentSeen consent_of(const AccountOAuth& account, const AccountSeen& seen) {
    ConsentSeen out{.auth = account.auth(),
                    .now = account.now_unix_ms() / 1000,
                    .certificate_ends = {},
                    .changed = {},
                    .withheld = {}};
    out.certificate_ends = certificate_end(account);
    out.unreadable = !seen.record && seen.trouble;
    if (!seen.record) return out;
    out.record = &*seen.record;
    out.changed = account.changed_since(*seen.record);
    const bool asked_person = account.person_signs_in();
    if (asked_person && !seen.record->scopes.empty())
        out.withheld = scopes_withheld(oauth_provider(account.auth()), account.scopes(), seen.record->scopes);
    return out;
}

AccountSeen look_at(const AccountOAuth& account, const Reader& reader) {
    AccountSeen seen;
    std::optional<Facts> trouble;
    try {
        seen.record = account.keeper().record();
        if (seen.record) trouble = account.keeper().known_dead();
    } catch (const Failure& failure) {
        if (failure.facts().condition != "token.unreadable") throw;
        trouble = failure.facts();
    }
    if (trouble) {
        account.describe(*trouble);
        seen.trouble = explained(std::move(*trouble), reader);
    }
    return seen;
}

std::string told(const Error& trouble, Language language) {
    const Error* said = &trouble;
    while (said->facts.condition == "token.dead" && said->cause) said = said->cause.get();
    const Explanation& words = said->diagnosis.explanation;
    const bool japanese = language == Language::ja;
    std::string text = words.title + (japanese ? "。" : ". ") + words.cause;
    for (const std::string& step : words.steps) text.append(japanese ? "" : " ").append(step);
    return text;
}

std::vector<std::string> account_warnings(const AccountOAuth& account, const AccountSeen& seen,
                                          Language language) {
    ProblemList problems(language);
    judge_consent(consent_of(account, seen), problems);
    std::vector<std::string> out;
    if (seen.trouble) out.push_back(told(*seen.trouble, language));
    for (SettingsProblem& problem : problems.take()) out.push_back(std::move(problem.message));
    return out;
}

ordered_json account_object(const AccountOAuth& account, const AccountSeen& seen, Language language) {
    const OAuthAuth& auth = account.auth();
    const bool has_record = seen.record.has_value();
    const bool signed_in = !seen.trouble && (has_record || !account.person_signs_in());
    ordered_json out{{"signed_in", signed_in},
                     {"provider", auth.provider},
                     {"grant", auth.grant},
                     {"username", auth.username}};
    if (has_record) {
        const oauth::TokenRecord& record = *seen.record;
        if (!record.signed_in_as.empty()) out["signed_in_as"] = record.signed_in_as;
        out["scopes"] = record.scopes.empty() ? account.scopes() : record.scopes;
        add_time(out, "issued_at", record.issued_at);
        add_time(out, "refreshed_at", record.refreshed_at);
        add_time(out, "access_expires_at", record.access_expires_at);
        add_time(out, "refresh_expires_at", refresh_token_ends(consent_of(account, seen)));
    }
    add_time(out, "last_good_send", account.last_good_send().when());
    out["changed_since"] = has_record ? account.changed_since(*seen.record) : std::vector<std::string>{};
    out["warnings"] = account_warnings(account, seen, language);
    if (seen.trouble) out["error"] = to_json(*seen.trouble);
    return out;
}

const AccountOAuth& oauth_of(const Invocation& invocation) {
    const AccountOAuth* const oauth = invocation.account.oauth();
    if (oauth == nullptr) {
        throw Failure(Stage::settings, "account.no_oauth",
                      "this account does not sign in with OAuth 2.0: there is nobody to sign in or out")
            .at("/auth/method");
    }
    return *oauth;
}

void check_empty_input(std::string_view input) {
    const nlohmann::json json = wfc::parse_json(input, WFC_INVALID_INPUT, "input");
    wfc::Fields fields(json, "", WFC_INVALID_INPUT);
    fields.format();
    fields.done();
}

void hand_over_account(Invocation& invocation, ordered_json account) {
    ordered_json document{{"format", 1}, {"outcome", "succeeded"}};
    document["warnings"] = account["warnings"];
    document["account"] = std::move(account);
    hand_over(invocation, document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace mailsend
