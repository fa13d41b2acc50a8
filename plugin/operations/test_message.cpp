#include "operations/test_message.hpp"

#include "operations/account_identity.hpp"

namespace mailsend {
namespace {

struct Labels {
    const char* server;
    const char* security;
    const char* user;
    const char* sender;
    const char* no_security;
};

constexpr Labels english = {
    "  Server:    ", "  Security:  ", "  User name: ", "  Sender:    ", "none (not encrypted)"};
constexpr Labels japanese = {
    "  サーバー:   ", "  暗号化:     ", "  ユーザー名: ", "  差出人:     ", "なし(暗号化されません)"};

std::string security_of(const ServerSettings& server, const Labels& labels) {
    switch (server.effective_security()) {
        case Security::implicit_tls:
            return "TLS";
        case Security::none:
            return labels.no_security;
        default:
            return "STARTTLS";
    }
}

std::string endpoint_of(const ServerSettings& server) {
    const bool v6 = server.host.find(':') != std::string::npos;
    return (v6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

/// The user name, unless it may be a credential: of some providers it is an API token.
std::string shown_user(const Settings& settings) {
    std::string user = user_name_of(settings);
    const Provider* const provider = provider_of(settings.server);
    const bool harmless = address_in(user) || (provider != nullptr && is_user_name_of(*provider, user));
    return harmless ? user : "";
}

std::string facts_of(const Settings& settings, const Mailbox& from, const Labels& labels) {
    std::string lines;
    const auto line = [&](const char* label, const std::string& value) {
        if (!value.empty()) lines += label + value + "\n";
    };
    line(labels.server, endpoint_of(settings.server));
    line(labels.security, security_of(settings.server, labels));
    line(labels.user, shown_user(settings));
    line(labels.sender, from.address.wire());
    return lines;
}

}  // namespace

Draft test_message(const Settings& settings, const Mailbox& from, const Mailbox& to) {
    Draft draft;
    draft.from = from;
    draft.to = {to};
    if (settings.language == Language::ja) {
        draft.subject = "MailSend テストメール";
        draft.text =
            "これは、MailSendのアカウントの設定を確かめるためのテストメールです。\n"
            "このメールが届いていれば、フローはこのアカウントでメールを送信できます。\n\n" +
            facts_of(settings, from, japanese) +
            "\n返信の必要はありません。心当たりがない場合は、\n"
            "このアドレスを使っている自動化システムの担当者にお知らせください。\n";
    } else {
        draft.subject = "MailSend test message";
        draft.text =
            "This is a test message from MailSend, sent to try the settings of an account.\n"
            "If you read it, flows can send mail through this account.\n\n" +
            facts_of(settings, from, english) +
            "\nNo answer is needed. If you did not expect it, tell whoever runs the automation\n"
            "that uses this address.\n";
    }
    draft.headers = {
        {"Auto-Submitted", "auto-generated"}};  // RFC 3834 section 5: no out-of-office replies, please
    return draft;
}

}  // namespace mailsend
