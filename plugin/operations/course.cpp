#include "operations/course.hpp"

#include <numeric>

#include "operations/account_limits.hpp"
#include "operations/ledger_entry.hpp"

namespace mailsend {
namespace {

/// A wait for a limit that is shorter is not spoken of.
constexpr std::uint64_t silent_ms = 1'000;

/// So long a connection that idles may keep another call waiting.
constexpr std::uint64_t moment_ms = 200;

class SlotLeave final : public delivery::Leave {
  public:
    explicit SlotLeave(governor::Slot slot) : slot_(std::move(slot)) {}
    void keep_alive() noexcept override { slot_.keep_alive(); }

  private:
    governor::Slot slot_;
};

}  // namespace

delivery::Report nothing_tried(const std::vector<std::size_t>& places, const Facts& why) {
    delivery::Report report;
    report.verdict = why.condition == "cancelled" ? Verdict::cancelled : Verdict::failed;
    report.facts = why;
    const Shared<Facts> shared = why;
    report.recipients.reserve(places.size());
    for (const std::size_t place : places)
        report.recipients.push_back({place, delivery::Fate::not_attempted, shared});
    return report;
}

Facts stopped(const Cancelled& cancelled) {
    return Failure(Stage::host, "cancelled", cancelled.what()).facts();
}

Facts stopped(const net::TimedOut& late) {
    return Failure(Stage::host, "deadline.passed", late.what()).facts();
}

Course::Course(Invocation& invocation, LedgerEntry* entry, std::size_t recipients)
    : invocation_(invocation),
      entry_(entry),
      patience_(invocation.patience.with_pulse([this] { keep_alive(); })) {
    if (entry != nullptr) {
        order_.recipients = entry->open();
    } else {
        order_.recipients.resize(recipients);
        std::iota(order_.recipients.begin(), order_.recipients.end(), std::size_t{0});
    }
    order_.admit = [this](std::size_t count, const net::Patience& patience) {
        // The one before is over, answered or not: kept alive during this wait, it would count for ever.
        passage_ = {};
        queue(Stage::mail, [&] { passage_ = invocation_.account.governor().admit(count, patience); });
    };
    order_.answered = [this](const auto&) { passage_.done(); };
    order_.leave = [this](const net::Patience& patience, const std::function<bool()>& elsewhere) {
        return leave(patience, elsewhere);
    };
    order_.queued = [this](bool waits) {
        if (!waits) return queue_over();
        if (!queue_) queue_ = Queue{Stage::connect, patience_.now_ms()};
    };
    if (entry != nullptr) entry->follow(order_);
}

delivery::Report Course::go(delivery::Transport& transport, Message& message) {
    delivery::Report report = transport.deliver(message, order_, patience_);
    transport.close(patience_);
    return report;
}

/// Connections of this process that nobody uses are given up for it.
std::optional<std::unique_ptr<delivery::Leave>> Course::leave(const net::Patience& patience,
                                                              const std::function<bool()>& elsewhere) {
    const Account& account = invocation_.account;
    if (!limits_of(account.settings()).connections) return nullptr;
    std::optional<std::unique_ptr<delivery::Leave>> out;
    queue(Stage::connect, [&] {
        for (;;) {
            try {
                out = std::make_unique<SlotLeave>(account.governor().connect(patience.within(moment_ms)));
                return;
            } catch (const Failure& full) {
                if (full.facts().condition != "limit.connections" || patience.remaining_ms() == 0) throw;
            }
            if (elsewhere()) return;
            account.governor().spares().ask();
        }
    });
    return out;
}

void Course::keep_alive() noexcept {
    passage_.keep_alive();
    if (entry_ != nullptr) entry_->keep_alive();
    tell();
}

void Course::tell() noexcept {
    if (!queue_ || queue_->told || patience_.now_ms() - queue_->since_ms < silent_ms) return;
    queue_->told = true;
    invocation_.call.progress(queue_->stage == Stage::connect ? R"({"stage":"connect","queued":true})"
                                                              : R"({"stage":"mail","queued":true})");
}

void Course::queue(Stage stage, const std::function<void()>& wait) {
    if (queue_) return wait();
    queue_ = Queue{stage, patience_.now_ms()};
    try {
        wait();
    } catch (...) {
        queue_over();
        throw;
    }
    queue_over();
}

void Course::queue_over() noexcept {
    if (!queue_) return;
    queue_ms_ += patience_.now_ms() - queue_->since_ms;
    queue_.reset();
}

}  // namespace mailsend
