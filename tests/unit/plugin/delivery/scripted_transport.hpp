/// A transport that answers as it is told, and remembers what it was asked; and what deliveries over it need.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delivery/transport.hpp"
#include "message/message.hpp"
#include "wfc/problem.hpp"

namespace mailsend::delivery {

/// Each reading of the clock moves it on by two seconds, so that nobody waits long.
inline const wfc_clock& hasty_clock() {
    static const wfc_clock table = [] {
        wfc_clock clock{};
        clock.struct_size = sizeof clock;
        clock.monotonic_ms = [](void*) noexcept -> std::uint64_t {
            static thread_local std::uint64_t now = 1'000;
            return now += 2'000;
        };
        return clock;
    }();
    return table;
}

inline net::Patience hasty_patience(std::uint64_t left_ms, std::function<bool()> cancelled = nullptr) {
    const wfc::Clock clock(&hasty_clock());
    return {clock, std::move(cancelled), clock.monotonic_ms() + left_ms};
}

/// To r0@example.test, r1@example.test …
inline std::unique_ptr<Message> message_to(std::size_t count) {
    Draft draft;
    draft.from = parse_mailbox("alice@example.test");
    std::string to;
    for (std::size_t i = 0; i < count; ++i)
        to += (i == 0 ? "r" : ", r") + std::to_string(i) + "@example.test";
    draft.to = parse_mailbox_list(to);
    draft.text = "Hello";
    Circumstances circumstances;
    circumstances.message_id = "id@example.test";
    return compose(draft, circumstances, nullptr);
}

/// Longer than what is read at once.
inline std::unique_ptr<Message> long_message_to(const std::string& recipient) {
    Draft draft;
    draft.from = parse_mailbox("alice@example.test");
    draft.to = parse_mailbox_list(recipient);
    draft.text = "";
    for (int i = 0; i < 20'000; ++i) *draft.text += "A line of text\n";
    Circumstances circumstances;
    circumstances.message_id = "id@example.test";
    return compose(draft, circumstances, nullptr);
}

inline Order order_for(std::size_t count) {
    Order order;
    for (std::size_t i = 0; i < count; ++i) order.recipients.push_back(i);
    return order;
}

inline Facts replied(Stage stage, int code, const std::string& words = "words") {
    Facts facts;
    facts.stage = stage;
    facts.reply = Reply{code, {std::to_string(code) + " " + words}};
    return facts;
}

inline Facts broke(Stage stage, const std::string& condition) {
    return Failure(stage, condition, "it broke").facts();
}

/// What one delivery answers, by the places it was asked for.
using Answer = std::function<Report(const Order&)>;

inline Report report_of(const Order& order, Verdict verdict, Fate fate,
                        const std::optional<Facts>& facts = std::nullopt) {
    Report report;
    report.verdict = verdict;
    report.facts = facts;
    report.attempts.emplace_back();
    for (const std::size_t place : order.recipients) report.recipients.push_back({place, fate, facts});
    return report;
}

inline Answer accepts(const std::string& words = "250 taken") {
    return [words](const Order& order) {
        Report report = report_of(order, Verdict::accepted, Fate::accepted);
        report.reply = Reply{250, {words}};
        report.message_read = true;
        return report;
    };
}

inline Answer fails(const Facts& facts, Verdict verdict = Verdict::failed) {
    return [=](const Order& order) {
        const bool lost = verdict == Verdict::unknown;
        return report_of(order, verdict, lost ? Fate::unknown : Fate::not_attempted, facts);
    };
}

/// Everybody but those of `refusals` is accepted.
inline Answer refuses(std::vector<std::pair<std::size_t, Facts>> refusals) {
    return [refusals = std::move(refusals)](const Order& order) {
        Report report = report_of(order, Verdict::accepted, Fate::accepted);
        std::size_t refused = 0;
        for (RecipientReport& one : report.recipients) {
            for (const auto& [place, facts] : refusals) {
                if (place != one.place) continue;
                if (refused++ == 0) report.facts = facts;
                one.fate = Fate::rejected;
                one.facts = facts;
            }
        }
        report.message_read = refused < report.recipients.size();
        if (refused > 0)
            report.verdict = refused < report.recipients.size() ? Verdict::partial : Verdict::rejected;
        return report;
    };
}

/// As when what is to be sent turns out to be something else than before.
inline Answer breaks_off() {
    return [](const Order&) -> Report {
        throw wfc::Problem(WFC_INVALID_INPUT, "/idempotency_key", "another message");
    };
}

/// A message that cannot be rewound.
class ReadOnce final : public Message {
  public:
    explicit ReadOnce(std::size_t recipients) : inner_(message_to(recipients)) {}
    const Envelope& envelope() const noexcept override { return inner_->envelope(); }
    const std::vector<std::pair<std::string, std::string>>& headers() const noexcept override {
        return inner_->headers();
    }
    std::vector<PartFacts> parts() const override { return {}; }
    std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }
    std::size_t read(char* into, std::size_t capacity) override { return inner_->read(into, capacity); }
    bool rewind() override { return false; }

  private:
    std::unique_ptr<Message> inner_;
};

/// Tells before it is read anew.
class WatchedMessage final : public Message {
  public:
    explicit WatchedMessage(std::unique_ptr<Message> inner) : inner_(std::move(inner)) {}
    const Envelope& envelope() const noexcept override { return inner_->envelope(); }
    const std::vector<std::pair<std::string, std::string>>& headers() const noexcept override {
        return inner_->headers();
    }
    std::vector<PartFacts> parts() const override { return {}; }
    std::optional<std::uint64_t> size() const noexcept override { return inner_->size(); }
    std::size_t read(char* into, std::size_t capacity) override { return inner_->read(into, capacity); }
    bool rewind() override {
        if (rewound) rewound();
        return inner_->rewind();
    }

    std::function<void()> rewound{};

  private:
    std::unique_ptr<Message> inner_;
};

class ScriptedTransport final : public Transport {
  public:
    explicit ScriptedTransport(std::vector<Answer> answers) : answers_(std::move(answers)) {}

    Report deliver(Message&, const Order& order, const net::Patience&) override {
        if (asked.size() >= answers_.size()) throw std::logic_error("asked once too often");
        asked.push_back(order.recipients);
        return answers_[asked.size() - 1](order);
    }
    void close(const net::Patience&) noexcept override { ++closed; }

    std::vector<std::vector<std::size_t>> asked{};
    int closed = 0;

  private:
    std::vector<Answer> answers_;
};

using Places = std::vector<std::vector<std::size_t>>;

inline std::string fates(const Report& report) {
    std::string out;
    for (const RecipientReport& one : report.recipients) out += "arnu"[static_cast<int>(one.fate)];
    return out;
}

}  // namespace mailsend::delivery
