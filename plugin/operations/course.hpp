/// One message on its way: the order that a transport is given, with the ledger and the limits in it.
///
/// Guarantees: a connection and a message's place within the limits are held before they are used; whatever
/// waits, the claims of this call are kept alive meanwhile, and after a second of waiting for a limit whoever
/// watches the call is told. Does not try again and does not explain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "delivery/transport.hpp"
#include "governor/governor.hpp"
#include "net/patience.hpp"
#include "operations/invocation.hpp"

namespace mailsend {

class LedgerEntry;

/// The report on a delivery to these places of an envelope that `why` kept from beginning.
delivery::Report nothing_tried(const std::vector<std::size_t>& places, const Facts& why);

/// Why a call ended that was cancelled, or had no time left.
Facts stopped(const Cancelled& cancelled);
Facts stopped(const net::TimedOut& late);

/// One thread, one message.
class Course {
  public:
    /// To those whom the ledger has open, or without an entry (null) to all `recipients` of the envelope.
    Course(Invocation& invocation, LedgerEntry* entry, std::size_t recipients);
    Course(const Course&) = delete;
    Course& operator=(const Course&) = delete;

    /// What a bounce is to name the message by: see delivery::Order.
    void name(std::string envelope_id) { order_.envelope_id = std::move(envelope_id); }

    /// Delivers and takes leave. Throws as Transport::deliver.
    delivery::Report go(delivery::Transport& transport, Message& message);

    /// Waited for limits.
    std::uint64_t queue_ms() const noexcept { return queue_ms_; }

  private:
    void keep_alive() noexcept;
    void tell() noexcept;
    void queue(Stage stage, const std::function<void()>& wait);
    void queue_over() noexcept;
    std::optional<std::unique_ptr<delivery::Leave>> leave(const net::Patience& patience,
                                                          const std::function<bool()>& elsewhere);

    Invocation& invocation_;
    LedgerEntry* entry_;
    net::Patience patience_;
    governor::Passage passage_{};
    delivery::Order order_{};
    struct Queue {
        Stage stage;
        std::uint64_t since_ms;
        bool told = false;
    };
    std::optional<Queue> queue_{};
    std::uint64_t queue_ms_ = 0;
};

}  // namespace mailsend
