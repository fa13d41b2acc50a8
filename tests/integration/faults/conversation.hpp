/// The server's side of one dialogue, with the fault of a cell where it is due.
///
/// Guarantees: does what a server should up to the fault; behind it only what the fault leaves possible.
/// One thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "faults/cell.hpp"
#include "faults/peer.hpp"

namespace faults {

class Conversation {
  public:
    /// `handed_over` is called at each end of data. All is borrowed until `run` returns.
    Conversation(Peer& peer, const Cell& cell, std::chrono::milliseconds time_out,
                 const inbox::ServerTls& tls, std::function<void()> handed_over);

    /// Talks until the connection is over. `faulty`: the fault of the cell is to strike.
    void run(bool faulty);

  private:
    void talk();
    void obey(std::string_view line);
    void answer(Stage stage, std::string_view reply);
    void shake_hands();
    void read_message();
    /// Returns where the dialogue can go on, late or slowly; else throws Gone. `heard`: the last bytes of a
    /// message that was being read.
    void strike(std::string& heard);
    [[noreturn]] void read_to_the_end(std::string& heard);
    bool due(Stage stage) const noexcept { return faulty_ && stage == cell_.stage; }

    Peer& peer_;
    const Cell cell_;
    const std::chrono::milliseconds time_out_;
    const inbox::ServerTls& tls_;
    const std::function<void()> handed_over_;
    bool faulty_ = false;
    bool encrypted_ = false;
};

}  // namespace faults
