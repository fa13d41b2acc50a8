/// The cells of the fault matrix: which fault strikes at which stage under which protection.
///
/// Guarantees: every cell that can exist, once, in the order of the table. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faults {

enum class Protection { none, starttls, tls };

/// Where the server would answer next when the fault strikes; `body`: while it reads the message.
enum class Stage {
    connect,
    tls,
    greeting,
    ehlo,
    starttls,
    ehlo_again,  ///< under TLS, after STARTTLS
    auth,
    mail,
    rcpt,
    data,
    body,
    dot,
    quit
};

enum class Fault {
    cut,         ///< closes the socket, without a word to TLS
    delay,       ///< does what it should, but after twice the time-out
    reset,       ///< RST
    half_close,  ///< ends its own direction politely and goes on reading
    blackhole,   ///< neither reads nor says anything any more
    garbage,     ///< says what is no reply
    drip         ///< does what it should, one byte per interval
};

struct Cell {
    Protection protection = Protection::none;
    Stage stage = Stage::connect;
    Fault fault = Fault::cut;
    /// "starttls/ehlo_again/half_close".
    std::string name() const;
};

std::string_view to_string(Protection protection) noexcept;
std::string_view to_string(Stage stage) noexcept;
std::string_view to_string(Fault fault) noexcept;

/// Before there is a connection it can only be refused or swallowed; the stages of TLS are those of the
/// protection.
std::vector<Cell> all_cells();

}  // namespace faults
