#include <algorithm>

#include "operations/settings_rules.hpp"

namespace mailsend {
namespace {

/// POP3 and IMAP, in clear and over TLS.
bool is_for_reading(std::uint16_t port) noexcept {
    return port == 110 || port == 143 || port == 993 || port == 995;
}

const char* word_of(Security security) noexcept {
    switch (security) {
        case Security::implicit_tls:
            return "implicit-tls";
        case Security::none:
            return "none";
        default:
            return "starttls";
    }
}

/// What to write instead, without port 25, which many networks block: "465 (implicit-tls) or 587 (starttls)",
/// and for a preset, whose ports are strings that bring their security along, "\"465\" or \"587\"".
Words good_ways(const Provider& provider, bool preset) {
    std::vector<std::string> ways;
    for (const Submission& way : provider.submissions) {
        if (way.port == 25) continue;
        const std::string port = std::to_string(way.port);
        ways.push_back(preset ? "\"" + port + "\"" : port + " (" + word_of(way.security) + ")");
    }
    Words list("");
    for (std::size_t i = 0; i < ways.size(); ++i) {
        if (i > 0) list.en += i + 1 == ways.size() ? " or " : ", ";
        if (i > 0) list.ja += "、";
        list.en += ways[i];
        list.ja += ways[i];
    }
    return list;
}

void judge_known(const Examined& examined, ProblemList& problems) {
    const ServerSettings& server = examined.settings.server;
    const Provider& provider = *examined.provider;
    const bool preset = !server.provider.empty();
    const std::string port = std::to_string(server.port);
    const Words ways = good_ways(provider, preset);
    const auto way = std::find_if(provider.submissions.begin(), provider.submissions.end(),
                                  [&](const Submission& each) { return each.port == server.port; });
    if (way == provider.submissions.end()) {
        problems.warn(
            "/server/port",
            is_for_reading(server.port)
                ? Words("Port {0} is for reading mail. To send through {1}, write port {2}.",
                        "ポート{0}はメールの受信用です。{1}で送信するには、ポートを{2}にしてください。")
                : Words("{1} takes no mail on port {0}. Write port {2}.",
                        "{1}はポート{0}ではメールを受け付けません。ポートを{2}にしてください。"),
            {port, provider.name, ways});
        return;
    }
    if (server.effective_security() != way->security) {
        problems.warn("/server/security",
                      {"{0} expects {2} on port {1}; otherwise the connection fails or times out. "
                       "Write \"security\": \"{2}\".",
                       "{0}のポート{1}では{2}が必要です。そうでないと接続に失敗するか、タイムアウトします。"
                       "\"security\"を\"{2}\"にしてください。"},
                      {provider.name, port, word_of(way->security)});
    }
    if (server.port == 25 && !ways.en.empty()) {
        problems.warn(preset ? "/server/submission" : "/server/port",
                      {"Port 25 is for mail between servers; many networks and clouds block it. "
                       "Write {1}, which {0} takes mail on as well.",
                       "ポート25はサーバー間の配送用で、多くのネットワークやクラウドで遮断されています。"
                       "{0}で使える{1}を指定してください。"},
                      {provider.name, ways});
    }
}

void judge_unknown(const ServerSettings& server, ProblemList& problems) {
    const Security security = server.effective_security();
    const std::string port = std::to_string(server.port);
    if (server.port == 465 && security != Security::implicit_tls) {
        problems.warn("/server/security",
                      {"Servers speak TLS from the first byte on port 465; with this security the "
                       "connection will time out. Choose implicit-tls, or port 587.",
                       "ポート465では最初からTLSで通信します。この設定ではタイムアウトします。"
                       "implicit-tlsを選ぶか、ポート587にしてください。"});
    } else if ((server.port == 587 || server.port == 25) && security == Security::implicit_tls) {
        problems.warn("/server/security",
                      {"Servers start in clear on port {0} and change to TLS by STARTTLS; with this security "
                       "the handshake will fail. Choose starttls, or port 465.",
                       "ポート{0}では平文で始まり、STARTTLSでTLSに切り替わります。"
                       "この設定ではTLSの開始に失敗します。starttlsを選ぶか、ポート465にしてください。"},
                      {port});
    }
    if (server.port == 25) {
        problems.warn("/server/port",
                      {"Port 25 is for mail between servers; many networks and clouds block it. "
                       "Write 587 or 465 if the server takes mail there.",
                       "ポート25はサーバー間の配送用で、多くのネットワークやクラウドで遮断されています。"
                       "サーバーが対応していれば、587か465を指定してください。"});
    } else if (is_for_reading(server.port)) {
        problems.warn("/server/port",
                      {"Port {0} is for reading mail. To send, write the server's port for that, "
                       "usually 587 or 465.",
                       "ポート{0}はメールの受信用です。送信用のポート(通常は587か465)を指定してください。"},
                      {port});
    }
}

}  // namespace

void judge_server(const Examined& examined, ProblemList& problems) {
    const ServerSettings& server = examined.settings.server;
    if (server.host == "outlook.office365.com") {
        problems.warn("/server/host",
                      {"outlook.office365.com is for reading mail. Write smtp.office365.com.",
                       "outlook.office365.comはメールの受信用です。smtp.office365.comにしてください。"});
    }
    if (server.effective_security() == Security::none) {
        problems.warn("/server/security",
                      {"Nothing is encrypted: everybody on the way can read and change the mail. "
                       "Choose starttls or implicit-tls if the server takes it.",
                       "暗号化されません。経路上の誰でもメールを読んだり書き換えたりできます。"
                       "サーバーが対応していれば、starttlsかimplicit-tlsを選んでください。"});
    }
    if (examined.provider != nullptr) {
        judge_known(examined, problems);
    } else {
        judge_unknown(server, problems);
    }
}

}  // namespace mailsend
