/// One try to get one message through one transaction on a connection of a pool.
///
/// Guarantees: a report whatever happens, unless by a defect, or by what Order::ending throws, while nobody
/// can have the message. Says whether the try may be made again at once; does not make it.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "delivery/pool.hpp"
#include "delivery/smtp_transport.hpp"
#include "delivery/transport.hpp"
#include "delivery/turn.hpp"

namespace mailsend::delivery {

/// One thread. Borrows what it is made from.
class TransactionTry {
  public:
    TransactionTry(Pool::Visit& visit, const Route& route, Partial on_partial, Message& message,
                   const Order& order, const net::Patience& patience);

    /// Never more than one of the tries of a delivery asks for admission.
    void run(bool& admitted);

    /// It failed for a reason that is not the message's, and nobody can have it: the connection had been
    /// idle and was found dead before MAIL was answered, ended because of another message, or the server did
    /// not keep to what it offered, which it is not asked for again.
    bool may_be_repeated();
    /// The message must be rewound before.
    bool message_read() const noexcept { return report_.message_read; }

    /// Where it failed before MAIL was answered, another address may do better: adds to those to avoid.
    void note_address(std::set<std::string>& avoided);

    /// Ends it.
    Report report(bool last);

  private:
    void hand_in(bool& admitted);
    void prepare();
    void admit();
    void end(std::vector<std::size_t> places);
    void failed(Verdict verdict, const Facts& facts);
    void conclude();
    bool found_dead() const;
    bool lied_to();
    const Line* line() const noexcept { return line_ ? line_.get() : visit_.opened().get(); }
    const smtp::Transaction& transaction() const noexcept { return turn_->transaction; }

    Pool::Visit& visit_;
    const Route& route_;
    const Partial on_partial_;
    const Order& order_;
    const net::Patience& patience_;
    const Call::Ending ending_;
    Call call_;
    std::shared_ptr<Turn> turn_;
    std::shared_ptr<Line> line_{};  ///< that the turn ran on, or that was to be had for it
    Report report_{};
    bool ran_ = false;
    bool moved_ = false;
    bool own_fault_ = false;  ///< of the message or its ledger, whatever it did to the connection
    bool told_ = false;       ///< Order::ending returned
};

}  // namespace mailsend::delivery
