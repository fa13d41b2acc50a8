#include <algorithm>

#include "operations/account_identity.hpp"
#include "operations/microsoft_domains.hpp"
#include "operations/oauth_presets.hpp"
#include "operations/settings_rules.hpp"

namespace mailsend {
namespace {

constexpr std::string_view google_scope = "https://mail.google.com/";

bool is_googles(const Provider& provider) {
    return provider.id == "gmail" || provider.id == "gmail-relay";
}

bool is_microsofts(const Provider& provider) {
    return provider.id == "microsoft365" || provider.id == "outlook";
}

void judge_fit(const OAuthAuth& auth, const Provider& server, ProblemList& problems) {
    if (std::find(server.auth.begin(), server.auth.end(), "oauth2") == server.auth.end()) {
        problems.error("/auth/method",
                       {"{0} does not take OAuth2 over SMTP. Write the method \"password\".",
                        "{0}のSMTPではOAuth2を使えません。\"method\"を\"password\"にしてください。"},
                       {server.name});
        return;
    }
    const bool fits = auth.provider == "google"      ? is_googles(server)
                      : auth.provider == "microsoft" ? is_microsofts(server)
                                                     : true;
    if (!fits) {
        problems.error(
            "/auth/provider",
            {"The server is {0}'s, and a token of \"{1}\" means nothing to it. Choose the provider whose "
             "server it is, or \"custom\" with its endpoints.",
             "サーバーは{0}のもので、\"{1}\"のトークンは通用しません。"
             "サーバーに合ったプロバイダーを選ぶか、\"custom\"にしてエンドポイントを指定してください。"},
            {server.name, auth.provider});
    }
}

/// What Microsoft's portal takes as a redirect URI.
void judge_redirect(const OAuthAuth& auth, ProblemList& problems) {
    if (auth.provider != "microsoft" || auth.redirect_uri.empty()) return;
    if (auth.redirect_uri.starts_with("http://[")) {
        problems.error(
            "/auth/redirect_uri",
            {"Microsoft takes no redirect URI with an IPv6 address. Write http://localhost with the port, "
             "and register the same.",
             "MicrosoftではIPv6アドレスのリダイレクトURIは使えません。"
             "http://localhostにポートを付けた形にし、同じものを登録してください。"});
    } else if (auth.redirect_uri.starts_with("http://127.")) {
        problems.warn(
            "/auth/redirect_uri",
            {"Microsoft's portal takes no redirect URI with 127.0.0.1, only its manifest editor does. Write "
             "http://localhost with the port, and register the same.",
             "Microsoftのポータルでは127.0.0.1のリダイレクトURIを登録できません"
             "(マニフェストの編集でのみ可能)。http://localhostにポートを付けた形にし、"
             "同じものを登録してください。"});
    }
}

void judge_scopes(const OAuthAuth& auth, ProblemList& problems) {
    if (auth.scopes.empty() || auth.grant == "access-token") return;
    const auto any = [&](const auto& test) {
        return std::any_of(auth.scopes.begin(), auth.scopes.end(), test);
    };
    const auto of_graph = [](const std::string& scope) {
        return scope.starts_with("https://graph.microsoft.com/") || scope == "Mail.Send";
    };
    if (auth.provider == "microsoft" && any(of_graph)) {
        problems.error(
            "/auth/scopes",
            {"Scopes of Microsoft Graph give a token that the mail server refuses; SMTP needs "
             "https://outlook.office.com/SMTP.Send. Leave the scopes out: that one is asked for then.",
             "Microsoft Graphのスコープで得たトークンはメールサーバーに拒否されます。"
             "SMTPにはhttps://outlook.office.com/SMTP.Sendが必要です。"
             "スコープの指定を省けば、それが要求されます。"});
    }
    if (auth.provider == "google" && !any([](const std::string& scope) { return scope == google_scope; })) {
        problems.error(
            "/auth/scopes",
            {"Google's mail server takes only tokens with the scope {0}. Add it, or leave the scopes out.",
             "Googleのメールサーバーで使えるのは、スコープ{0}のトークンだけです。"
             "追加するか、スコープの指定を省いてください。"},
            {std::string(google_scope)});
    }
}

void judge_tenant(const OAuthAuth& auth, ProblemList& problems) {
    if (auth.provider != "microsoft") return;
    const auto address = address_in(auth.username);
    if (!address || consumer_domain(address->domain) != ConsumerDomain::yes) return;
    if (auth.grant == "client-credentials") {
        problems.error(
            "/auth/grant",
            {"{0} is a mailbox of Outlook.com, which no application may use without its owner. Choose "
             "\"authorization-code\".",
             "{0}はOutlook.comのメールボックスで、所有者なしでアプリケーションから使うことは"
             "できません。\"authorization-code\"を選んでください。"},
            {auth.username});
    } else if (!auth.tenant.empty() && auth.tenant != "common" && auth.tenant != "consumers") {
        problems.warn(
            "/auth/tenant",
            {"{0} is a mailbox of Outlook.com, which belongs to no organisation. Write \"consumers\" or "
             "\"common\".",
             "{0}はOutlook.comのメールボックスで、組織には属していません。"
             "\"consumers\"か\"common\"にしてください。"},
            {auth.username});
    }
}

}  // namespace

void judge_oauth(const Examined& examined, ProblemList& problems) {
    const OAuthAuth& auth = *examined.settings.oauth;
    if (examined.provider != nullptr) judge_fit(auth, *examined.provider, problems);
    judge_redirect(auth, problems);
    judge_scopes(auth, problems);
    judge_tenant(auth, problems);
    if (auth.grant == "device-code" && auth.provider == "microsoft") {
        problems.warn(
            "/auth/grant",
            {"Microsoft advises organisations to block sign-in with a device code; many do. Where a browser "
             "is at hand, \"authorization-code\" is the surer way.",
             "Microsoftはデバイスコードでのサインインを禁止するよう組織に勧めており、"
             "多くの組織で禁止されています。ブラウザーを使えるなら、"
             "\"authorization-code\"のほうが確実です。"});
    }
}

}  // namespace mailsend
