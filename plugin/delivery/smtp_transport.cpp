#include "delivery/smtp_transport.hpp"

#include <algorithm>
#include <utility>

#include "delivery/transaction_try.hpp"

namespace mailsend::delivery {
namespace {

/// A message does not change connections for ever because of others on them.
constexpr unsigned most_moves = 64;

}  // namespace

Report SmtpTransport::deliver(Message& message, const Order& order, const net::Patience& patience) {
    if (pool_ == nullptr) pool_ = &own_.emplace(PoolTerms{.connections = 1, .idle_timeout_ms = 0});
    if (!visit_) visit_.emplace(*pool_, route_);
    visit_->avoided = avoided_;
    visit_->avoided.insert(order.avoided.begin(), order.avoided.end());
    bool admitted = false;
    std::vector<Attempt> before;
    for (unsigned moves = 0;; ++moves) {
        TransactionTry one(*visit_, route_, on_partial_, message, order, patience);
        one.run(admitted);
        const bool again =
            one.may_be_repeated() && moves < most_moves && (!one.message_read() || message.rewind());
        if (!again) one.note_address(avoided_);
        Report report = one.report(!again);
        std::move(report.attempts.begin(), report.attempts.end(), std::back_inserter(before));
        if (again) continue;
        report.attempts = std::move(before);
        return report;
    }
}

void SmtpTransport::close(const net::Patience&) noexcept {
    visit_.reset();
}

}  // namespace mailsend::delivery
