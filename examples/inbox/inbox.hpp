/// A local catch-all SMTP server: takes every message into a directory, answers as a script says.
///
///     inbox::Inbox server({.store = directory, .tls_port = 0});
///     connect_to("127.0.0.1", server.port());
///
/// Guarantees: listens when the constructor returns; the script is read again for every connection and every
/// message; everything has ended when the destructor returns. Not for the open network: it takes mail from
/// everybody.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialogue.hpp"
#include "listener.hpp"

namespace inbox {

/// Everything that can be told on the command line.
struct Options {
    std::filesystem::path store;            ///< made when absent
    std::uint16_t port = 0;                 ///< 0: a free one
    std::optional<std::uint16_t> tls_port;  ///< implicit TLS; nothing: none
    std::vector<std::string> addresses = {"127.0.0.1", "::1"};
    std::string script;  ///< path; empty: none
    Offers offers;
    bool auth_in_clear = false;
    std::optional<std::map<std::string, std::string>> users;
    std::string certificate;                 ///< path of a PEM chain; empty: made for this run
    std::string key;                         ///< path of its PEM key
    std::string client_ca;                   ///< path of PEM authorities that clients need a certificate of
    std::string name = "mail.example.test";  ///< in the greeting and in the certificate
    std::function<void(const std::string&)> log = [](const std::string&) {};  ///< any thread
};

class Inbox {
  public:
    /// Throws ScriptError for a script at fault, std::exception for files, certificates and ports.
    explicit Inbox(Options options);
    ~Inbox() { stop(); }

    std::uint16_t port() const noexcept { return port_; }
    std::optional<std::uint16_t> tls_port() const noexcept { return tls_port_; }
    /// The certificate that clients have to trust; empty when it was given as a file.
    const std::filesystem::path& ca_file() const noexcept { return ca_file_; }
    const std::string& ca_pem() const noexcept { return ca_pem_; }
    /// "inbox ready on 127.0.0.1:2525 [::1]:2525, TLS on 127.0.0.1:4650, storing in DIR"
    std::string ready_line() const;
    /// The same facts as a JSON document, for programs.
    std::string ready_document() const;
    void stop() { listener_.stop(); }

  private:
    void make_tls();
    void serve(Wire& wire, std::size_t door);

    Options options_;
    Store store_;
    std::unique_ptr<const ServerTls> tls_;
    std::string ca_pem_;
    std::filesystem::path ca_file_;
    Premises premises_;
    std::uint16_t port_ = 0;
    std::optional<std::uint16_t> tls_port_;
    Listener listener_;
};

}  // namespace inbox
