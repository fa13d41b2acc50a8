#include "settings_cases.hpp"

namespace {

using namespace test;

TEST(SecretRules, TellWhatSendingWouldRefuse) {
    const SecretsSeen no_certificate = {PasswordShape::other, true, {}, {}};
    const SecretsSeen bad_certificate = {PasswordShape::other, false, {}, "the secret \"cert\" holds no key"};
    expect_said({
        {{},
         "error /auth/password",
         "no secret named \"p\"",
         "シークレット「p」がホストにありません",
         password(PasswordShape::missing)},
        {{}, "error /auth/password", "is empty", "空のため", password(PasswordShape::empty)},
        {{}, "error /auth/password", "line break or NUL", "改行かNUL", password(PasswordShape::broken)},
        {{preset("gmail")},
         "warning /auth/password",
         "Gmail takes only app passwords: 16 letters",
         "16文字のアプリパスワードだけ",
         password(PasswordShape::other)},
        {{preset("gmail-relay")},
         "warning /auth/password",
         "SMTP relay takes only app passwords",
         "16文字のアプリパスワードだけ",
         password(PasswordShape::other)},
        {{certificate},
         "error /tls/client_certificate",
         "no secret named \"cert\"",
         "シークレット「cert」がホストに",
         no_certificate},
        {{certificate},
         "error /tls/client_certificate",
         "holds no key. Store",
         "holds no key)。",
         bad_certificate},
    });
}

}  // namespace
