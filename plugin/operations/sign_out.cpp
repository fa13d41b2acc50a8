// The operation `sign-out`: the provider revokes the tokens where it can, and they are forgotten here,
// whatever comes of that.
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"
#include "oauth/revocation.hpp"
#include "operations/account_view.hpp"
#include "outcome/masking.hpp"

namespace mailsend {
namespace {

struct Revocation {
    bool done = false;
    std::string warning;  ///< in the account's language; empty when there is nothing to say
};

std::string in(Language language, const char* english, const char* japanese) {
    return language == Language::ja ? japanese : english;
}

/// What went wrong on the way, in words; the sign-out goes on.
Revocation untold(Language language, const std::string& english, const std::string& japanese) {
    return {false,
            language == Language::ja
                ? "保存されたトークンは消去しましたが、プロバイダー側の取り消しに失敗しました: " + japanese
                : "The tokens are forgotten here, but the provider was not told: " + english};
}

Revocation untold(Language language, const MissingSecret& missing) {
    return untold(language, missing.what(), missing.pointer() + " のシークレットが保存されていません");
}

Revocation revoke(Invocation& invocation, const AccountOAuth& account, const oauth::TokenRecord& record) try {
    const Language language = invocation.language();
    oauth::Client client = account.bare_client();
    if (!oauth::can_revoke(client)) {
        return {
            false,
            in(language,
               "This provider has no way to revoke a token: what was signed in stays valid there until it "
               "expires. Remove the application from the account's list of connected applications.",
               "このプロバイダーにはトークンを取り消す仕組みがないため、期限が切れるまで有効なままです。"
               "アカウントの「接続済みのアプリ」の一覧から、このアプリケーションを削除してください。")};
    }
    // Google's wants no proof of the client: a secret that is gone is no obstacle.
    if (client.provider != oauth::Provider::google) client = account.client();
    const bool whole = !record.refresh_token.empty();
    oauth::revoke(account.web(), client, whole ? record.refresh_token : record.access_token,
                  account.now_unix_ms(), invocation.patience);
    return {true, ""};
} catch (const Failure& failure) {
    Facts facts = failure.facts();
    account.describe(facts);
    facts = masked(std::move(facts), invocation.account.reader().hidden);
    return untold(invocation.language(), facts.sentence, diagnose(facts, Language::ja).explanation.title);
} catch (const MissingSecret& missing) {
    return untold(invocation.language(), missing);
} catch (const Cancelled&) {
    return untold(invocation.language(), "it was cancelled", "途中で中止されました");
} catch (const net::TimedOut&) {
    return untold(invocation.language(), "there was no time left", "時間内に終わりませんでした");
}

}  // namespace

wfc_status sign_out(Invocation& invocation) {
    check_empty_input(invocation.call.input());
    const AccountOAuth& account = oauth_of(invocation);
    std::optional<oauth::TokenRecord> record;
    Revocation revocation;
    try {
        record = account.keeper().record();
    } catch (const MissingSecret& missing) {  // of a supplied token
        revocation = untold(invocation.language(), missing);
    } catch (const Failure& failure) {  // what cannot be read can be forgotten
        if (failure.facts().condition != "token.unreadable") throw;
    }
    if (record) revocation = revoke(invocation, account, *record);
    account.keeper().forget();
    nlohmann::ordered_json object{{"signed_in", false},
                                  {"provider", account.auth().provider},
                                  {"grant", account.auth().grant},
                                  {"username", account.auth().username},
                                  {"revoked", revocation.done}};
    nlohmann::ordered_json warnings = nlohmann::ordered_json::array();
    if (!revocation.warning.empty()) warnings.push_back(revocation.warning);
    if (account.auth().refresh_token || account.auth().access_token) {
        warnings.push_back(
            in(invocation.language(),
               "The token that was supplied with the settings is still in the host's store; remove it "
               "there.",
               "設定で指定されたトークンは、ホストのシークレットに残っています。そちらも削除してください。"));
    }
    object["warnings"] = std::move(warnings);
    hand_over_account(invocation, std::move(object));
    return WFC_OK;
}

}  // namespace mailsend
