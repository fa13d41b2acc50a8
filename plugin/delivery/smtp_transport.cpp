#include "delivery/smtp_transport.hpp"

#include <algorithm>
#include <utility>

#include "delivery/transaction_report.hpp"
#include "delivery/trouble.hpp"

namespace mailsend::delivery {
namespace {

/// A fresh connection on which nothing was said for longer than this may have been closed meanwhile, and
/// counts like a kept one.
constexpr std::uint64_t idle_ms = 5'000;

/// What Order::ending failed with. No Failure, so that it is not taken for one of the connection.
struct Withheld {
    Facts facts;
};

constexpr int closing_channel = 421;

}  // namespace

/// One transaction on one connection, kept or new.
class SmtpTransport::Try {
  public:
    Try(SmtpTransport& transport, Message& message, const Order& order, const net::Patience& patience)
        : transport_(transport),
          sign_in_(transport.sign_in_),
          message_(message),
          order_(order),
          patience_(patience),
          transaction_(transaction_for(message, order.recipients, transport.on_partial_)),
          kept_(sign_in_.connection().ready()) {}

    /// Never more than one of two tries of a delivery asks for admission.
    void run(bool& admitted) {
        try {
            connect();
            if (!std::exchange(admitted, true)) admit();
            spoke_ = true;
            const Connection::Ending ending = order_.ending ? [this] { end(); } : Connection::Ending();
            sign_in_.connection().send(transaction_, message_, ending, patience_);
        } catch (const Withheld& withheld) {
            failed(Verdict::failed, withheld.facts);
        } catch (const Failure& failure) {
            failed(Verdict::failed, failure.facts());
        } catch (const Cancelled& cancelled) {
            Facts facts;
            facts.stage = sign_in_.stage();
            facts.condition = "cancelled";
            facts.sentence = cancelled.what();
            failed(Verdict::cancelled, located(std::move(facts), transport_.route_));
        } catch (const SourceBroken& broken) {
            Failure failure(Stage::data, broken.condition(), broken.what());
            failed(Verdict::failed,
                   located(std::move(failure).at(broken.pointer()).facts(), transport_.route_));
        } catch (const std::exception& defect) {
            failed(Verdict::failed, located(Failure(Stage::dot, "component.internal", defect.what()).facts(),
                                            transport_.route_));
            if (transaction_.end_of_data_begun) return conclude();
            conclude();
            sign_in_.connection().drop();
            throw;
        }
        conclude();
    }

    /// The connection had been idle, and was found dead before MAIL was answered.
    bool found_dead() {
        if ((!kept_ && !waited_) || !spoke_ || sign_in_.connection().ready()) return false;
        const auto& refusal = transaction_.refusal;
        if (refusal && transaction_.refused_at == Stage::mail) return refusal->code == closing_channel;
        return report_.verdict == Verdict::failed && !transaction_.mail_answered &&
               report_.facts->condition != "deadline.passed";
    }

    /// Ends it: the connection goes unless another transaction may follow on it.
    Report report(bool last) {
        Connection& connection = sign_in_.connection();
        if (last) note_address();
        const bool kept = connection.ready();
        if (!kept) connection.quit(patience_);
        report_.server = connection.server();
        if (!kept_ && sign_in_.refused()) report_.attempts.push_back(*sign_in_.refused());
        report_.attempts.push_back(connection.next_attempt());
        if (!last) report_.attempts.back().facts = report_.facts;
        for (Attempt& attempt : report_.attempts) attempt.recipients = transaction_.forward_paths.size();
        if (!kept) connection.drop();
        return std::move(report_);
    }

  private:
    void connect() {
        if (!kept_) {
            std::set<std::string> avoided = transport_.avoided_;
            avoided.insert(order_.avoided.begin(), order_.avoided.end());
            sign_in_.open(patience_, avoided);
        }
        const auto& most = sign_in_.connection().capabilities().recipients_max;
        if (transport_.on_partial_ == Partial::fail) return;  // all at once, or nobody
        if (most && *most < transaction_.forward_paths.size()) transaction_.forward_paths.resize(*most);
    }

    void admit() {
        if (!order_.admit) return;
        const std::uint64_t begun = patience_.now_ms();
        try {
            order_.admit(transaction_.forward_paths.size(), patience_);
        } catch (const net::TimedOut& late) {
            Facts facts = timed_out(Stage::mail, late.overall(), transport_.route_);
            facts.sentence = "the deadline passed while waiting for the limits of the account";
            throw Failure(located(std::move(facts), transport_.route_));
        }
        waited_ = patience_.now_ms() - begun > idle_ms;
    }

    void end() {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < transaction_.recipient_replies.size(); ++i) {
            if (transaction_.recipient_replies[i].positive_completion())
                places.push_back(order_.recipients[i]);
        }
        try {
            order_.ending(places);
        } catch (const Failure& failure) {
            throw Withheld{failure.facts()};
        }
        told_ = true;
    }

    void failed(Verdict verdict, const Facts& facts) {
        report_.verdict = verdict;
        report_.facts = facts;
    }

    void conclude() {
        judge(report_, transaction_, message_.envelope(), order_.recipients, transport_.on_partial_,
              [this](Facts facts) { return sign_in_.connection().told(std::move(facts)); });
        report_.message_read = transaction_.body_begun;
        const bool handed_over = told_ || transaction_.end_of_data_begun;
        if (!handed_over || !order_.answered) return;
        const auto room = report_.recipients.end() - static_cast<std::ptrdiff_t>(report_.left_over.size());
        order_.answered({report_.recipients.begin(), room});
    }

    /// Where it failed before MAIL was answered, another address may do better.
    void note_address() {
        if (!spoke_ && sign_in_.connection().ready()) return;  // it was the admission
        if (transaction_.mail_answered || report_.verdict == Verdict::accepted) return;
        const Connection& connection = sign_in_.connection();
        const std::string& address = connection.attempt().address;
        if (address.empty()) return;  // all of them were tried
        if (!transport_.avoided_.insert(address).second) return;
        report_.another_address =
            std::any_of(connection.addresses().begin(), connection.addresses().end(),
                        [&](const std::string& other) { return !transport_.avoided_.contains(other); });
    }

    SmtpTransport& transport_;
    SignIn& sign_in_;
    Message& message_;
    const Order& order_;
    const net::Patience& patience_;
    smtp::Transaction transaction_;
    Report report_;
    const bool kept_;
    bool waited_ = false;
    bool spoke_ = false;
    bool told_ = false;  ///< Order::ending returned
};

Report SmtpTransport::deliver(Message& message, const Order& order, const net::Patience& patience) {
    bool admitted = false;
    std::vector<Attempt> before;
    for (;;) {
        Try one(*this, message, order, patience);
        one.run(admitted);
        const bool again = one.found_dead();
        Report report = one.report(!again);
        std::move(report.attempts.begin(), report.attempts.end(), std::back_inserter(before));
        if (again) continue;
        report.attempts = std::move(before);
        return report;
    }
}

void SmtpTransport::close(const net::Patience& patience) noexcept {
    sign_in_.connection().quit(patience);
    sign_in_.connection().drop();
}

}  // namespace mailsend::delivery
