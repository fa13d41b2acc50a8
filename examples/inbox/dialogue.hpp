/// The server's side of an SMTP dialogue (RFC 5321).
///
/// Guarantees: commands, lines, recipients, errors and bytes are bounded; a password is compared and
/// forgotten, never stored or logged; what the script says at a stage decides how the dialogue goes on.
/// Strict where a client's mistake should be seen. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "actions.hpp"
#include "offers.hpp"
#include "store.hpp"
#include "wire.hpp"

namespace inbox {

/// What every dialogue of a server shares; read only.
struct Premises {
    std::string name = "mail.example.test";  ///< in the greeting
    Offers offers;
    bool auth_in_clear = false;
    /// User name -> password or access token; nothing: any credentials are taken.
    std::optional<std::map<std::string, std::string>> users;
    const ServerTls* tls = nullptr;
    const Store* store = nullptr;
    /// The script as it is by now, asked for at each MAIL; empty: it does not change. Throws ScriptError.
    std::function<Script()> script{};
    std::function<void(const std::string&)> log = [](const std::string&) {};
};

class Dialogue {
  public:
    /// Wire and premises are borrowed until `run` returns.
    Dialogue(Wire& wire, const Premises& premises, Script script);

    /// Talks until the connection is over. `implicit_tls`: a handshake comes before the greeting. `refusal`:
    /// a sentence that is all the client gets to hear, with 421.
    void run(bool implicit_tls, const std::string& refusal = {});

  private:
    struct Over {};  ///< the connection has ended; `run` catches it

    // dialogue.cpp
    void command(const std::string& line);
    void log_command(const std::string& verb, std::string_view argument) const;
    void ehlo(std::string_view verb, std::string_view argument);
    void starttls(std::string_view argument);
    void handshake();
    int answer(Stage stage, int code, std::string_view enhanced, std::string_view text,
               std::string_view address = {});
    void complain(int code, std::string_view enhanced, std::string_view text);
    std::string read_line(std::size_t limit);
    std::string render(int code, std::string_view enhanced, std::string_view text) const;
    void read_script();
    const Rule* upcoming(Stage stage, std::string_view address = {}) const;

    // transaction.cpp
    void mail(std::string_view argument);
    void rcpt(std::string_view argument);
    void data(std::string_view argument);
    void bdat(std::string_view argument);
    bool acceptable(const Path& path, bool sender);
    bool receive(std::size_t count);
    void receive_dotted();
    void finish(Stage stage);
    void forget_transaction();

    // authentication.cpp
    void auth(std::string_view argument);
    std::optional<std::string> challenge(std::string_view prompt);
    std::optional<std::string> first_response(std::string_view initial, std::string_view prompt);
    void auth_password(const std::string& mechanism, std::string first);
    void auth_token(const std::string& mechanism, std::string first);
    void verdict(const std::string& mechanism, const std::string& user, bool known);
    bool knows(const std::string& user, std::string_view password) const;

    Wire& wire_;
    const Premises& premises_;
    Script script_;
    std::map<Stage, std::size_t> answered_;
    std::size_t errors_ = 0;
    Envelope envelope_;
    bool greeted_ = false;
    bool in_mail_ = false;
    bool broken_chunks_ = false;  ///< a chunk of this message was refused; the rest of it is, too
    std::unique_ptr<Incoming> incoming_;
    bool too_big_ = false;
    bool disk_refused_ = false;
};

}  // namespace inbox
