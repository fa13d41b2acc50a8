// The operation `sign-out`: the provider revokes the tokens where it can, and they are forgotten here.
#include <nlohmann/json.hpp>

#include "oauth/revocation.hpp"
#include "operations/account_view.hpp"

namespace mailsend {
namespace {

struct Revocation {
    bool done = false;
    std::string warning;  ///< in the account's language; empty when there is nothing to say
};

std::string in(Language language, const char* english, const char* japanese) {
    return language == Language::ja ? japanese : english;
}

Revocation revoke(Invocation& invocation, const AccountOAuth& account, const oauth::TokenRecord& record) {
    const Language language = invocation.language();
    const oauth::Client client = account.client();
    if (!oauth::can_revoke(client)) {
        return {
            false,
            in(language,
               "This provider has no way to revoke a token: what was signed in stays valid there until it "
               "expires. Remove the application from the account's list of connected applications.",
               "このプロバイダーにはトークンを取り消す仕組みがないため、期限が切れるまで有効なままです。"
               "アカウントの「接続済みのアプリ」の一覧から、このアプリケーションを削除してください。")};
    }
    try {
        const bool whole = !record.refresh_token.empty();
        oauth::revoke(account.web(), client, whole ? record.refresh_token : record.access_token,
                      account.now_unix_ms(), invocation.patience);
        return {true, ""};
    } catch (const Failure& failure) {
        return {false, in(language, "The tokens are forgotten here, but the provider was not told: ",
                          "この端末のトークンは消去しましたが、プロバイダー側の取り消しに失敗しました: ") +
                           failure.what()};
    }
}

}  // namespace

wfc_status sign_out(Invocation& invocation) {
    check_empty_input(invocation.call.input());
    const AccountOAuth& account = oauth_of(invocation);
    std::optional<oauth::TokenRecord> record;
    try {
        record = account.keeper().record();
    } catch (const Failure& failure) {  // what cannot be read can be forgotten
        if (failure.facts().condition != "token.unreadable") throw;
    }
    Revocation revocation;
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
