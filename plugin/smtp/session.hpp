/// An SMTP session (RFC 5321) as a state machine without a socket: bytes in, bytes out.
///
/// Guarantees: sends groups of commands and matches each reply to the command it answers; STARTTLS with a
/// byte buffered behind its 220 is an attack (RFC 3207); capabilities are forgotten after TLS; no AUTH in
/// clear unless allowed twice; a reply nobody waits for ends the session. Does not wait, connect, encrypt or
/// compose: delivery/connection does the I/O, message/ the body. One thread at a time.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "outcome/failure.hpp"
#include "sasl/mechanism.hpp"
#include "smtp/authentication.hpp"
#include "smtp/capabilities.hpp"
#include "smtp/command.hpp"
#include "smtp/reply_reader.hpp"
#include "smtp/transaction.hpp"

namespace mailsend::smtp {

enum class Protection { implicit_tls, starttls, none };

/// Whose server it may be, in its own words; nobody vouches for them. At most 256 octets each.
struct ServerSigns {
    std::string greeting;     ///< text of its 220
    std::string server_name;  ///< first word of its reply to EHLO or HELO
};

struct SessionOptions {
    std::string ehlo_name;
    Protection protection = Protection::starttls;
    /// Null: no AUTH. Borrowed until the session ends.
    const sasl::Credentials* credentials = nullptr;
    std::string mechanism;  ///< upper case; empty: the best offered
    bool allow_cleartext_auth = false;
    /// Told every command (masked) and every reply; may be empty.
    std::function<void(Stage, std::string_view line)> sent;
    std::function<void(Stage, const Reply&)> replied;
};

class Session {
  public:
    /// What the driver must do next.
    enum class Want {
        write,    ///< send output(), then call written()
        read,     ///< read, then call received() or closed_by_peer()
        tls,      ///< shake hands, then call tls_established()
        body,     ///< send the message, then end_of_data()
        nothing,  ///< ready for begin() or quit(), or over
    };

    explicit Session(SessionOptions options);

    Want want() const noexcept;
    /// Where the session stands: the stage of the reply awaited, or of the next thing to do.
    Stage stage() const noexcept { return stage_; }

    std::string_view output() const noexcept { return output_.reveal(); }
    void written() noexcept { output_.clear(); }

    /// Takes bytes from the server. Throws Failure.
    void received(std::string_view bytes);
    /// The server closed the connection; always throws Failure, unless nothing was awaited.
    void closed_by_peer();
    /// Why the login cannot succeed, while the server's last word on it is awaited: what to report where that
    /// never comes.
    std::optional<Facts> hopeless() const;
    void tls_established();

    /// Signed in (or as far as the options ask) and between transactions.
    bool ready() const noexcept { return state_ == State::ready; }
    /// The dialogue is in step: QUIT may be said, even after a refusal.
    bool in_step() const noexcept { return in_step_ && expected_.empty() && state_ != State::body; }

    /// Starts `transaction`, which must outlive it; with RSET where the one before was left half-way. Throws
    /// Failure when the server's capabilities forbid it. Needs ready().
    void begin(Transaction& transaction);
    /// The body has been written but for its last bytes; a lost reply means "unknown" from now on. The driver
    /// writes `.` itself.
    void end_of_data();
    /// Not a byte of the end of data has left after all: the server cannot have taken the message.
    void end_of_data_withheld();
    void quit();

    const Capabilities& capabilities() const noexcept { return capabilities_; }
    const ServerSigns& signs() const noexcept { return signs_; }
    /// Mechanism that signed in; empty without AUTH.
    const std::string& mechanism() const noexcept { return mechanism_; }

  private:
    enum class State { handshake, talking, ready, body, over };
    using Handler = void (Session::*)(const Reply&);
    struct Expected {
        Stage stage;
        Handler handler;
    };

    void enter(State state, Stage stage) noexcept;
    void send(const Command& command, Stage stage, Handler handler);
    void say_mail();
    void finish_transaction();
    void end_probe();
    void say_ehlo();
    void protect_or_sign_in();
    void sign_in();
    std::unique_ptr<sasl::Mechanism> mechanism_to_use();
    [[noreturn]] void refuse_to_sign_in(const char* condition, std::string sentence);
    [[noreturn]] void refuse(Stage stage, const Reply& reply);
    [[noreturn]] void unexpected(Stage stage, const Reply& reply);
    bool spoke_out_of_turn(const Reply& reply);

    // One handler a stage.
    void on_greeting(const Reply& reply);
    void on_ehlo(const Reply& reply);
    void on_helo(const Reply& reply);
    void on_starttls(const Reply& reply);
    void on_auth(const Reply& reply);
    void on_fresh_start(const Reply& reply);
    void on_mail(const Reply& reply);
    void on_rcpt(const Reply& reply);
    void on_data(const Reply& reply);
    void on_dot(const Reply& reply);
    void on_rset(const Reply& reply);
    void on_quit(const Reply& reply);

    SessionOptions options_;
    State state_ = State::talking;
    Stage stage_ = Stage::greeting;
    bool encrypted_ = false;
    bool in_step_ = true;
    ReplyReader reader_;
    std::deque<Expected> expected_;
    wfc::SecretString output_;
    Capabilities capabilities_;
    ServerSigns signs_;
    std::optional<Authentication> authentication_;
    std::string mechanism_;
    bool signed_in_ = false;
    Transaction* transaction_ = nullptr;
    bool half_way_ = false;  ///< MAIL was taken, and neither the end of data nor RSET answered since
};

}  // namespace mailsend::smtp
