#include <algorithm>

#include "operations/account_identity.hpp"
#include "operations/microsoft_domains.hpp"
#include "operations/settings_rules.hpp"

namespace mailsend {
namespace {

/// After the last day of 2026 passwords for SMTP are off in Microsoft 365 until an administrator wants them.
constexpr std::int64_t microsoft_365_switch_off_ms = 1'798'761'600'000;  // 2027-01-01T00:00:00Z

bool takes(const Provider& provider, std::string_view method) {
    return std::find(provider.auth.begin(), provider.auth.end(), method) != provider.auth.end();
}

ConsumerDomain consumer_of(const Examined& examined) {
    const auto address = address_in(user_name_of(examined.settings));
    return address ? consumer_domain(address->domain) : ConsumerDomain::no;
}

/// Microsoft 365's server, and a user who has a mailbox of Outlook.com.
bool is_consumer_at_work(const Examined& examined, ConsumerDomain domain) {
    return examined.provider->id == "microsoft365" && consumer_of(examined) == domain;
}

/// Says so if passwords are of no use there.
bool judge_impossible(const Examined& examined, const char* pointer, ProblemList& problems) {
    if (examined.provider == nullptr) return false;
    const bool consumer =
        examined.provider->id == "outlook" || is_consumer_at_work(examined, ConsumerDomain::yes);
    if (!consumer && takes(*examined.provider, "password")) return false;
    problems.error(
        pointer,
        {"{0} takes neither passwords nor app passwords{1}, only OAuth2. Choose the method \"oauth2\" and "
         "sign in.",
         "{0}では{1}パスワードもアプリパスワードも使えません。使えるのはOAuth2だけです。"
         "\"method\"を\"oauth2\"にして、サインインしてください。"},
        {consumer ? "Outlook.com" : examined.provider->name,
         consumer ? Words(" (since 16 September 2024)", "2024年9月16日から") : Words("")});
    return true;
}

void judge_microsoft_365(const Examined& examined, ProblemList& problems) {
    if (is_consumer_at_work(examined, ConsumerDomain::likely)) {
        problems.warn(
            "/auth/method",
            {"{0} looks like a mailbox of Outlook.com. If it is one, only OAuth2 works: choose the method "
             "\"oauth2\".",
             "{0}はOutlook.comのメールボックスのようです。その場合に使えるのはOAuth2だけなので、"
             "\"method\"を\"oauth2\"にしてください。"},
            {user_name_of(examined.settings)});
    }
    if (examined.now_unix_ms < microsoft_365_switch_off_ms) {
        problems.warn("/auth/method",
                      {"Microsoft 365 switches passwords for SMTP off at the end of December 2026. An "
                       "administrator may switch them on again; for organisations made later they are off "
                       "unless Microsoft says otherwise. The date of their final end is to be announced in "
                       "the second half of 2027. Change to the method \"oauth2\" before.",
                       "Microsoft 365は2026年12月末に、SMTPのパスワード認証を無効にします。"
                       "管理者は再び有効にできます。それ以降に作られた組織では、Microsoftが別に案内しない限り"
                       "無効です。完全に廃止される日は2027年後半に発表される予定です。"
                       "それまでに\"method\"を\"oauth2\"に切り替えてください。"});
        return;
    }
    problems.warn(
        "/auth/method",
        {"Microsoft 365 switched passwords for SMTP off at the end of December 2026: this works only "
         "where an administrator has switched them on again, and in organisations made since only "
         "if Microsoft says so. The date of their final end is to be announced in the second half "
         "of 2027. Change to the method \"oauth2\" before.",
         "Microsoft 365は2026年12月末に、SMTPのパスワード認証を無効にしました。"
         "管理者が再び有効にした組織でだけ使え、それ以降に作られた組織では、Microsoftが別に"
         "案内しない限り使えません。完全に廃止される日は2027年後半に発表される予定です。"
         "それまでに\"method\"を\"oauth2\"に切り替えてください。"});
}

void judge_user_name(const Provider& provider, const std::string& user, ProblemList& problems) {
    const bool whole = user.find('@') != std::string::npos;
    if (provider.user_name == UserNameForm::full_address && !whole) {
        problems.warn("/auth/username",
                      {"{0} expects the whole mail address as user name. Write it with @ and the domain.",
                       "{0}のユーザー名はメールアドレス全体です。@とドメインまで書いてください。"},
                      {provider.name});
    } else if (provider.user_name == UserNameForm::local_part && whole) {
        problems.warn("/auth/username",
                      {"{0} expects the user name without @ and what follows it. Write \"{1}\".",
                       "{0}のユーザー名に@以降は付けません。「{1}」にしてください。"},
                      {provider.name, user.substr(0, user.find('@'))});
    } else if (provider.user_name == UserNameForm::literal && !is_user_name_of(provider, user)) {
        problems.warn("/auth/username",
                      {"{0} expects the user name \"{1}\" from everybody; what tells accounts apart is the "
                       "password. Write \"{1}\".",
                       "{0}のユーザー名は誰でも「{1}」です。アカウントはパスワードで区別されます。"
                       "「{1}」にしてください。"},
                      {provider.name, provider.user_name_literal});
    }
}

void judge_without_sign_in(const Provider& provider, ProblemList& problems) {
    problems.warn("/auth",
                  {"{0} takes mail only from those who sign in. Write the method \"password\", the user name "
                   "and the password.",
                   "{0}ではサインインしないと送信できません。"
                   "\"method\"を\"password\"にし、ユーザー名とパスワードを指定してください。"},
                  {provider.name});
}

}  // namespace

void judge_sign_in(const Examined& examined, ProblemList& problems) {
    const Settings& settings = examined.settings;
    const Provider* const provider = examined.provider;
    if (!settings.auth && !settings.oauth) {
        if (provider == nullptr || takes(*provider, "none")) return;
        if (!judge_impossible(examined, "/auth", problems)) judge_without_sign_in(*provider, problems);
        return;
    }
    if (settings.oauth) {
        judge_oauth(examined, problems);
        return;
    }
    if (judge_impossible(examined, "/auth/method", problems)) return;
    if (provider == nullptr) return;
    judge_user_name(*provider, settings.auth->username, problems);
    if (provider->id == "microsoft365") judge_microsoft_365(examined, problems);
}

}  // namespace mailsend
