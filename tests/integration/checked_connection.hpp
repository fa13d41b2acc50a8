/// `test-connection` against servers of this process: the fixture, and a server with any certificate.
#pragma once

#include <functional>
#include <gmock/gmock.h>
#include <mutex>

#include "inbox/certificates.hpp"
#include "inbox/listener.hpp"
#include "inbox/tls.hpp"
#include "support/dns_server.hpp"
#include "support/served_mail_send.hpp"

namespace test {

class CheckedConnection : public ServedMailSend {
  protected:
    /// Runs the operation; `rows` are those of the report.
    Sent check(const nlohmann::json& settings, const std::string& input = "{}") {
        mail_send_.configure(settings);
        wfc::testhost::TestCall call("test-connection", input);
        const wfc_status status = mail_send_.component.invoke(*call.table());
        Sent sent{status, nlohmann::json::parse(call.result())};
        std::vector<nlohmann::json> told;
        for (const std::string& event : call.progress()) {
            const nlohmann::json parsed = nlohmann::json::parse(event);
            if (parsed.contains("row")) told.push_back(parsed["row"]);
        }
        EXPECT_EQ(nlohmann::json(told), sent.document["report"])
            << "each row goes out as it stands in the report";
        return sent;
    }
    static nlohmann::json rows(const Sent& sent, const std::string& stage) {
        nlohmann::json found = nlohmann::json::array();
        for (const nlohmann::json& row : sent.document["report"]) {
            if (row["stage"] == stage) found.push_back(row);
        }
        return found;
    }
    static std::string outline(const Sent& sent) {
        std::string text;
        for (const nlohmann::json& row : sent.document["report"])
            text += row["stage"].get<std::string>() + "=" + row["verdict"].get<std::string>() + " ";
        return text;
    }
    bool nothing_arrived() const {
        for (const auto& entry : std::filesystem::directory_iterator(scratch_ / "store")) {
            if (entry.path().extension() == ".eml") return false;
        }
        return true;
    }
    /// How many commands with `verb` were written, by the transcript in the log.
    std::size_t said(const std::string& verb) const {
        std::size_t count = 0;
        for (const auto& event : mail_send_.host.events())
            count += event.id == "smtp.command" && event.fields.find(verb) != std::string::npos ? 1 : 0;
        return count;
    }
    /// Settings for the inbox under a name that stands for `addresses`.
    nlohmann::json named(bool implicit_tls, const std::vector<std::string>& addresses) {
        names_.answer("mail.example.test", {.a = addresses});
        nlohmann::json out = settings(implicit_tls);
        out["server"]["host"] = "mail.example.test";
        out["network"]["name_servers"] = {names_.address()};
        return out;
    }

    DnsServer names_;
};

/// A server under TLS from the first byte with a certificate of the test's making; notes what it hears.
class Certified {
  public:
    /// `answer`: the reply to a line, without CR LF at its end.
    using Answer = std::function<std::string(const std::string& line)>;
    explicit Certified(const inbox::Certificate& certificate, Answer answer = agree,
                       std::string greeting = "mail.example.test ready")
        : answer_(std::move(answer)),
          greeting_(std::move(greeting)),
          tls_(certificate.certificate_pem, certificate.key_pem),
          listener_([this](inbox::Wire& wire, std::size_t) { serve(wire); }),
          port_(listener_.open({"127.0.0.1"}, 0)) {
        listener_.start();
    }
    std::uint16_t port() const { return port_; }
    std::vector<std::string> heard() {
        listener_.stop();
        return heard_;
    }

    static std::string agree(const std::string& line) {
        return line.starts_with("EHLO") ? "250-mail.example.test\r\n250 AUTH PLAIN" : "250 2.0.0 Ok";
    }

  private:
    void serve(inbox::Wire& wire) {
        const auto patience = std::chrono::seconds(10);
        if (!wire.start_tls(tls_, patience)) return;
        wire.send("220 " + greeting_ + "\r\n");
        for (std::string line; wire.read_line(line, 1000, patience) == inbox::Got::bytes;) {
            const std::lock_guard lock(mutex_);
            heard_.push_back(line);
            wire.send(answer_(line) + "\r\n");
            if (line == "QUIT") break;
        }
        wire.close();
    }

    Answer answer_;
    std::string greeting_;
    inbox::ServerTls tls_;
    std::mutex mutex_;
    std::vector<std::string> heard_;
    inbox::Listener listener_;
    std::uint16_t port_;
};

}  // namespace test
