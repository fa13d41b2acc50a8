#include "delivery/transaction_try.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "delivery/transaction_report.hpp"
#include "delivery/trouble.hpp"

namespace mailsend::delivery {
namespace {

/// What Order::ending failed with. No Failure, so that it is not taken for one of the connection.
struct Withheld {
    Facts facts;
};

/// Or one that this server does not implement (RFC 5321 section 4.2.2).
bool unknown_command(int code) noexcept {
    return code == 500 || code == 502;
}

bool of_the_connection(const Facts& facts) {
    const std::string& condition = facts.condition;
    return condition.starts_with("conn.") || condition.starts_with("data.reset") ||
           condition.starts_with("protocol.") || condition == "idle.timeout";
}

}  // namespace

TransactionTry::TransactionTry(Pool::Visit& visit, const Route& route, Partial on_partial, Message& message,
                               const Order& order, const net::Patience& patience)
    : visit_(visit),
      route_(route),
      on_partial_(on_partial),
      order_(order),
      patience_(patience),
      ending_(order.ending ? [this](const auto& places) { end(places); } : Call::Ending()),
      call_(message, ending_, patience, route),
      turn_(std::make_shared<Turn>(transaction_for(message, order.recipients, on_partial))) {
    turn_->transaction.envelope_id = order.envelope_id;
}

void TransactionTry::run(bool& admitted) {
    visit_.forget_opened();
    try {
        hand_in(admitted);
    } catch (const Moved& moved) {
        moved_ = true;
        failed(Verdict::failed, line_->connection().told(moved.why));
    } catch (const Withheld& withheld) {
        own_fault_ = true;
        failed(Verdict::failed, withheld.facts);
    } catch (const Failure& failure) {
        failed(Verdict::failed, failure.facts());
    } catch (const Cancelled& cancelled) {
        Facts facts;
        const bool opening = !line_ && visit_.opened();
        facts.stage = opening ? visit_.opened()->sign_in().stage() : call_.stage();
        facts.condition = "cancelled";
        facts.sentence = cancelled.what();
        failed(Verdict::cancelled, located(std::move(facts), route_));
    } catch (const SourceBroken& broken) {
        own_fault_ = true;
        Failure failure(Stage::data, broken.condition(), broken.what());
        failed(Verdict::failed, located(std::move(failure).at(broken.pointer()).facts(), route_));
    } catch (const std::exception& defect) {
        failed(Verdict::failed,
               located(Failure(Stage::dot, "component.internal", defect.what()).facts(), route_));
        conclude();
        if (transaction().end_of_data_begun) return;
        visit_.tidy();
        throw;
    }
    conclude();
}

void TransactionTry::hand_in(bool& admitted) {
    line_ = visit_.reach(order_, patience_);
    const auto& most = line_->connection().capabilities().recipients_max;
    auto& paths = turn_->transaction.forward_paths;
    // With Partial::fail all at once, or nobody.
    if (on_partial_ != Partial::fail && most && *most < paths.size()) paths.resize(*most);
    if (!std::exchange(admitted, true)) admit();
    if (visit_.crowded()) prepare();
    for (;;) {
        visit_.enter(turn_, order_, patience_);
        line_ = turn_->line->shared_from_this();
        ran_ = true;
        try {
            return line_->run(*turn_, call_);
        } catch (const GivenBack&) {
            ran_ = false;
            line_.reset();
            visit_.forget_opened();  // whoever is on it still needs it
        }
    }
}

/// Where calls wait for each other, each does while it waits what it would otherwise keep the connection
/// waiting for. What has to be noted is then noted by all at once, and earlier: whoever is killed in between
/// has left a doubt where there need be none, never a message that nobody knows of.
void TransactionTry::prepare() {
    const smtp::Flow flow = line_->flow();
    if (flow == smtp::Flow::lockstep) return;
    call_.prepare(flow == smtp::Flow::chunked ? smtp::BodyBuffer::Form::plain
                                              : smtp::BodyBuffer::Form::dot_stuffed);
    if (!call_.owes_note() || !call_.whole()) return;
    end(transaction().not_refused());
    call_.noted = true;
}

void TransactionTry::admit() {
    if (!order_.admit) return;
    try {
        order_.admit(transaction().forward_paths.size(), patience_);
    } catch (const net::TimedOut& late) {
        Facts facts = timed_out(Stage::mail, late.overall(), route_);
        facts.sentence = "the deadline passed while waiting for the limits of the account";
        throw Failure(located(std::move(facts), route_));
    }
}

/// Whoever has not been answered yet may get it too.
void TransactionTry::end(std::vector<std::size_t> places) {
    for (std::size_t& place : places) place = order_.recipients[place];
    try {
        order_.ending(places);
    } catch (const Failure& failure) {
        throw Withheld{failure.facts()};
    }
    told_ = true;
}

void TransactionTry::failed(Verdict verdict, const Facts& facts) {
    report_.verdict = verdict;
    report_.facts = facts;
}

void TransactionTry::conclude() {
    judge(report_, transaction(), order_.recipients, on_partial_, [this](Facts facts) {
        return line() == nullptr ? facts : line()->connection().told(std::move(facts));
    });
    report_.message_read = call_.message_read();
    const bool handed_over = told_ || transaction().end_of_data_begun;
    if (handed_over && order_.answered) order_.answered(report_.recipients);
}

bool TransactionTry::may_be_repeated() {
    if (!ran_ || report_.verdict == Verdict::cancelled) return false;
    return moved_ || found_dead() || lied_to();
}

/// A server that offers to take commands in groups and then loses its way in one.
bool TransactionTry::lied_to() {
    const smtp::Transaction& one = transaction();
    const smtp::Flow flow = one.course.flow;
    if (!one.begun || flow == smtp::Flow::lockstep) return false;
    if (const auto& refusal = one.refusal) {
        if (flow != smtp::Flow::chunked || one.refused_at < Stage::data || !unknown_command(refusal->code))
            return false;
        visit_.distrust(flow, false);
        return true;
    }
    if (one.done || report_.facts->condition == "deadline.passed") return false;
    if (report_.verdict == Verdict::unknown) {
        if (flow == smtp::Flow::chunked) visit_.distrust(flow, true);
        return false;
    }
    // Where only the last of the group was not answered, it was no secret that the others came with it.
    if (report_.verdict != Verdict::failed || one.stage >= Stage::data) return false;
    if (!of_the_connection(*report_.facts)) return false;
    visit_.distrust(flow, !one.mail_answered);
    return true;
}

bool TransactionTry::found_dead() const {
    if (own_fault_) return false;
    if (!(turn_->reused || turn_->stale) || line_->usable()) return false;
    if (const auto& refusal = transaction().refusal; refusal && transaction().refused_at == Stage::mail)
        return refusal->code == smtp::closing_channel;
    return report_.verdict == Verdict::failed && !transaction().mail_answered &&
           report_.facts->condition != "deadline.passed";
}

void TransactionTry::note_address(std::set<std::string>& avoided) {
    if (line() == nullptr || (!ran_ && line_)) return;  // it was the admission
    if (transaction().mail_answered || report_.verdict == Verdict::accepted) return;
    const Connection& connection = line()->connection();
    const std::string& address = connection.attempt().address;
    if (address.empty()) return;  // all of them were tried
    if (!avoided.insert(address).second) return;
    report_.another_address = std::any_of(connection.addresses().begin(), connection.addresses().end(),
                                          [&](const std::string& other) { return !avoided.contains(other); });
}

Report TransactionTry::report(bool last) {
    const std::shared_ptr<Line> opened = visit_.opened();
    if (line() != nullptr) report_.server = line_ ? line_->server() : opened->connection().server();
    if (opened && !line_) opened->give_up(patience_);
    if (opened) {
        if (const auto& refused = opened->sign_in().refused()) report_.attempts.push_back(*refused);
    }
    if ((opened || ran_) && (last || !moved_ || transaction().begun)) {
        Attempt attempt = std::move(call_.attempt);
        if (opened) {
            const Attempt& opening = opened->connection().attempt();
            for (const auto& [stage, ms] : opening.timing_ms) attempt.timing_ms[stage] += ms;
            attempt.bytes_sent = opening.bytes_sent;
            attempt.bytes_received = opening.bytes_received;
        }
        attempt.address = line()->connection().attempt().address;
        attempt.reused = !opened;
        attempt.bytes_sent += turn_->sent;
        attempt.bytes_received += turn_->received;
        if (!last) attempt.facts = report_.facts;
        report_.attempts.push_back(std::move(attempt));
    }
    for (Attempt& attempt : report_.attempts) attempt.recipients = transaction().forward_paths.size();
    visit_.tidy();
    return std::move(report_);
}

}  // namespace mailsend::delivery
