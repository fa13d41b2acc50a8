/// MailSend with an inbox of its own in this process, which has a certificate and takes any password.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "inbox/inbox.hpp"
#include "support/loaded_mail_send.hpp"
#include "support/scratch.hpp"

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
    /// Starts the inbox: STARTTLS on port(), implicit TLS on tls_port(). Non-empty `client_ca` (PEM): clients
    /// need a certificate.
    void serve(const std::string& client_ca = {}) {
        inbox::Options options;
        options.store = scratch_ / "store";
        options.tls_port = 0;
        options.script = scratch_ / "script";
        script("");
        if (!client_ca.empty()) {
            options.client_ca = scratch_ / "client-ca.pem";
            std::ofstream(options.client_ca) << client_ca;
        }
        inbox_.emplace(std::move(options));
        mail_send_.host.file("ca.pem", {.bytes = inbox_->ca_pem()});
        mail_send_.host.secret("alice", "secret");
    }
    /// What the inbox does from its next connection on (examples/inbox/README.md).
    void script(const std::string& rules) const {
        std::ofstream(scratch_ / "next-script") << rules;
        std::filesystem::rename(scratch_ / "next-script", scratch_ / "script");
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
        for (const auto& entry : std::filesystem::directory_iterator(scratch_ / "store")) {
            if (entry.path().extension() == ".json") {
                all.push_back(nlohmann::json::parse(std::ifstream(entry.path())));
            }
        }
        return all;
    }

    wfc::test::Scratch scratch_;  // outlives the inbox
    LoadedMailSend mail_send_;
    std::optional<inbox::Inbox> inbox_;
};

}  // namespace test
