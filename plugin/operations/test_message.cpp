#include "operations/test_message.hpp"

namespace mailsend {
namespace {

const char* security_of(const ServerSettings& server) noexcept {
    switch (server.effective_security()) {
        case Security::implicit_tls:
            return "TLS";
        case Security::none:
            return "-";
        default:
            return "STARTTLS";
    }
}

std::string endpoint_of(const ServerSettings& server) {
    const bool v6 = server.host.find(':') != std::string::npos;
    return (v6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

}  // namespace

Draft test_message(const Settings& settings, const Mailbox& from, const Mailbox& to) {
    const std::string endpoint = endpoint_of(settings.server);
    const std::string security = security_of(settings.server);
    const std::string user = settings.auth ? settings.auth->username : "-";
    Draft draft;
    draft.from = from;
    draft.to = {to};
    if (settings.language == Language::ja) {
        draft.subject = "MailSend テストメール";
        draft.text =
            "これはMailSendの設定画面から送られたテストメールです。\n"
            "このメールが届いていれば、フローはこのアカウントでメールを送信できます。\n\n"
            "  サーバー:     " +
            endpoint +
            "\n"
            "  暗号化:       " +
            security +
            "\n"
            "  ユーザー名:   " +
            user +
            "\n"
            "  差出人:       " +
            from.address.wire() +
            "\n\n"
            "返信の必要はありません。心当たりがない場合は、このアドレスを使っている自動化システムの担当者に"
            "お知らせください。\n";
    } else {
        draft.subject = "MailSend test message";
        draft.text =
            "This is a test message from the settings of MailSend.\n"
            "If you read it, flows can send mail through this account.\n\n"
            "  Server:    " +
            endpoint +
            "\n"
            "  Security:  " +
            security +
            "\n"
            "  User name: " +
            user +
            "\n"
            "  Sender:    " +
            from.address.wire() +
            "\n\n"
            "No answer is needed. If you did not expect it, tell whoever runs the automation that uses this\n"
            "address.\n";
    }
    draft.headers = {
        {"Auto-Submitted", "auto-generated"}};  // RFC 3834 section 5: no out-of-office replies, please
    return draft;
}

}  // namespace mailsend
