#include "operations/settings_problems.hpp"

#include <algorithm>

#include "settings/providers.hpp"

namespace mailsend {
namespace {

constexpr std::int64_t microsoft_365_switch_off_ms = 1'798'675'200'000;  // 2026-12-31T00:00:00Z

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}

std::string domain_of(std::string_view address) {
    const std::size_t at = address.rfind('@');
    std::string domain(at == std::string_view::npos ? "" : address.substr(at + 1));
    for (char& c : domain) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return domain;
}

bool is_address(std::string_view user) {
    return !domain_of(user).empty();
}

/// Collects the problems of one document, in its language.
class Inspection {
  public:
    Inspection(const Settings& settings, PasswordShape password, std::int64_t now_unix_ms)
        : settings_(settings),
          password_(password),
          now_ms_(now_unix_ms),
          provider_(settings.server.provider.empty() ? provider_of_host(settings.server.host)
                                                     : find_provider(settings.server.provider)) {}

    std::vector<SettingsProblem> run() {
        later_versions();
        port_and_security();
        if (settings_.auth) {
            user_name(*settings_.auth);
            password(*settings_.auth);
            microsoft(*settings_.auth);
            sender(*settings_.auth);
        } else if (!settings_.oauth) {
            without_sign_in();
        }
        names();
        times();
        std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
            return a.severity == Severity::error && b.severity != Severity::error;
        });
        return std::move(problems_);
    }

  private:
    void say(Severity severity, const char* pointer, const std::string& en, const std::string& ja) {
        problems_.push_back({pointer, severity, settings_.language == Language::ja ? ja : en});
    }
    void error(const char* pointer, const std::string& en, const std::string& ja) {
        say(Severity::error, pointer, en, ja);
    }
    void warn(const char* pointer, const std::string& en, const std::string& ja) {
        say(Severity::warning, pointer, en, ja);
    }
    bool is(std::string_view id) const { return provider_ != nullptr && provider_->id == id; }

    void later_versions() {
        if (settings_.oauth) {
            error(
                "/auth/method", "OAuth2 is not in this version: sending will be refused. Choose a password.",
                "OAuth2はこのバージョンにはまだありません。送信は拒否されます。パスワードを選んでください。");
        }
        if (settings_.delivery.max_connections) {
            error("/delivery/max_connections",
                  "A limit of connections is not in this version: sending will be refused. Leave it out.",
                  "接続数の制限はこのバージョンにはまだありません。送信は拒否されます。この項目を外してくださ"
                  "い。");
        }
    }

    void port_and_security() {
        const ServerSettings& server = settings_.server;
        const Security security = server.effective_security();
        const std::string port = std::to_string(server.port);
        if (server.port == 465 && security != Security::implicit_tls) {
            warn("/server/security",
                 "Servers speak TLS from the first byte on port 465; with this security the connection will "
                 "time "
                 "out. Choose implicit-tls, or port 587.",
                 "ポート465では最初からTLSで通信します。この設定ではタイムアウトします。implicit-"
                 "tlsを選ぶか、ポート"
                 "587にしてください。");
        } else if ((server.port == 587 || server.port == 25) && security == Security::implicit_tls) {
            warn("/server/security",
                 "Servers start in clear on port " + port +
                     " and change to TLS by STARTTLS; with this security the handshake will fail. Choose "
                     "starttls, or "
                     "port 465.",
                 "ポート" + port +
                     "では平文で始まり、STARTTLSでTLSに切り替わります。この設定ではTLSの開始に失敗します。sta"
                     "rttls"
                     "を選ぶか、ポート465にしてください。");
        }
        if (server.port == 25) {
            warn("/server/port",
                 "Port 25 is for mail between servers; many networks and clouds block it. Use 587 or 465.",
                 "ポート25はサーバー間の配送用で、多くのネットワークやクラウドで遮断されています。587か465を"
                 "使って"
                 "ください。");
        }
        if (security == Security::none) {
            warn("/server/security",
                 "Nothing is encrypted: everybody on the way can read and change the mail.",
                 "暗号化されません。経路上の誰でもメールを読んだり書き換えたりできます。");
        }
        if (provider_ == nullptr || !server.provider.empty()) return;
        const auto fits = [&](const Submission& way) { return way.port == server.port; };
        if (!std::any_of(provider_->submissions.begin(), provider_->submissions.end(), fits)) {
            std::string ports;
            for (const Submission& way : provider_->submissions)
                ports += (ports.empty() ? "" : ", ") + std::to_string(way.port);
            warn("/server/port", provider_->name + " takes mail on port " + ports + ", not on " + port + ".",
                 provider_->name + "の送信ポートは" + ports + "です(" + port + "ではありません)。");
        }
    }

    void user_name(const PasswordAuth& auth) {
        if (provider_ == nullptr) return;
        if (provider_->user_name == UserNameForm::full_address && !is_address(auth.username)) {
            warn("/auth/username", provider_->name + " expects the whole mail address as user name.",
                 provider_->name + "のユーザー名はメールアドレス全体です。");
        } else if (provider_->user_name == UserNameForm::local_part && is_address(auth.username)) {
            warn("/auth/username", provider_->name + " expects the user name without @ and what follows it.",
                 provider_->name + "のユーザー名に@以降は付けません。");
        } else if (provider_->user_name == UserNameForm::literal &&
                   auth.username != provider_->user_name_literal) {
            error("/auth/username",
                  provider_->name + " expects the user name \"" + provider_->user_name_literal +
                      "\" for everybody; what tells accounts apart is the password.",
                  provider_->name + "のユーザー名は誰でも「" + provider_->user_name_literal +
                      "」です。アカウントはパスワードで区別されます。");
        }
    }

    void password(const PasswordAuth& auth) {
        if (password_ == PasswordShape::missing) {
            error(
                "/auth/password",
                "The host has no secret named \"" + auth.password.name + "\". Store it before the next run.",
                "シークレット「" + auth.password.name +
                    "」がホストにありません。次の実行までに保存してください。");
        } else if (is("gmail") && password_ == PasswordShape::other) {
            warn(
                "/auth/password",
                "Gmail takes app passwords alone: 16 letters that Google makes (https://myaccount.google.com/"
                "apppasswords). The stored one does not look like one.",
                "Gmailで使えるのはGoogleが発行する16文字のアプリパスワードだけです(https://"
                "myaccount.google.com/"
                "apppasswords)。保存されているものはその形ではありません。");
        }
    }

    void microsoft(const PasswordAuth& auth) {
        const bool consumer = is("outlook") || ends_with_any(domain_of(auth.username),
                                                             {"outlook.com", "hotmail.com", "live.com",
                                                              "msn.com", "outlook.jp", "hotmail.co.jp"});
        if (consumer && (is("outlook") || is("microsoft365"))) {
            error("/auth/method",
                  "Outlook.com takes no passwords and no app passwords since 16 September 2024; only OAuth2 "
                  "works.",
                  "Outlook."
                  "comでは2024年9月16日からパスワードもアプリパスワードも使えません。使えるのはOAuth2だけです"
                  "。");
        } else if (is("microsoft365") && now_ms_ < microsoft_365_switch_off_ms) {
            warn("/auth/method",
                 "Microsoft 365 switches passwords for SMTP off at the end of December 2026 in every "
                 "organisation "
                 "(an administrator may switch them on again; organisations made later have none) and will "
                 "name the "
                 "date of their end in the second half of 2027. Plan for OAuth2.",
                 "Microsoft "
                 "365は2026年12月末に、すべての組織でSMTPのパスワード認証を既定で無効にします(管理者が再び"
                 "有効にできますが、それ以降に作られた組織では使えません)"
                 "。完全に廃止する日は2027年後半に発表される予定"
                 "です。OAuth2への移行を計画してください。");
        } else if (is("microsoft365")) {
            warn("/auth/method",
                 "Microsoft 365 switched passwords for SMTP off at the end of December 2026: this works only "
                 "where an "
                 "administrator has switched them on again, and not in organisations made since. Move to "
                 "OAuth2.",
                 "Microsoft "
                 "365は2026年12月末にSMTPのパスワード認証を既定で無効にしました。管理者が再び有効にした組織で"
                 "だけ使え、その後に作られた組織では使えません。OAuth2に移行してください。");
        }
    }

    void sender(const PasswordAuth& auth) {
        if (!settings_.from) {
            warn("/from", "There is no sender: every message must name its own.",
                 "差出人がありません。メッセージごとに指定する必要があります。");
            return;
        }
        const std::string from = settings_.from->address.wire();
        if (!is_address(auth.username) || domain_of(auth.username) == domain_of(from)) return;
        const std::string en = "The sender " + from + " is not the account " + auth.username + ": ";
        const std::string ja = "差出人 " + from + " はアカウント " + auth.username + " と異なります。";
        if (is("gmail")) {
            warn("/from",
                 en + "Gmail puts the account's address there unless it is a \"Send mail as\" address.",
                 ja + "「名前」に登録した送信元アドレスでない限り、Gmailはアカウントのアドレスに書き換えます"
                      "。");
        } else if (is("microsoft365") || is("outlook")) {
            warn("/from", en + "Microsoft refuses it unless the account has the permission Send As.",
                 ja + "アカウントに「送信者として送信」の権限がない限り、Microsoftは拒否します。");
        } else {
            warn("/from", en + "many servers refuse that, and receivers may take it for forged.",
                 ja + "多くのサーバーは拒否し、受信側ではなりすましと見なされることがあります。");
        }
    }

    void without_sign_in() {
        if (provider_ == nullptr ||
            std::find(provider_->auth.begin(), provider_->auth.end(), "none") != provider_->auth.end())
            return;
        error("/auth", provider_->name + " takes mail only from those who sign in.",
              provider_->name + "はログインしないと送信できません。");
    }

    void names() {
        const std::string& name = settings_.network.ehlo_name;
        const bool literal = !name.empty() && name.front() == '[';
        if (name == "localhost" || name.ends_with(".localhost") || name.ends_with(".localdomain")) {
            warn("/network/ehlo_name",
                 "Servers take a client that calls itself \"" + name +
                     "\" for a sender of spam. Use this machine's name in the DNS, or leave it out.",
                 "「" + name +
                     "」と名乗るクライアントは迷惑メールの送信元と見なされます。DNSにあるこのマシンの名前にす"
                     "るか、"
                     "この項目を外してください。");
        } else if (!name.empty() && !literal && name.find('.') == std::string::npos) {
            warn("/network/ehlo_name",
                 "\"" + name + "\" has no domain; strict servers refuse such a name. Write it in full.",
                 "「" + name +
                     "」にドメインがありません。厳格なサーバーは拒否します。完全な名前にしてください。");
        }
        if (settings_.network.proxy && !settings_.network.source_address.empty()) {
            warn(
                "/network/source_address",
                "With a proxy this is where the connection to the proxy starts; the server sees the proxy.",
                "プロキシを使う場合、これはプロキシへの接続元になります。サーバーからはプロキシが見えます。");
        }
    }

    void times() {
        const Timeouts& limits = settings_.timeouts;
        const std::pair<const char*, std::chrono::milliseconds> each[] = {
            {"/timeouts/connect", limits.connect},
            {"/timeouts/greeting", limits.greeting},
            {"/timeouts/command", limits.command}};
        for (const auto& [pointer, limit] : each) {
            if (limit <= settings_.delivery.deadline) continue;
            warn(pointer, "It never runs out: delivery.deadline ends the whole sending before.",
                 "delivery.deadlineが先に切れるため、この時間に達することはありません。");
        }
    }

    const Settings& settings_;
    PasswordShape password_;
    std::int64_t now_ms_;
    const Provider* provider_;
    std::vector<SettingsProblem> problems_;
};

}  // namespace

PasswordShape shape_of(std::string_view password) noexcept {
    std::size_t letters = 0;
    for (const char c : password) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            ++letters;
        } else if (c != ' ' && c != '\xc2' && c != '\xa0') {  // a pasted one may hold no-break spaces
            return PasswordShape::other;
        }
    }
    return letters == 16 ? PasswordShape::app_password : PasswordShape::other;
}

std::vector<SettingsProblem> problems_of(const Settings& settings, PasswordShape password,
                                         std::int64_t now_unix_ms) {
    return Inspection(settings, password, now_unix_ms).run();
}

}  // namespace mailsend
