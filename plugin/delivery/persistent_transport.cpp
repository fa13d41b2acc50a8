#include "delivery/persistent_transport.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace mailsend::delivery {
namespace {

/// A connection on which nothing is said for longer is given back to the server meanwhile.
constexpr std::uint64_t longest_idle_ms = 10'000;

constexpr const char* retry_after = "retry_after_ms";

bool may_be_repeated(const Report& report) {
    return report.verdict == Verdict::failed || report.verdict == Verdict::rejected ||
           report.verdict == Verdict::partial || report.verdict == Verdict::accepted;
}

Facts stopped() {
    return Failure(Stage::host, "cancelled", Cancelled().what()).facts();
}

}  // namespace

/// What is to be done after one try, recipient by recipient.
PersistentTransport::Plan PersistentTransport::plan(const Report& report, const History& history) const {
    Plan plan;
    if (!may_be_repeated(report)) return plan;
    std::optional<double> chance;  // one for all, and none where nothing went wrong: a roll may cost as much
                                   // as a message
    const auto decided = [&](const Facts& facts) {
        if (!chance) chance = terms_.chance();
        return decide(facts, terms_.diagnose(facts), history, *chance);
    };
    bool all = true;
    for (const RecipientReport& recipient : report.recipients) {
        if (recipient.fate == Fate::accepted || !recipient.facts) continue;
        const Decision decision = decided(*recipient.facts);
        if (decision.next == Next::stop_with_after)
            plan.later.emplace_back(recipient.place, decision.wait_ms);
        if (decision.next != Next::again) {
            all = false;
            continue;
        }
        plan.places.push_back(recipient.place);
        if (!plan.facts || decision.wait_ms > plan.wait_ms) {
            plan.facts = recipient.facts;
            plan.wait_ms = decision.wait_ms;
        }
    }
    if (on_partial_ == Partial::fail && !all) plan.places.clear();
    if (plan.places.empty() && report.verdict == Verdict::failed && report.facts) {
        const Decision decision = decided(*report.facts);
        if (decision.next == Next::stop_with_after) plan.all_later = decision.wait_ms;
    }
    return plan;
}

/// Throws Cancelled, TimedOut.
void PersistentTransport::pause(const Plan& plan, const net::Patience& patience) {
    if (plan.wait_ms == 0) return patience.check();
    if (terms_.waiting) terms_.waiting(plan.wait_ms, *plan.facts);
    const std::uint64_t end = patience.now_ms() + plan.wait_ms;
    if (plan.wait_ms > longest_idle_ms) inner_.close(patience);
    for (std::uint64_t now = patience.now_ms(); now < end; now = patience.now_ms()) {
        patience.check();
        const auto slice = static_cast<std::uint64_t>(patience.slice_ms());
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min(slice, end - now)));
    }
    patience.check();
}

Report PersistentTransport::deliver(Message& message, const Order& order, const net::Patience& patience) {
    JoinedReport joined(order, on_partial_);
    Order rest = order;
    History history;
    history.attempts = terms_.attempts;
    std::uint64_t waited_ms = 0;
    for (;; ++history.tries) {
        Report report;
        try {
            report = inner_.deliver(message, rest, patience);
        } catch (const std::exception& defect) {
            if (!joined.owed()) throw;
            joined.broken_off(rest.recipients, defect);
            break;
        }
        if (!report.attempts.empty()) report.attempts.front().wait_ms = waited_ms;
        history.another_address = report.another_address;
        history.left_ms = patience.remaining_ms();
        const Plan plan = this->plan(report, history);
        if (report.facts && refused_login(*report.facts)) ++history.refused_logins;
        if (plan.all_later) report.facts->details[retry_after] = std::to_string(*plan.all_later);
        const bool read = report.message_read;
        joined.add(std::move(report));
        for (const auto& [place, wait_ms] : plan.later)
            joined.detail(place, retry_after, std::to_string(wait_ms));
        if (plan.places.empty() || (read && !message.rewind())) break;
        const std::uint64_t begun = patience.now_ms();
        try {
            pause(plan, patience);
        } catch (const Cancelled&) {
            joined.cancelled(stopped());
            break;
        } catch (const net::TimedOut&) {
            break;
        }
        waited_ms = patience.now_ms() - begun;
        joined.not_the_last(*plan.facts);
        rest.recipients = plan.places;
    }
    return std::move(joined).finish();
}

}  // namespace mailsend::delivery
