/// A connection that is signed in, and the queue of turns on it: the I/O around smtp::Session for several
/// threads.
///
/// Guarantees: each call writes its own body on its own thread, and no thread but those of its calls works
/// for it. One of them writes at a time (the pen), one reads for all (the ear); whoever ends a body also
/// writes the next call's commands, in the same write. Every wait honours cancel, deadline and stage
/// time-outs of its own call. A turn that gives up inside its body, or is not answered in time, closes the
/// connection: turns whose end of data was begun still hear their answers, as far as they come, all others
/// are moved. A reply that came before a reset is kept. Nothing is begun behind a message that the server
/// has kept waiting for a second; what waits there is given back.
///
/// Does not choose between connections (Pool) and does not say what a refusal means (SmtpTransport).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delivery/leave.hpp"
#include "delivery/sign_in.hpp"
#include "delivery/turn.hpp"

namespace mailsend::delivery {

/// Where turns come from that no line has taken yet. All under the pool's mutex.
class TurnQueue {
  public:
    /// The next one that `line` may take, already its own; null: none waits.
    virtual std::shared_ptr<Turn> next(Line& line) = 0;
    /// `line` may take more than before, or is over.
    virtual void changed(Line& line) = 0;

  protected:
    ~TurnQueue() = default;
};

/// Shared by the threads of its turns; what says `locked` needs the pool's mutex. Destroying it closes the
/// connection at once.
class Line : public std::enable_shared_from_this<Line> {
  public:
    using Lock = std::unique_lock<std::mutex>;

    /// Copies what it needs of `route`. `mutex` and `queue` are the pool's.
    Line(const Route& route, std::mutex& mutex, TurnQueue& queue);
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    /// Before anybody else knows it: resolves, connects, signs in. Throws as SignIn::open.
    void open(const net::Patience& patience, const std::set<std::string>& avoided,
              const std::function<void(Stage)>& entered);
    /// The same, where that has failed: says QUIT where the dialogue is in step, waits at most a second for
    /// the reply, and closes.
    void give_up(const net::Patience& patience) noexcept;
    /// Held as long as the connection is open; may be null.
    void keep(std::unique_ptr<Leave> leave) { leave_ = std::move(leave); }

    /// Locked. Another turn may be taken at once, beside those that are on their way.
    bool takes(unsigned in_flight) const;
    /// Locked. Nobody speaks on it.
    bool idle() const noexcept { return turns_.empty(); }
    /// Locked. More turns will be taken, now or later.
    bool fit() const { return !closing_ && session().ready(); }
    /// Locked, and idle. False where the server has said something or hung up meanwhile.
    bool quiet();
    /// Locked. Turns taken so far.
    unsigned taken() const noexcept { return taken_; }
    /// Locked. When it was last spoken on.
    std::uint64_t heard_ms() const noexcept { return heard_ms_; }
    std::size_t load() const noexcept { return turns_.size(); }
    /// Locked. Takes `turn`, which waits for nobody.
    void take(const std::shared_ptr<Turn>& turn);
    /// Locked. Nothing more is begun on it.
    void retire() noexcept { closing_ = true; }
    /// Locked. RFC 2920 and RFC 3030 are not made use of any more.
    void forgo(bool pipelining, bool chunking) { session().forgo(pipelining, chunking); }

    /// Runs a turn that this line has taken, on the thread of its call, until it has settled: it holds what
    /// was said and answered, also when this throws Moved, Failure, Cancelled, SourceBroken or what
    /// `call.ending` threw. GivenBack: no line has it any more.
    void run(Turn& turn, Call& call);

    /// Locked. The call of `turn`, which this line has taken, goes, and nothing has settled.
    void abandon(Turn& turn) noexcept;

    /// Says QUIT where the dialogue is in step, without waiting for the reply, and closes. Nobody speaks on
    /// it any more.
    void close() noexcept;

    /// As it was when it was signed in.
    const ServerFacts& server() const noexcept { return server_; }
    /// Which connection it is; not to be asked about its stream.
    const SignIn& sign_in() const noexcept { return sign_in_; }
    const Connection& connection() const noexcept { return sign_in_.connection(); }
    /// Not locked. As fit().
    bool usable() const;
    /// Not locked. How the next turn would go.
    smtp::Flow flow() const;

  private:
    enum class Peer { silent, answered, gone };

    smtp::Session& session() const noexcept { return sign_in_.connection().session(); }
    net::Stream& stream() const noexcept { return sign_in_.connection().stream(); }

    // line.cpp
    bool prompt() const;
    void serve(Lock& lock, Turn& turn, Call& call);
    void settle_rest(Lock& lock, Turn& turn, Call& call) noexcept;
    void check_standing(Turn& turn);
    void begin(Turn& turn);
    std::string unsent(Turn& turn);
    void begin_next();
    void remove(const Turn& turn) noexcept;
    bool due(const Turn& turn) const;
    void keep_alive() noexcept;
    // line_talk.cpp
    void flush(Lock& lock, Turn& turn, Call& call);
    void listen(Lock& lock, Turn& turn, Call& call);
    void hear(std::string_view bytes);
    void hung_up();
    void broken(const Facts& facts);
    void settle();
    void wait(Lock& lock, Turn& turn, Call& call);
    void pass_the_ear(const Turn& from);
    void pass_the_pen();
    std::uint64_t slice_ms(const Turn& turn) const;
    Peer hear_early(Lock& lock, Turn& turn, Call& call);
    // line_body.cpp
    void send_data(Lock& lock, Turn& turn, Call& call);
    void send_chunks(Lock& lock, Turn& turn, Call& call);
    smtp::BodyBuffer& begin_body(Lock& lock, Call& call, smtp::BodyBuffer::Form form);
    void fill(Lock& lock, Call& call);
    void note_ending(Lock& lock, const Turn& turn, Call& call);
    void put_pen_down();
    bool write_body(Lock& lock, Turn& turn, Call& call, std::string_view bytes,
                    std::optional<std::uint64_t> end);
    bool stopped_early(Lock& lock, Turn& turn, Call& call);

    std::mutex& mutex_;
    TurnQueue& queue_;
    Route route_;
    mutable SignIn sign_in_;
    ServerFacts server_;
    std::unique_ptr<Leave> leave_;
    std::mutex leave_mutex_;

    std::vector<std::shared_ptr<Turn>> turns_;  ///< taken and not settled, in their order
    std::string unsent_;                        ///< commands of turns that were begun
    const Turn* pen_ = nullptr;                 ///< whose thread writes
    bool long_body_ = false;                    ///< the pen will not be free in a moment
    bool ear_ = false;                          ///< some thread reads
    bool closing_ = false;                      ///< nothing more is begun or written
    bool dead_ = false;                         ///< nor can be, not even QUIT
    std::optional<Facts> broken_;               ///< why nothing more can be heard
    const Turn* culprit_ = nullptr;             ///< whose reply was awaited when that happened
    unsigned taken_ = 0;
    std::uint64_t moved_ms_ = 0;  ///< the last reply
    std::uint64_t heard_ms_ = 0;
};

}  // namespace mailsend::delivery
