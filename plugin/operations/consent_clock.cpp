#include "operations/consent_clock.hpp"

#include <algorithm>
#include <chrono>

#include "net/certificate.hpp"
#include "operations/account_identity.hpp"

namespace mailsend {
namespace {

constexpr std::int64_t day = 86'400;
/// A client in Testing mode: consent lapses after a week, whatever is done with it.
constexpr std::int64_t google_testing_life = 7 * day;
/// A refresh token that nobody uses: six months at Google, ninety days at Microsoft.
constexpr std::int64_t google_unused_life = 182 * day;
constexpr std::int64_t microsoft_unused_life = 90 * day;
constexpr std::int64_t notice = 30 * day;

std::string date_of(std::int64_t unix_s) {
    return net::utc_text(static_cast<std::time_t>(unix_s)).substr(0, 10);
}

bool needs_person(const OAuthAuth& auth) {
    return auth.grant == "authorization-code" || auth.grant == "device-code";
}

const char* sign_in_pointer(const OAuthAuth& auth) {
    return needs_person(auth) ? "/auth/tokens" : "/auth/grant";
}

/// What renews the consent, as an order in the middle of a sentence.
Words sign_in_again(const OAuthAuth& auth) {
    if (needs_person(auth)) return {"sign in again", "もう一度サインインしてください"};
    return {"obtain a new refresh token and store it",
            "新しいリフレッシュトークンを取得して保存してください"};
}

void judge_testing(const ConsentSeen& seen, ProblemList& problems) {
    if (seen.auth.publishing != "testing") return;
    const std::int64_t issued = seen.record->issued_at;
    const std::int64_t ends = issued + google_testing_life;
    const Words again = sign_in_again(seen.auth);
    if (issued == 0) {
        problems.warn(
            "/auth/publishing",
            {"The Google client is in Testing mode: this sign-in ends seven days after its consent, whose "
             "day is not known here. Publish the client (Google Auth Platform, Audience, Publish app), "
             "write \"production\", and {0}.",
             "Googleのクライアントがテストモードのため、このサインインは同意から7日で失効します"
             "(同意した日は不明です)。クライアントを公開し(Google Auth Platform →「対象」→"
             "「アプリを公開」)、\"production\"に書き換えて、{0}。"},
            {again});
    } else if (ends <= seen.now) {
        problems.warn(
            "/auth/publishing",
            {"The Google client is in Testing mode, where a sign-in lasts seven days: this one ended on "
             "{0}. Publish the client (Google Auth Platform, Audience, Publish app), write "
             "\"production\", and {1}.",
             "Googleのクライアントがテストモードのため、サインインは7日間で失効します。"
             "今回のサインインは{0}に失効しました。クライアントを公開し"
             "(Google Auth Platform →「対象」→「アプリを公開」)、\"production\"に書き換えて、{1}。"},
            {date_of(ends), again});
    } else {
        problems.warn(
            "/auth/publishing",
            {"The Google client is in Testing mode: this sign-in ends on {0}, seven days after the consent. "
             "Before that day, publish the client (Google Auth Platform, Audience, Publish app), write "
             "\"production\", and {1}.",
             "Googleのクライアントがテストモードのため、このサインインは同意から7日後の{0}に失効します。"
             "それまでにクライアントを公開し(Google Auth Platform →「対象」→「アプリを公開」)、"
             "\"production\"に書き換えて、{1}。"},
            {date_of(ends), again});
    }
}

/// Not used for long, or a time that the server itself has named.
void judge_refresh_token(const ConsentSeen& seen, ProblemList& problems) {
    const oauth::TokenRecord& record = *seen.record;
    const std::int64_t ends = refresh_token_ends(seen);
    if (record.refresh_token.empty() || ends == 0 || seen.auth.publishing == "testing") return;
    const bool named = record.refresh_expires_at != 0;
    // A token that lives for hours or days would be warned about for ever: then at half of its life, which
    // began when the server named its end.
    const std::int64_t told = record.refresh_told_at != 0 ? record.refresh_told_at : record.issued_at;
    const std::int64_t life = named ? std::max<std::int64_t>(ends - told, 0) : notice * 3;
    if (ends - seen.now > std::min(notice, life / 2)) return;
    if (named) {
        problems.warn(sign_in_pointer(seen.auth),
                      {"The server lets this sign-in last until {0}. Before that day, {1}.",
                       "このサインインの有効期限は{0}です(サーバーの指定)。それまでに、{1}。"},
                      {date_of(ends), sign_in_again(seen.auth)});
    } else {
        problems.warn(
            sign_in_pointer(seen.auth),
            {"The sign-in has not been used since {1} and ends on {0} if it stays unused. A run, or this "
             "check where it can reach the server, keeps it alive.",
             "このサインインは{1}から使われていません。使わないままだと{0}に失効します。"
             "実行するか、サーバーに接続できる状態でこの確認を行えば延長されます。"},
            {date_of(ends), date_of(std::max(record.refreshed_at, record.issued_at))});
    }
}

void judge_client(const ConsentSeen& seen, ProblemList& problems) {
    std::optional<std::int64_t> ends = seen.certificate_ends;
    if (seen.auth.client_secret_expires) {
        const std::int64_t entered = std::chrono::duration_cast<std::chrono::seconds>(
                                         seen.auth.client_secret_expires->time_since_epoch())
                                         .count();
        ends = ends ? std::min(*ends, entered) : entered;
    }
    if (!ends || *ends - seen.now > notice) return;
    const Words what = seen.auth.certificate ? Words("certificate", "証明書")
                                             : Words("client secret", "クライアントシークレット");
    const char* const pointer =
        seen.auth.client_secret_expires ? "/auth/client_secret_expires" : "/auth/certificate";
    if (*ends <= seen.now) {
        problems.warn(
            pointer,
            {"The application's {1} ended on {0}: no new token can be had with it. Make a new one in the "
             "app registration, store it, and write its date here.",
             "アプリケーションの{1}は{0}に期限が切れており、新しいトークンを取得できません。"
             "アプリの登録で新しいものを作成して保存し、その期限を書いてください。"},
            {date_of(*ends), what});
    } else {
        problems.warn(
            pointer,
            {"The application's {1} ends on {0}: after that day no mail can be sent. Make a new one in the "
             "app registration, store it, and write its date here.",
             "アプリケーションの{1}は{0}に期限が切れ、それ以降は送信できません。"
             "アプリの登録で新しいものを作成して保存し、その期限を書いてください。"},
            {date_of(*ends), what});
    }
}

void judge_who(const ConsentSeen& seen, ProblemList& problems) {
    const std::string& who = seen.record->signed_in_as;
    if (who.find('@') == std::string::npos) return;  // a nickname says nothing about the mailbox
    if (same_account(who, seen.auth.username)) return;
    if (!seen.auth.sign_in_as.empty() && same_account(who, seen.auth.sign_in_as)) return;
    problems.warn(
        "/auth/username",
        {"{0} signed in, and mail is sent as {1}. Is that a shared mailbox? Then {0} needs Full Access and "
         "Send As to it; write {0} as sign_in_as. If it is none, the sign-in belongs to somebody else: for "
         "{1}, {2}.",
         "サインインしたのは{0}ですが、送信に使うのは{1}です。{1}が共有メールボックスの場合、"
         "{0}には「フルアクセス」と「メールボックス所有者として送信する」の権限が必要です。"
         "その場合は、sign_in_asに{0}を指定してください。共有メールボックスでなければ、"
         "{1}として、{2}。"},
        {who, seen.auth.username, sign_in_again(seen.auth)});
}

void judge_changes(const ConsentSeen& seen, ProblemList& problems) {
    const bool application =
        std::find(seen.changed.begin(), seen.changed.end(), "/auth/client_id") != seen.changed.end() ||
        std::find(seen.changed.begin(), seen.changed.end(), "/auth/endpoints/token") != seen.changed.end();
    if (application) {
        problems.warn(
            "/auth/client_id",
            {"The application is another one than at the last sign-in, and its tokens belong to the old "
             "one. Sign in again.",
             "前回のサインイン時とは別のアプリケーションです。保存されているトークンは以前のものなので、"
             "もう一度サインインしてください。"});
    }
    if (std::find(seen.changed.begin(), seen.changed.end(), "/auth/scopes") != seen.changed.end()) {
        problems.warn(
            "/auth/scopes",
            {"The scopes are others than at the last sign-in. Sign in again, so that they are consented to.",
             "スコープが前回のサインイン時と異なります。同意を得るため、もう一度サインインしてください。"});
    }
}

std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(word);
    return out;
}

}  // namespace

std::int64_t refresh_token_ends(const ConsentSeen& seen) {
    if (seen.record == nullptr || seen.record->refresh_token.empty()) return 0;
    const oauth::TokenRecord& record = *seen.record;
    if (record.refresh_expires_at != 0) return record.refresh_expires_at;
    if (seen.auth.publishing == "testing" && record.issued_at != 0)
        return record.issued_at + google_testing_life;
    const std::int64_t used = std::max(record.refreshed_at, record.issued_at);
    if (used == 0) return 0;
    if (seen.auth.provider == "google") return used + google_unused_life;
    if (seen.auth.provider == "microsoft") return used + microsoft_unused_life;
    return 0;
}

void judge_consent(const ConsentSeen& seen, ProblemList& problems) {
    judge_client(seen, problems);
    if (seen.record == nullptr) {
        if (needs_person(seen.auth) && !seen.unreadable) {
            problems.warn("/auth/tokens",
                          {"Nobody has signed in to this account yet: sending will fail. Sign in.",
                           "このアカウントにはまだ誰もサインインしていないため、送信できません。"
                           "サインインしてください。"});
        }
        return;
    }
    judge_testing(seen, problems);
    judge_refresh_token(seen, problems);
    judge_who(seen, problems);
    judge_changes(seen, problems);
    if (!seen.withheld.empty()) {
        problems.warn(
            "/auth/scopes",
            {"These rights were asked for and not granted: {0}. Sign in again and leave every box ticked.",
             "次の権限が許可されていません: {0}。もう一度サインインし、"
             "すべての項目にチェックを入れたままにしてください。"},
            {listed(seen.withheld)});
    }
}

}  // namespace mailsend
