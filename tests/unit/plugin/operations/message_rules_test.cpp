#include "settings_cases.hpp"

namespace {

using namespace test;

TEST(MessageRules, TellASenderThatIsNotTheAccount) {
    expect_said({
        {{no_from}, "warning /from", "There is no sender", "差出人がない"},
        {{no_sign_in, no_from}, "warning /from", "There is no sender", "差出人がない"},
        {{from("boss@elsewhere.test")},
         "warning /from",
         "boss@elsewhere.test is of another domain",
         "差出人boss@elsewhere.testのドメイン"},
        {{message("from", "boss@elsewhere.test")},
         "warning /message/from",
         "boss@elsewhere.test",
         "boss@elsewhere.test"},
        {{preset("gmail"), account("alice@gmail.com"), from("bob@gmail.com")},
         "warning /from",
         "under \"Send mail as\"",
         "Gmailの設定「アカウントとインポート」の「名前」に追加したアドレス"},
        {{preset("microsoft365"), account("alice@contoso.com"), from("ceo@contoso.com")},
         "warning /from",
         "permission Send As",
         "「メールボックス所有者として送信する」権限"},
        {{preset("icloud"), account("alice@icloud.com"), from("bob@icloud.com")},
         "warning /from",
         "iCloud Mail may refuse it",
         "iCloud Mailは拒否したり"},
        {{preset("yahoo-jp"), user("alice"), from("bob@yahoo.co.jp")},
         "warning /from",
         "is not the account alice",
         "アカウントaliceと異なります"},
        {{preset("gmail-relay"), from("boss@elsewhere.test")},
         "warning /from",
         "of another domain",
         "ドメインは"},
        {{message("template", "SignIn")},
         "warning /message/template",
         "no template named \"SignIn\"",
         "テンプレート「SignIn」も"},
    });
}

}  // namespace
