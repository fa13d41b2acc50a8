/// MailSend with an inbox of its own in this process, which has a certificate and takes any password.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "inbox/inbox.hpp"
#include "support/loaded_mail_send.hpp"

namespace test {

/// One result document with the status that came with it.
struct Sent {
    wfc_status status;
    nlohmann::json document;
    std::string id() const { return document.value("/error/id"_json_pointer, std::string()); }
    std::string stage() const { return document.value("/error/stage"_json_pointer, std::string()); }
    std::string message() const { return document.value("/error/message"_json_pointer, std::string()); }
};

/// Leaves nothing behind.
class ServedMailSend : public ::testing::Test {
  protected:
    ServedMailSend() {
        std::string name = (std::filesystem::temp_directory_path() / "served-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
    }
    ~ServedMailSend() override {
        inbox_.reset();
        std::filesystem::remove_all(directory_);
    }

    /// Starts the inbox: STARTTLS on port(), implicit TLS on tls_port(). Non-empty `client_ca` (PEM): clients
    /// need a certificate.
    void serve(const std::string& client_ca = {}) {
        inbox::Options options;
        options.store = directory_ / "store";
        options.tls_port = 0;
        options.script = directory_ / "script";
        script("");
        if (!client_ca.empty()) {
            options.client_ca = directory_ / "client-ca.pem";
            std::ofstream(options.client_ca) << client_ca;
        }
        inbox_.emplace(std::move(options));
        mail_send_.host.file("ca.pem", {.bytes = inbox_->ca_pem()});
        mail_send_.host.secret("alice", "secret");
    }
    /// What the inbox does from its next connection on (examples/inbox/README.md).
    void script(const std::string& rules) const {
        std::ofstream(directory_ / "next-script") << rules;
        std::filesystem::rename(directory_ / "next-script", directory_ / "script");
    }
    std::uint16_t port() const { return inbox_->port(); }
    std::uint16_t tls_port() const { return *inbox_->tls_port(); }

    /// Settings for the inbox that trust its authority and sign in.
    nlohmann::json settings(bool implicit_tls) const {
        nlohmann::json out = LoadedMailSend::in_clear(implicit_tls ? tls_port() : port());
        out["server"]["host"] = "localhost";
        out["server"]["security"] = implicit_tls ? "implicit-tls" : "starttls";
        out["tls"]["ca_file"] = "ca.pem";
        out["auth"] = {{"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "alice"}}}};
        return out;
    }

    Sent send() {
        wfc::testhost::TestCall call("send", short_message());
        const wfc_status status = mail_send_.component.invoke(*call.table());
        return {status, nlohmann::json::parse(call.result())};
    }
    Sent send(const nlohmann::json& settings) {
        mail_send_.configure(settings);
        return send();
    }

    /// Envelopes of the messages that arrived.
    std::vector<nlohmann::json> arrived() const {
        std::vector<nlohmann::json> all;
        for (const auto& entry : std::filesystem::directory_iterator(directory_ / "store")) {
            if (entry.path().extension() == ".json") {
                all.push_back(nlohmann::json::parse(std::ifstream(entry.path())));
            }
        }
        return all;
    }

    std::filesystem::path directory_;
    LoadedMailSend mail_send_;
    std::optional<inbox::Inbox> inbox_;
};

}  // namespace test
