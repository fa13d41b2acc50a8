/// A connection of an account, watched: every stage becomes a row of a report, and where one fails, probes
/// say why.
///
/// Guarantees: connects, protects and signs in exactly as sending does (delivery/sign_in), but that every
/// address is tried; nothing is sent: no DATA. Probes stand beside that: none of them signs in. Each wait
/// honours cancel and the call's deadline.
#pragma once

#include <optional>

#include "delivery/port_ladder.hpp"
#include "delivery/sign_in.hpp"
#include "diagnosis/diagnosis.hpp"
#include "message/address.hpp"
#include "net/each_address.hpp"
#include "net/tunnel.hpp"
#include "operations/stage_report.hpp"

namespace mailsend {

/// One check. One thread. Borrows all that it is given; sets hooks of the route.
class ConnectionCheck {
  public:
    ConnectionCheck(delivery::Route& route, StageReport& report, const net::Patience& patience,
                    const Reader& reader);

    /// Goes as far as signing in. False where a row failed. Throws Cancelled.
    bool open();
    /// Asks whether the server takes a message of `from` to `to`. After open(). Throws Cancelled.
    void ask(const AddrSpec& from, const AddrSpec& to);
    /// Says QUIT.
    void leave();

    /// Where the check stands.
    Stage stage() const noexcept { return current_; }
    /// What a message would have failed with; nothing while all went well.
    const std::optional<Error>& error() const noexcept { return error_; }

  private:
    void entered(Stage next);
    void finish(Stage stage);
    Row resolved();
    void settle_mail(bool accepted);
    void settle_rcpt();
    void failed(Facts facts);

    std::unique_ptr<net::Stream> connect_each(const net::Endpoint& endpoint,
                                              const std::vector<std::string>& addresses,
                                              const net::Patience& connecting);
    Error seen(Facts refusal, const std::vector<delivery::Rung>& ladder) const;
    void tell_addresses(net::Survey& survey, const std::vector<delivery::Rung>& ladder);
    void tell_ladder(const std::vector<delivery::Rung>& ladder);
    std::vector<delivery::Rung> climb(const std::vector<std::string>& addresses);

    std::string try_tls(Facts& facts);
    void look_unproven();

    Row row(Stage stage, RowVerdict verdict, std::string text) const;
    Row refused(Facts facts);
    std::string words(const char* name, const std::map<std::string, std::string>& values = {}) const;
    std::uint64_t since_ms() const;
    std::optional<sasl::Credentials> renewed(const net::Patience& patience);

    delivery::Route& route_;
    StageReport& report_;
    const net::Patience& patience_;
    Reader reader_;
    std::function<std::optional<sasl::Credentials>(const net::Patience&)> renew_;
    delivery::SignIn sign_in_;
    Stage current_ = Stage::resolve;
    std::uint64_t begun_ms_;
    std::optional<std::uint64_t> login_ms_{};  ///< what the refused login took; what follows is not its time
    bool renewing_ = false;                    ///< the token was refused
    bool again_ = false;                       ///< the second connection, with another token
    bool told_ = false;                        ///< every address refused, each in a row
    bool mail_told_ = false;
    bool rcpt_told_ = false;
    std::optional<smtp::Transaction> transaction_;
    std::optional<Error> error_;
};

}  // namespace mailsend
