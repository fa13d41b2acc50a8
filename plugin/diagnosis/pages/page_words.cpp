#include "diagnosis/pages/page_words.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace mailsend::diagnosis::pages {
namespace {

struct Named {
    std::string_view name;
    Both words;
};

constexpr Named headings[] = {
    {"component.json", {"MailSend and the workflow engine", "MailSendとワークフローエンジン"}},
    {"network.json", {"Network: DNS, TCP, proxy, HTTP", "ネットワーク(DNS、TCP、プロキシ、HTTP)"}},
    {"tls.json", {"Encryption (TLS) and certificates", "暗号化(TLS)と証明書"}},
    {"session.json", {"The conversation with the mail server", "メールサーバーとのやり取り"}},
    {"oauth-google.json", {"Sign-in with Google (OAuth 2.0)", "Googleへのサインイン(OAuth 2.0)"}},
    {"oauth-microsoft.json",
     {"Sign-in with Microsoft (Entra ID, AADSTS numbers)", "Microsoftへのサインイン(Entra ID、AADSTS番号)"}},
    {"oauth.json", {"Sign-in and access tokens (OAuth 2.0)", "サインインとアクセストークン(OAuth 2.0)"}},
    {"gmailapi.json", {"Gmail API", "Gmail API"}},
    {"graph.json", {"Microsoft Graph", "Microsoft Graph"}},
    {"gmail.json", {"Gmail and Google Workspace (SMTP)", "GmailとGoogle Workspace(SMTP)"}},
    {"outlook.json", {"Microsoft 365 and Outlook.com (SMTP)", "Microsoft 365とOutlook.com(SMTP)"}},
    {"sendgrid.json", {"SendGrid", "SendGrid"}},
    {"aliyun.json", {"Alibaba Cloud Direct Mail", "Alibaba Cloud Direct Mail"}},
    {"ses.json", {"Amazon SES", "Amazon SES"}},
    {"yahoo.json", {"Yahoo and AOL", "YahooとAOL"}},
    {"icloud.json", {"iCloud Mail", "iCloudメール"}},
    {"zoho.json", {"Zoho Mail", "Zoho Mail"}},
    {"mailgun.json", {"Mailgun", "Mailgun"}},
    {"generic.json", {"Words that any mail server may say", "どのメールサーバーでも使われる文面"}},
    {"enhanced.json", {"Enhanced status codes", "拡張ステータスコード"}},
    {"basic.json", {"Reply codes alone", "応答コードだけでの説明"}},
};

constexpr Named details[] = {
    {"aadsts", {"AADSTS number", "AADSTS番号"}},
    {"api", {"API", "API"}},
    {"api_code", {"code in the body", "本文のコード"}},
    {"api_message", {"message in the body", "本文のメッセージ"}},
    {"challenge_status", {"status in the challenge (334)", "チャレンジ(334)のstatus"}},
    {"endpoint", {"endpoint", "エンドポイント"}},
    {"http_status", {"HTTP status", "HTTPステータス"}},
    {"mechanism", {"login mechanism", "認証方式"}},
    {"missing", {"missing setting", "未設定の項目"}},
    {"oauth_description", {"error_description", "error_description"}},
    {"oauth_error", {"error", "error"}},
    {"proof", {"login with", "認証に使うもの"}},
    {"publishing", {"auth.publishing", "auth.publishing"}},
    {"reason", {"reason", "原因"}},
    {"token_bytes", {"a token of known size", "トークンの大きさ"}},
    {"token_fault", {"fault of the token", "トークンの問題"}},
    {"token_scopes", {"scopes of the token", "トークンのスコープ"}},
    {"user", {"user name", "ユーザー名"}},
};

constexpr std::string_view introductions[] = {
    R"(<!-- Written by the build target errors_pages from manifests/errors/*.json. Do not edit. -->

What MailSend recognises, and what it says about it: %N entries. [日本語](ERRORS.ja.md)

This page is generated from the files in [errors](errors); `cmake --build build --target errors_pages` writes it anew.
`wfc explain "…"` says the same about a reply, a line of a log or an error that you paste.

* The first entry that matches counts. Words of a provider come before words that anybody may say, those before enhanced
  status codes, and those before reply codes. Where words are listed, one of them is enough; letter case and line breaks do
  not matter, and … stands for anything.
* The id is the address of the entry on this page (`ERRORS.md#id`). Ids never change.
* "permanent" does not pass by itself, "transient" does; "unknown" may or may not. "Try again? No" stands where repeating
  is useless for ever or does harm.
* Where MailSend knows more (addresses, names, times, the server's own words), its explanation says so in these places.
)",
    R"(<!-- ビルドターゲット errors_pages が manifests/errors/*.json から生成したファイルです。編集しないでください。 -->

MailSendが見分けるエラーと、その説明の一覧です(全%N項目)。[English](ERRORS.md)

このページは [errors](errors) のファイルから生成されます。`cmake --build build --target errors_pages` で作り直せます。
手元の応答、ログの行、エラーの文面は、`wfc explain "…"` に貼り付ければ同じ説明が得られます。

* 最初に当てはまった項目を使います。順序は、プロバイダー固有の文面、一般的な文面、拡張ステータスコード、応答コードです。文面は、どれか1つが含まれていれば当てはまります。大文字と小文字の違いや改行は影響しません。「…」には何が入っても構いません。
* IDはこのページでの見出しの位置です(`ERRORS.ja.md#id`)。IDが変わることはありません。
* permanentは自然には直らないもの、transientは時間がたてば直るもの、unknownはどちらともいえないものです。「自動では繰り返さないでください」は、繰り返しても無駄か、かえって悪くなるものです。
* アドレス、名前、時刻、サーバーの文面など、MailSendが把握している値は、実際の説明ではその場所に入ります。
)"};

template <std::size_t Size>
const Named* find(const Named (&table)[Size], std::string_view name) noexcept {
    for (const Named& row : table) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

/// "5 minutes"; only whole units, the largest that fits.
std::string duration(std::chrono::milliseconds time, Language language) {
    struct Unit {
        std::int64_t seconds;
        Both one, many;
    };
    constexpr std::array units{
        Unit{86400, {"day", "日"}, {"days", "日"}}, Unit{3600, {"hour", "時間"}, {"hours", "時間"}},
        Unit{60, {"minute", "分"}, {"minutes", "分"}}, Unit{1, {"second", "秒"}, {"seconds", "秒"}}};
    const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    for (const Unit& unit : units) {
        if (seconds % unit.seconds != 0 || seconds < unit.seconds) continue;
        const std::int64_t count = seconds / unit.seconds;
        return std::to_string(count) + (language == Language::ja ? "" : " ") +
               std::string((count == 1 ? unit.one : unit.many).in(language));
    }
    return std::to_string(seconds) + (language == Language::ja ? "秒" : " seconds");
}

}  // namespace

std::string introduction(Language language, std::size_t entries) {
    std::string text(introductions[language == Language::ja ? 1 : 0]);
    const std::size_t at = text.find("%N");
    return text.replace(at, 2, std::to_string(entries));
}

std::string_view heading(const std::string& file, Language language) {
    if (const Named* found = find(headings, file)) return found->words.in(language);
    throw std::runtime_error("the pages have no heading for " + file +
                             "; add one to headings in plugin/diagnosis/pages/page_words.cpp");
}

std::string_view detail_label(std::string_view name, Language language) {
    const Named* found = find(details, name);
    return found == nullptr ? name : found->words.in(language);
}

std::string trying_again(Advice advice, std::chrono::milliseconds delay, Language language) {
    const std::string time = duration(delay, language);
    const bool ja = language == Language::ja;
    switch (advice) {
        case Advice::never:
            return ja ? "自動では繰り返さないでください。" : "No; nothing should repeat it automatically.";
        case Advice::after_fix:
            return ja ? "原因が直ってから行ってください。" : "Only after the cause was removed.";
        case Advice::backoff:
            return ja ? time + "後に行い、失敗するたびに間隔を延ばしてください。"
                      : "Yes, after " + time + ", then with pauses that grow.";
        case Advice::after:
            return ja ? time + "後に行ってください(サーバーが時間を示したときはその時間の後)。"
                      : "Yes, after " + time + ", or when the server says.";
    }
    return {};
}

}  // namespace mailsend::diagnosis::pages
