#include "operations/settings_rules.hpp"

namespace mailsend {
namespace {

void judge_password(const Examined& examined, const std::string& name, ProblemList& problems) {
    const char* const pointer = "/auth/password";
    switch (examined.secrets.password) {
        case PasswordShape::missing:
            problems.error(pointer,
                           {"The host has no secret named \"{0}\". Store it before the next run.",
                            "シークレット「{0}」がホストにありません。次の実行までに保存してください。"},
                           {name});
            break;
        case PasswordShape::empty:
            problems.error(pointer,
                           {"The secret \"{0}\" is empty: sending will be refused. Store the password in it.",
                            "シークレット「{0}」が空のため、送信は拒否されます。"
                            "パスワードを保存してください。"},
                           {name});
            break;
        case PasswordShape::broken:
            problems.error(pointer,
                           {"The secret \"{0}\" holds a line break or NUL: sending will be refused. "
                            "Store it again without.",
                            "シークレット「{0}」に改行かNULが含まれているため、送信は拒否されます。"
                            "それらを除いて保存し直してください。"},
                           {name});
            break;
        case PasswordShape::other:
            if (examined.provider == nullptr || !examined.provider->spaces_in_app_password) break;
            problems.warn(pointer,
                          {"{0} takes only app passwords: 16 letters that Google makes. The stored password "
                           "does not look like one. Make one at https://myaccount.google.com/apppasswords.",
                           "{0}で使えるのは、Googleが発行する16文字のアプリパスワードだけです。"
                           "保存されているものはその形ではありません。"
                           "https://myaccount.google.com/apppasswords で作成してください。"},
                          {examined.provider->name});
            break;
        default:
            break;
    }
}

}  // namespace

void judge_secrets(const Examined& examined, ProblemList& problems) {
    if (examined.settings.auth) judge_password(examined, examined.settings.auth->password.name, problems);
    for (const char* pointer : examined.secrets.oauth_missing) {
        problems.error(pointer,
                       {"The host has no secret of this name. Store it before the next run.",
                        "この名前のシークレットがホストにありません。次の実行までに保存してください。"});
    }
    const auto& certificate = examined.settings.tls.client_certificate;
    if (!certificate) return;
    const char* const pointer = "/tls/client_certificate";
    if (examined.secrets.certificate_missing) {
        problems.error(pointer,
                       {"The host has no secret named \"{0}\". Store the certificate and its key in it.",
                        "シークレット「{0}」がホストにありません。証明書とその秘密鍵を保存してください。"},
                       {certificate->name});
    } else if (!examined.secrets.certificate_fault.empty()) {
        problems.error(pointer,
                       {"The client certificate cannot be used: {1}. "
                        "Store the certificate and its key in \"{0}\" as one PEM.",
                        "クライアント証明書を使えません({1})。"
                        "証明書とその秘密鍵を1つのPEMにして、シークレット「{0}」に保存してください。"},
                       {certificate->name, examined.secrets.certificate_fault});
    }
}

}  // namespace mailsend
