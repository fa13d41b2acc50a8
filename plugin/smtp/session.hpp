/// An SMTP session (RFC 5321) as a state machine without a socket: bytes in, bytes out.
///
/// Guarantees: sends groups of commands and matches each reply to the command it answers, and with it to its
/// transaction, of which several may be in flight (RFC 2920, RFC 3030); STARTTLS with a byte buffered behind
/// its 220 is an attack (RFC 3207); capabilities are forgotten after TLS; no AUTH in clear unless allowed
/// twice; a reply nobody waits for ends the session. Does not wait, connect, encrypt or compose: delivery/
/// does the I/O, message/ the body. BINARYMIME is not used. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outcome/failure.hpp"
#include "sasl/mechanism.hpp"
#include "smtp/authentication.hpp"
#include "smtp/capabilities.hpp"
#include "smtp/command.hpp"
#include "smtp/queue.hpp"
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
    bool pipelining = true;  ///< where it is offered
    bool chunking = true;    ///< where it is offered together with PIPELINING
    /// Told every command (masked) and every reply; may be empty.
    std::function<void(Stage, std::string_view line)> sent;
    std::function<void(Stage, const Reply&)> replied;
};

/// Transactions are borrowed from begin() until they are done or abandoned, or the session has failed.
class Session {
  public:
    /// What the driver must do next. Where it is nothing, a body may be due: may_send_body().
    enum class Want {
        write,    ///< send output(), then call written()
        read,     ///< read, then call received() or closed_by_peer()
        tls,      ///< shake hands, then call tls_established()
        nothing,  ///< it is the driver's turn: a body, begin() or quit(); or it is over
    };

    explicit Session(SessionOptions options);

    Want want() const noexcept;
    /// Where the session stands: the stage of the reply awaited, or of the next thing to do.
    Stage stage() const noexcept { return stage_; }

    /// Borrowed until the next call.
    std::string_view output() const noexcept { return output_.empty() ? group_.wire() : output_.reveal(); }
    /// output() is on its way, or about to be: replies to it are no surprise any more.
    void written() noexcept;

    /// Takes bytes from the server. Throws Failure: nothing more can be said then, and what was in flight
    /// keeps what was recorded; that is done where it was decided().
    void received(std::string_view bytes);
    /// The server closed the connection; always throws Failure, unless nothing was awaited. What was in
    /// flight: as received().
    void closed_by_peer();
    /// The connection has ended in another way (a reset). What was in flight: as received().
    void lost() noexcept;
    /// Why the login cannot succeed, while the server's last word on it is awaited: what to report where that
    /// never comes.
    std::optional<Facts> hopeless() const;
    void tls_established();

    /// Signed in (or as far as the options ask), and not over. Transactions may be in flight.
    bool ready() const noexcept { return state_ == State::ready && !leaving_; }
    /// 421 came, so nothing more begins; messages that had left whole by then are in flight until the server
    /// closes, which shuts them out, or goes on all the same, and answers.
    bool leaving() const noexcept { return state_ == State::ready && leaving_; }
    /// The dialogue is in step and nothing is in flight: QUIT may be said, even after a refusal.
    bool in_step() const noexcept { return in_step_ && expected_.empty() && open_ == nullptr && !cut_short_; }

    /// Of the next transaction. Means something once ready().
    Flow flow() const noexcept;
    /// From now on these are not used. A transaction that was begun goes on as it began.
    void forgo(bool pipelining, bool chunking) noexcept;

    /// Another transaction may begin: the one before is done or its end of data was begun; in lockstep, it is
    /// done and nothing is awaited. How many may be in flight is for the driver to say.
    bool may_begin() const noexcept;
    /// Appends to output() what the flow permits of: RSET where the one before was left half-way or may have
    /// been, MAIL, RCPT, DATA. Throws Failure when the server's capabilities forbid it,
    /// std::invalid_argument; nothing was appended then. Needs may_begin().
    void begin(Transaction& transaction);
    /// The body of `transaction` is awaited: 354 came; chunked: the recipients were named (all_or_nothing:
    /// and accepted). Until the end of data or a refusal of all; who sees decided() meanwhile may give_up().
    bool may_send_body(const Transaction& transaction) const noexcept;
    /// Chunked: appends BDAT to output(); the driver sends it and exactly so many octets, as they are. The
    /// last may be empty; with it the end of data is begun.
    void chunk(Transaction& transaction, std::uint64_t octets, bool last);
    /// Chunked, instead of the last chunk: appends RSET, so that nothing is sent.
    void give_up(Transaction& transaction);
    /// The body has been written but for its last bytes; a lost reply means "unknown" from now on. The driver
    /// writes `.` itself, before anything that is appended to output() later.
    void end_of_data(Transaction& transaction);
    /// Not a byte of the end of data has left after all, nor of what was appended since: the server cannot
    /// have taken the message.
    void end_of_data_withheld(Transaction& transaction);
    /// Not waited for any more: replies to it are taken and forgotten, and it may end. Done where it is
    /// decided(). The others still hear theirs; where more of it was to be said, nothing else is begun.
    void abandon(Transaction& transaction) noexcept;
    void quit();

    /// Begun and neither done nor abandoned.
    std::size_t in_flight() const noexcept { return flying_.size(); }
    bool awaits_replies() const noexcept { return !expected_.empty(); }

    const Capabilities& capabilities() const noexcept { return capabilities_; }
    const ServerSigns& signs() const noexcept { return signs_; }
    /// Mechanism that signed in; empty without AUTH.
    const std::string& mechanism() const noexcept { return mechanism_; }

  private:
    enum class State { handshake, talking, ready, over };
    using Handler = void (Session::*)(const Reply&, Transaction*);
    struct Expected {
        Stage stage;
        Handler handler;
        Transaction* transaction;  ///< null: nobody's, or abandoned
    };

    void enter(State state, Stage stage) noexcept;
    void send(const Command& command, Stage stage, Handler handler);
    void say_ehlo();
    void protect_or_sign_in();
    void sign_in();
    std::unique_ptr<sasl::Mechanism> mechanism_to_use();
    [[noreturn]] void refuse_to_sign_in(const char* condition, std::string sentence);

    // Replies.
    void take(Reply& reply);
    void match(const Reply& reply, const Reply& shown);
    bool in_doubt() const noexcept;
    bool reset_refused_in_leaving() noexcept;
    void say_no_more() noexcept;
    void break_off() noexcept;
    [[noreturn]] void refuse(Stage stage, const Reply& reply);
    [[noreturn]] void unexpected(Stage stage, const Reply& reply);
    bool spoke_out_of_turn(const Reply& reply);

    // Transactions.
    void check(const Transaction& transaction) const;
    void said(Stage stage, Handler handler, Transaction* transaction);
    void say_mail(Transaction& transaction);
    void say_rcpt(Transaction& transaction);
    void say_rset(Stage stage, Handler handler, Transaction* transaction);
    void say_data(Transaction& transaction);
    void go_on(Transaction& transaction);
    void go_on_in_lockstep(Transaction& transaction);
    void all_named(Transaction& transaction);
    void end_with_rset(Transaction& transaction);
    void close(Transaction& transaction) noexcept;
    void refused(Transaction& transaction, const Reply& reply, Stage stage);
    void settle(Transaction& transaction) noexcept;

    // One handler a stage.
    void on_greeting(const Reply& reply, Transaction*);
    void on_ehlo(const Reply& reply, Transaction*);
    void on_helo(const Reply& reply, Transaction*);
    void on_starttls(const Reply& reply, Transaction*);
    void on_auth(const Reply& reply, Transaction*);
    void on_fresh_start(const Reply& reply, Transaction* transaction);
    void on_mail(const Reply& reply, Transaction* transaction);
    void on_rcpt(const Reply& reply, Transaction* transaction);
    void on_data(const Reply& reply, Transaction* transaction);
    void on_dot(const Reply& reply, Transaction* transaction);
    void on_empty_body(const Reply& reply, Transaction* transaction);
    void on_chunk(const Reply& reply, Transaction* transaction);
    void on_last_chunk(const Reply& reply, Transaction* transaction);
    void on_rset(const Reply& reply, Transaction* transaction);
    void on_quit(const Reply& reply, Transaction*);

    SessionOptions options_;
    State state_ = State::talking;
    Stage stage_ = Stage::greeting;
    bool encrypted_ = false;
    bool in_step_ = true;
    bool leaving_ = false;                    ///< 421 came
    bool server_left_ = false;                ///< … and nothing after it
    bool reset_refused_ = false;              ///< with 421: the envelope before may still be there
    const Transaction* dismissed_ = nullptr;  ///< the 421 was for it; only to be compared
    bool cut_short_ = false;                  ///< the server waits for the rest of what was abandoned
    ReplyReader reader_;
    Queue<Expected> expected_;
    std::size_t unsent_ = 0;    ///< of expected_, at its end: to commands that stand in output()
    wfc::SecretString output_;  ///< until signed in
    CommandGroup group_;        ///< from then on
    Capabilities capabilities_;
    ServerSigns signs_;
    std::optional<Authentication> authentication_;
    std::string mechanism_;
    bool signed_in_ = false;
    std::vector<Transaction*> flying_;     ///< begun and not done, in that order
    Transaction* open_ = nullptr;          ///< begun, and more of it is to be said
    const Transaction* latest_ = nullptr;  ///< begun last; only to be compared, it may have ended
    bool half_way_ =
        false;  ///< the server may hold an envelope of `latest_` that neither its end of data nor RSET ends
};

}  // namespace mailsend::smtp
