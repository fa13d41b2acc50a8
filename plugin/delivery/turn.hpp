/// One transaction on a connection that several calls share, and the call that it is for.
///
/// A Turn belongs to the connection's side: it lives as long as a session may still speak of it, also when
/// its call has gone. A Call belongs to the thread that waits for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "delivery/route.hpp"
#include "message/message.hpp"
#include "net/patience.hpp"
#include "outcome/failure.hpp"
#include "outcome/result.hpp"
#include "smtp/body_buffer.hpp"
#include "smtp/transaction.hpp"

namespace mailsend::delivery {

class Line;

/// Everything in it belongs to the pool's mutex once the turn waits for a line.
struct Turn {
    explicit Turn(smtp::Transaction asked) : transaction(std::move(asked)) {}

    smtp::Transaction transaction;
    std::condition_variable wake{};  ///< its call sleeps on it
    Line* line = nullptr;            ///< that has taken it
    std::exception_ptr unbegun{};    ///< why it was not begun, where another thread was about to
    bool reused = false;             ///< there were turns before it on its connection
    bool stale = false;              ///< nothing had been heard on its connection for a while
    bool abandoned = false;          ///< its call has gone
    std::size_t mark = 0;            ///< grows with each reply to it
    std::uint64_t place = 0;         ///< in the order in which they came; 0: it has not
    std::uint64_t since_ms = 0;      ///< when it was begun, or its end of data
    std::uint64_t sent = 0;          ///< octets
    std::uint64_t received = 0;      ///< octets
};

/// The connection ends because of somebody else's turn, or is not to be used any more: this one was not, or
/// not wholly, handed over, and another connection may take it.
struct Moved {
    Facts why;
};

/// Nothing of the turn was begun, nor will be soon, as its connection is busy with another one.
struct GivenBack {};

/// What the thread of a turn works with. That thread only.
class Call {
  public:
    /// Told when the whole body has been read, and before a byte of the end of data leaves, of whom nobody
    /// has been refused (places in the transaction).
    using Ending = std::function<void(const std::vector<std::size_t>& places)>;

    Call(Message& to_read, const Ending& to_tell, const net::Patience& to_ask, const Route& route)
        : message(to_read), ending(to_tell), patience(to_ask), route_(route) {}

    /// Time that goes by from now on belongs to MAIL.
    void begin();
    /// The dialogue has come to `stage`: tells whoever watches, and of those in between.
    void follow(Stage stage);
    /// The time until now belongs to the stage reached.
    void settle();
    Stage stage() const noexcept { return stage_; }

    /// Composes the first piece of the body, or all of it, before a connection is there for it. Throws as
    /// Message::read.
    void prepare(smtp::BodyBuffer::Form form);
    /// The buffer with the first piece in it, in this form.
    smtp::BodyBuffer& begin_body(smtp::BodyBuffer::Form form);
    /// The next piece.
    void fill();
    /// All of the body stands in the buffer.
    bool whole() const noexcept { return buffer_ && buffer_->ended(); }
    bool message_read() const noexcept { return read_; }
    /// Whether somebody has to be told before the end of data leaves, and has not been.
    bool owes_note() const noexcept { return ending && !noted; }

    Message& message;
    const Ending& ending;
    const net::Patience& patience;
    Attempt attempt{};
    bool noted = false;  ///< `ending` was told

  private:
    const Route& route_;
    std::optional<smtp::BodyBuffer> buffer_{};
    smtp::BodyBuffer::Form form_ = smtp::BodyBuffer::Form::plain;
    bool prepared_ = false;
    bool read_ = false;
    Stage stage_ = Stage::mail;
    std::uint64_t since_ms_ = 0;
    bool begun_ = false;
};

}  // namespace mailsend::delivery
