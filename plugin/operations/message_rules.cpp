#include <nlohmann/json.hpp>

#include "message/characters.hpp"
#include "message/draft_layers.hpp"
#include "operations/account_identity.hpp"
#include "operations/settings_rules.hpp"

namespace mailsend {
namespace {

/// The name of the template that messages use by default; empty when there is none or the payload chooses.
std::string default_template(const Settings& settings) {
    const auto name = settings.message->find("template");
    if (name == settings.message->end() || !name->is_string() || holds_tags(*name)) return {};
    return name->get<std::string>();
}

/// As `send` finds it: by name, or Generic.
const nlohmann::json* template_named(const Settings& settings, const std::string& name) {
    for (const std::string& each : {name, std::string("Generic")}) {
        const auto found = settings.templates->find(each);
        if (found != settings.templates->end()) return &*found;
    }
    return nullptr;
}

/// A message that names no sender of its own still has one.
bool has_sender(const Settings& settings) {
    if (settings.from || settings.message->contains("from")) return true;
    const std::string name = default_template(settings);
    const nlohmann::json* const used = name.empty() ? nullptr : template_named(settings, name);
    return used != nullptr && used->contains("from");
}

/// The sender is the account, as far as the provider distinguishes them.
bool is_account(const AddrSpec& sender, const std::string& user, const Provider* provider) {
    const auto account = address_in(user);
    const bool same_domain = !account || account->domain == sender.domain;
    if (provider == nullptr) return same_domain;
    switch (provider->user_name) {
        case UserNameForm::full_address:
            // The relay is for a whole domain; mailboxes send as themselves.
            if (provider->id == "gmail-relay" || !account) return same_domain;
            return same_domain && lower_case(account->local) == lower_case(sender.local);
        case UserNameForm::local_part:
            return lower_case(account ? account->local : user) == lower_case(sender.local);
        default:
            return true;  // a user name that only looks like an address
    }
}

void judge_sender(const Examined& examined, const AccountSender& sender, ProblemList& problems) {
    const std::string user = user_name_of(examined.settings);
    const Provider* const provider = examined.provider;
    const AddrSpec& address = sender.mailbox.address;
    if (user.empty() || is_account(address, user, provider)) return;
    const std::string id = provider == nullptr ? "" : provider->id;
    if (id == "gmail") {
        problems.warn(
            sender.pointer,
            {"The sender {0} is not the account {1}. Gmail puts the account's address there unless "
             "the other one is added in Gmail's settings under \"Send mail as\". "
             "Add it there, or write {1}.",
             "差出人{0}はアカウント{1}と異なります。Gmailの設定「アカウントとインポート」の「名前」に"
             "追加したアドレスでない限り、Gmailはアカウントのアドレスに書き換えます。"
             "そこに追加するか、{1}にしてください。"},
            {address.wire(), user});
    } else if (id == "microsoft365" || id == "outlook") {
        problems.warn(
            sender.pointer,
            {"The sender {0} is not the account {1}. Microsoft refuses it unless the account has "
             "the permission Send As for it. Have that granted, or write {1}.",
             "差出人{0}はアカウント{1}と異なります。"
             "アカウントに「メールボックス所有者として送信する」権限がない限り、Microsoftは拒否します。"
             "権限を付与してもらうか、{1}にしてください。"},
            {address.wire(), user});
    } else if (provider != nullptr && id != "gmail-relay") {
        problems.warn(
            sender.pointer,
            {"The sender {0} is not the account {1}. {2} may refuse it or put another address there. "
             "Write the account's own address, or make sure that it may send as the other one.",
             "差出人{0}はアカウント{1}と異なります。{2}は拒否したり、別のアドレスに書き換えたり"
             "することがあります。アカウント自身のアドレスにするか、"
             "その差出人で送信できることを確かめてください。"},
            {address.wire(), user, provider->name});
    } else {
        problems.warn(
            sender.pointer,
            {"The sender {0} is of another domain than the account {1}. Many servers refuse that, and "
             "receivers may take it for forged. Write an address of the account's domain, or make "
             "sure that the server may send for the other one.",
             "差出人{0}のドメインはアカウント{1}と異なります。多くのサーバーは拒否し、"
             "受信側ではなりすましと見なされることがあります。アカウントと同じドメインの"
             "アドレスにするか、サーバーがその差出人で送信できることを確かめてください。"},
            {address.wire(), user});
    }
}

}  // namespace

void judge_messages(const Examined& examined, ProblemList& problems) {
    const Settings& settings = examined.settings;
    if (!has_sender(settings)) {
        problems.warn("/from",
                      {"There is no sender: every message must name its own. "
                       "Write the account's, as in \"Alice <alice@example.com>\".",
                       "差出人がないため、メッセージごとに指定する必要があります。"
                       "「Alice <alice@example.com>」のように、アカウントの差出人を書いてください。"});
    }
    if (const auto sender = sender_of(settings)) judge_sender(examined, *sender, problems);
    const std::string name = default_template(settings);
    if (!name.empty() && template_named(settings, name) == nullptr) {
        problems.warn("/message/template",
                      {"There is no template named \"{0}\" and none named \"Generic\": messages that name no "
                       "other will be refused. Add it under \"templates\", or leave this out.",
                       "テンプレート「{0}」も「Generic」もないため、ほかのテンプレートを指定しない"
                       "メッセージは拒否されます。\"templates\"に追加するか、この項目を外してください。"},
                      {name});
    }
}

}  // namespace mailsend
