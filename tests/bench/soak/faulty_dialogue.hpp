/// One connection of the faulty sink, with at most one fault.
///
/// Guarantees: the socket is closed at the end; a client that says nothing for 10 s is left. One thread.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/soak/faulty_sink.hpp"

namespace bench {

struct SinkFault {
    enum class Kind { none, refuse, refuse_second, cut, reset, cut_body, reset_body, drip, late, stall };
    /// Where it answers: in the order of the dialogue.
    enum class Place { greeting, ehlo, mail, rcpt, data, dot, quit };
    Kind kind = Kind::none;
    Place place = Place::greeting;
    bool transient = false;  ///< of refusals: 4yz
    unsigned time_ms = 0;    ///< of late replies
};

SinkFault drawn(const FaultRates& rates, std::minstd_rand& dice);

class FaultyDialogue {
  public:
    /// Told how a message begins that was read to its end and not refused, before it is answered.
    using Taken = std::function<void(std::string_view head, const std::vector<std::string>& recipients)>;
    /// Owns the connected socket `fd`.
    FaultyDialogue(int fd, const SinkFault& fault, Taken taken);
    ~FaultyDialogue();
    FaultyDialogue(const FaultyDialogue&) = delete;
    FaultyDialogue& operator=(const FaultyDialogue&) = delete;

    void run();

  private:
    bool obey(std::string_view line);
    bool answer(SinkFault::Place place, std::string_view reply);
    bool refused(SinkFault::Place place) const;
    bool say(std::string_view text);
    void hang_up(bool reset);
    bool line(std::string& out);
    bool skip_message();
    bool fill();

    int fd_;
    const SinkFault fault_;
    const Taken taken_;
    unsigned asked_ = 0;                   ///< recipients of this transaction
    std::vector<std::string> recipients_;  ///< those of them that were not refused
    std::string buffer_;
    std::string head_;
};

}  // namespace bench
