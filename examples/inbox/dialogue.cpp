#include "dialogue.hpp"

namespace inbox {
namespace {

constexpr std::size_t max_command = 2048;  // RFC 5321 4.5.3.1.4 asks for 512 and more with extensions
constexpr std::size_t max_errors = 20;
constexpr auto patience = std::chrono::minutes(5);

}  // namespace

Dialogue::Dialogue(Wire& wire, const Premises& premises, Script script)
    : wire_(wire), premises_(premises), script_(std::move(script)) {
    envelope_.peer = wire.peer();
}

void Dialogue::run(bool implicit_tls, const std::string& refusal) {
    try {
        if (implicit_tls) handshake();
        if (!refusal.empty()) {
            complain(421, "4.3.0", refusal);
            wire_.close();
            return;
        }
        const int greeting = answer(Stage::greeting, 220, "", premises_.name + " ESMTP inbox");
        if (greeting / 100 == 5) {  // RFC 5321 3.1: after 554 only QUIT is of use
            while (upper(read_line(max_command)) != "QUIT") complain(503, "5.5.1", "No service here");
            answer(Stage::quit, 221, "2.0.0", "Bye");
            wire_.close();
            return;
        }
        for (;;) command(read_line(max_command));
    } catch (const Over&) {
        premises_.log("connection over");
    }
}

std::string Dialogue::render(int code, std::string_view enhanced, std::string_view text) const {
    if (enhanced.empty() || !premises_.offers.enhanced) return render_reply(code, text);
    std::string marked(enhanced);  // RFC 2034: the status stands in every line
    marked += ' ';
    for (const char c : text) {
        marked += c;
        if (c == '\n') marked.append(enhanced).append(" ");
    }
    return render_reply(code, marked);
}

/// A client that keeps its connection meets a changed script with its next message.
void Dialogue::read_script() {
    if (!premises_.script) return;
    try {
        script_ = premises_.script();
    } catch (const ScriptError& error) {
        complain(421, "4.3.0", Script::fault(error));
        wire_.close();
        throw Over();
    }
}

const Rule* Dialogue::upcoming(Stage stage, std::string_view address) const {
    const auto times = answered_.find(stage);
    return script_.match(stage, times == answered_.end() ? 1 : times->second + 1, address);
}

int Dialogue::answer(Stage stage, int code, std::string_view enhanced, std::string_view text,
                     std::string_view address) {
    const Rule* rule = upcoming(stage, address);
    ++answered_[stage];
    const Said said = play(wire_, rule, render(code, enhanced, text));
    premises_.log(std::string(to_string(stage)) + " -> " +
                  (said.code == 0 ? "no reply" : std::to_string(said.code)) +
                  (rule == nullptr ? "" : " (line " + std::to_string(rule->line) + " of the script)"));
    if (!said.open || !wire_.open()) throw Over();
    return said.code;
}

void Dialogue::complain(int code, std::string_view enhanced, std::string_view text) {
    premises_.log("refused: " + std::to_string(code) + " " + std::string(text));
    if (++errors_ > max_errors) {
        wire_.send(render(421, "4.7.0", "Too many errors"));
        wire_.close();
        throw Over();
    }
    if (!wire_.send(render(code, enhanced, text))) throw Over();
}

std::string Dialogue::read_line(std::size_t limit) {
    std::string line;
    for (;;) {
        switch (wire_.read_line(line, limit, patience)) {
            case Got::bytes:
                return line;
            case Got::too_long:
                complain(500, "5.5.2", "Line too long");
                break;
            case Got::bare_lf:
                complain(500, "5.5.2", "A line ends with CR LF, not LF alone");
                break;
            case Got::timeout:
                wire_.send(render(421, "4.4.2", "Nothing came for five minutes"));
                wire_.close();
                throw Over();
            case Got::end:
            case Got::reset:
            case Got::stopped:
                throw Over();
        }
    }
}

void Dialogue::command(const std::string& line) {
    const std::string_view whole = line;
    const std::size_t blank = whole.find(' ');
    const std::string verb = upper(whole.substr(0, blank));
    const std::string_view argument =
        blank == std::string_view::npos ? std::string_view{} : whole.substr(blank + 1);
    log_command(verb, argument);
    if (verb == "EHLO" || verb == "HELO") return ehlo(verb, argument);
    if (verb == "STARTTLS") return starttls(argument);
    if (verb == "AUTH") return auth(argument);
    if (verb == "MAIL") return mail(argument);
    if (verb == "RCPT") return rcpt(argument);
    if (verb == "DATA") return data(argument);
    if (verb == "BDAT") return bdat(argument);
    if (verb == "VRFY") {
        if (argument.empty()) return complain(501, "5.5.4", "Syntax: VRFY address");
        answer(Stage::vrfy, 252, "2.1.5", "Send it and see");
    } else if (verb == "NOOP") {
        answer(Stage::noop, 250, "2.0.0", "Ok");
    } else if (verb == "RSET") {
        if (!argument.empty()) return complain(501, "5.5.4", "Syntax: RSET");
        forget_transaction();
        answer(Stage::rset, 250, "2.0.0", "Ok");
    } else if (verb == "QUIT") {
        if (!argument.empty()) return complain(501, "5.5.4", "Syntax: QUIT");
        answer(Stage::quit, 221, "2.0.0", "Bye");
        wire_.close();
        throw Over();
    } else {
        complain(500, "5.5.2", "Command not recognized");
    }
}

/// Credentials stand behind AUTH, and in what a client out of step sends where a command belongs.
void Dialogue::log_command(const std::string& verb, std::string_view argument) const {
    constexpr std::string_view known = " EHLO HELO STARTTLS MAIL RCPT DATA BDAT VRFY NOOP RSET QUIT ";
    if (verb == "AUTH") {
        premises_.log("< AUTH " + std::string(argument.substr(0, argument.find(' '))) + " ****");
    } else if (known.find(" " + verb + " ") == std::string_view::npos) {
        premises_.log("< an unknown command");
    } else {
        premises_.log("< " + verb + (argument.empty() ? "" : " ") + std::string(argument));
    }
}

void Dialogue::ehlo(std::string_view verb, std::string_view argument) {
    if (argument.empty() || argument.find_first_of(" \t") != std::string_view::npos) {
        return complain(501, "5.5.4", "Syntax: " + std::string(verb) + " name");
    }
    forget_transaction();
    const Offers& offers = premises_.offers;
    const bool secure = wire_.encrypted();
    std::string text = premises_.name;
    if (verb == "EHLO") {
        if (offers.starttls && premises_.tls != nullptr && !secure) text += "\nSTARTTLS";
        if (offers.auth() && (secure || premises_.auth_in_clear)) {
            text += "\nAUTH";
            if (offers.auth_plain) text += " PLAIN";
            if (offers.auth_login) text += " LOGIN";
            if (offers.auth_xoauth2) text += " XOAUTH2";
            if (offers.auth_oauthbearer) text += " OAUTHBEARER";
        }
        if (offers.pipelining) text += "\nPIPELINING";
        if (offers.chunking) text += "\nCHUNKING";
        if (offers.eight_bit_mime) text += "\n8BITMIME";
        if (offers.smtputf8) text += "\nSMTPUTF8";
        if (offers.dsn) text += "\nDSN";
        if (offers.enhanced) text += "\nENHANCEDSTATUSCODES";
        if (offers.size) text += "\nSIZE " + std::to_string(offers.size_limit);
    }
    greeted_ = answer(Stage::ehlo, 250, "", text) / 100 == 2;
    envelope_.ehlo = argument;
    envelope_.extended = verb == "EHLO";
}

void Dialogue::starttls(std::string_view argument) {
    if (!argument.empty()) return complain(501, "5.5.4", "Syntax: STARTTLS");
    if (!premises_.offers.starttls || premises_.tls == nullptr)
        return complain(502, "5.5.1", "STARTTLS is not offered");
    if (wire_.encrypted()) return complain(503, "5.5.1", "TLS is already active");
    if (answer(Stage::starttls, 220, "2.0.0", "Ready for TLS") != 220) return;
    if (!wire_.buffered().empty()) {  // a client that pipelines here would be open to injection
        premises_.log("commands came with STARTTLS in one piece");
        wire_.cut();
        throw Over();
    }
    handshake();
    greeted_ = false;  // RFC 3207 4.2: everything learned before is forgotten
    forget_transaction();
}

void Dialogue::handshake() {
    if (const Rule* rule = upcoming(Stage::tls); rule != nullptr) {
        ++answered_[Stage::tls];
        const bool instead = planned_code(rule, 220) != 220;
        const Said said = play(wire_, rule, "");
        if (instead && said.open) wire_.pause(patience, true);
        if (instead || !said.open || !wire_.open()) throw Over();
    }
    if (premises_.tls == nullptr || !wire_.start_tls(*premises_.tls, patience)) {
        premises_.log("TLS handshake failed: " + wire_.tls_error());
        throw Over();
    }
    envelope_.tls_version = wire_.tls_version();
    envelope_.tls_cipher = wire_.tls_cipher();
    envelope_.tls_name = wire_.tls_name();
    premises_.log(envelope_.tls_version + " " + envelope_.tls_cipher);
}

}  // namespace inbox
