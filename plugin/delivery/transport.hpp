/// How a message leaves: the seam between composing and SMTP, Gmail API, Microsoft Graph.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "delivery/leave.hpp"
#include "message/message.hpp"
#include "net/patience.hpp"
#include "outcome/failure.hpp"
#include "outcome/result.hpp"
#include "outcome/shared.hpp"

namespace mailsend::delivery {

/// `unknown`: the end of data was begun and no reply to it came.
enum class Fate { accepted, rejected, not_attempted, unknown };

/// A message in flight has one for each of its recipients, of whom there may be a thousand: what is the same
/// for many of them is kept once.
struct RecipientReport {
    std::size_t place = 0;  ///< in envelope().forward_paths
    Fate fate = Fate::not_attempted;
    Shared<Facts> facts{};  ///< of the refusal; of not_attempted: what kept it from being tried
    /// To the end of data: of accepted, and of rejected where it was refused there.
    Shared<Reply> reply{};
};

/// What one delivery is to do, and who is asked on the way. All on the delivering thread; each may be empty.
struct Order {
    std::vector<std::size_t> recipients;  ///< places in envelope().forward_paths, ascending; at least one
    /// Signed in, before MAIL, once a transaction. May wait; throws Failure, Cancelled, TimedOut.
    std::function<void(std::size_t recipients, const net::Patience&)> admit{};
    /// The body is on its way, and no byte of the end of data: who would get it. Durable when it returns.
    /// Throws Failure or wfc::Problem: then the end of data never leaves and the connection is dropped. It
    /// never leaves either where the server turns out to have refused or hung up meanwhile.
    std::function<void(const std::vector<std::size_t>& places)> ending{};
    /// After a transaction for which `ending` returned, whatever became of it (without `ending`: whose end of
    /// data was begun): of all its recipients. Never throws.
    std::function<void(std::span<const RecipientReport>)> answered{};
    std::set<std::string> avoided{};  ///< addresses to try last
    /// What a bounce names the message by (RFC 3461 section 4.4, ENVID), which then repeats only the headers;
    /// said where the server offers DSN.
    std::optional<std::string> envelope_id{};
    /// Before a connection is opened: waits for the leave to have one (null: none is needed), which lives as
    /// long as the connection. Nothing where `elsewhere` came true meanwhile. Throws Failure, Cancelled.
    std::function<std::optional<std::unique_ptr<Leave>>(const net::Patience&,
                                                        const std::function<bool()>& elsewhere)>
        leave{};
    /// Connections are all in use: a wait for one begins (true), or is over.
    std::function<void(bool)> queued{};
};

/// What became of one message. Facts only: explanations are written later, in the flow's language.
struct Report {
    Verdict verdict = Verdict::failed;        ///< accepted, partial, rejected, failed, unknown or cancelled
    std::vector<RecipientReport> recipients;  ///< of the order, in its order
    std::optional<Reply> reply;               ///< the positive reply to the end of data
    std::optional<Facts> facts;               ///< why the verdict is not accepted
    std::vector<Attempt> attempts;
    ServerFacts server;
    /// Those of `recipients` for whom the transaction had no room: not attempted, and nothing is against
    /// trying them at once. The verdict is of the others.
    std::vector<std::size_t> left_over{};
    bool message_read = false;     ///< to deliver again, the message must be rewound
    bool another_address = false;  ///< the server has one that nothing speaks against yet
};

/// One message, one thread. Borrows what it is made from.
class Transport {
  public:
    virtual ~Transport() = default;
    /// Tries to deliver and reports; throws only for defects, and what `order.ending` throws but Failure, and
    /// only where nobody has the message yet.
    /// When the end of data was begun and no reply came, the verdict is unknown, whatever else happened. The
    /// message stands at its first byte. May be called again with the same one, rewound where it was read,
    /// for recipients that did not get it.
    virtual Report deliver(Message& message, const Order& order, const net::Patience& patience) = 0;
    /// Takes leave of the server where a connection was kept. Once at the end; deliver() may follow all the
    /// same. Never waits more than a second or two.
    virtual void close(const net::Patience& patience) noexcept = 0;
};

}  // namespace mailsend::delivery
