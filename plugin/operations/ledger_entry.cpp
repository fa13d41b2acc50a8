#include "operations/ledger_entry.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "diagnosis/diagnosis.hpp"
#include "ledger/digested_message.hpp"
#include "outcome/masking.hpp"
#include "outcome/utc_time.hpp"

namespace mailsend {
namespace {

using delivery::Fate;
using delivery::RecipientReport;
using ledger::Standing;

Standing standing_of(Fate fate) noexcept {
    if (fate == Fate::accepted) return Standing::sent;
    return fate == Fate::unknown ? Standing::unknown : Standing::open;
}

/// Counts the time of its life.
class Stopwatch {
  public:
    Stopwatch(wfc::Clock clock, std::uint64_t& total_ms)
        : clock_(clock), total_ms_(total_ms), begun_ms_(clock.monotonic_ms()) {}
    ~Stopwatch() { total_ms_ += clock_.monotonic_ms() - begun_ms_; }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

  private:
    wfc::Clock clock_;
    std::uint64_t& total_ms_;
    std::uint64_t begun_ms_;
};

/// `now`: what kept others from being sent to, if anything did.
Facts still_unknown(const ledger::Past& past, std::optional<Facts> now) {
    Facts facts = Failure(Stage::dot, "ledger.unknown",
                          "it is not known whether the server took this message when it was handed over "
                          "before, and it is not sent again until somebody decides")
                      .with("message_id", past.message_id)
                      .facts();
    if (past.at_unix_ms > 0) facts.details["at"] = utc_text(past.at_unix_ms / 1000);
    if (now) facts.cause = std::make_shared<const Facts>(std::move(*now));
    return facts;
}

std::size_t count(const std::vector<RecipientReport>& reports, Fate fate) {
    return static_cast<std::size_t>(
        std::count_if(reports.begin(), reports.end(), [&](const auto& one) { return one.fate == fate; }));
}

}  // namespace

LedgerEntry::LedgerEntry(Invocation& invocation, Composed& composed)
    : invocation_(invocation), composed_(composed) {
    const DeliverySettings& delivery = invocation.account.settings().delivery;
    if (!delivery.ledger) return;
    const Stopwatch stopwatch(invocation.host.clock(), spent_ms_);
    const ledger::LedgerTerms terms{.key = composed.key,
                                    .key_was_given = composed.terms.idempotency_key.has_value(),
                                    .on_unknown = composed.terms.on_unknown.value_or(delivery.on_unknown),
                                    .retention = delivery.ledger_retention};
    const ledger::Content content{.draft_digest = composed.draft_digest,
                                  .recipients = composed.message->envelope().forward_paths.size(),
                                  .message_id = composed.message_id};
    claim_ = ledger::Ledger(invocation.host).claim(terms, content, invocation.patience);
    if (!claim_) return;
    auto digested = std::make_unique<ledger::DigestedMessage>(std::move(composed.message));
    message_ = digested.get();
    composed.message = std::move(digested);
    if (!claim_->work_left()) check_body();
}

/// Reads the message to its end: the only way to know what its attachments hold.
void LedgerEntry::check_body() {
    if (claim_->past().body_digest.empty()) return;
    std::array<char, 32 * 1024> bytes;
    while (message_->read(bytes.data(), bytes.size()) > 0) invocation_.patience.check();
    claim_->check_body(message_->digest());
}

bool LedgerEntry::anybody_before() const noexcept {
    if (!claim_) return false;
    const auto& standings = claim_->known();
    return std::any_of(standings.begin(), standings.end(),
                       [](Standing standing) { return standing != Standing::open; });
}

std::vector<std::size_t> LedgerEntry::open() const {
    if (claim_) return claim_->open();
    std::vector<std::size_t> all(composed_.message->envelope().forward_paths.size());
    for (std::size_t place = 0; place < all.size(); ++place) all[place] = place;
    return all;
}

void LedgerEntry::keep_alive() noexcept {
    if (claim_) claim_->keep_alive();
}

void LedgerEntry::follow(delivery::Order& order) {
    if (!claim_) return;
    order.ending = [this](const std::vector<std::size_t>& places) {
        const Stopwatch stopwatch(invocation_.host.clock(), spent_ms_);
        claim_->ending(places, message_->digest());
    };
    order.answered = [this, told = std::move(order.answered)](std::span<const RecipientReport> reports) {
        if (told) told(reports);
        const Stopwatch stopwatch(invocation_.host.clock(), spent_ms_);
        std::vector<std::pair<std::size_t, Standing>> standings;
        standings.reserve(reports.size());
        const Reply* said = nullptr;
        for (const RecipientReport& report : reports) {
            standings.emplace_back(report.place, standing_of(report.fate));
            if (report.fate == Fate::accepted && report.reply) said = &*report.reply;
        }
        std::optional<Reply> reply;
        if (said != nullptr) reply = masked(*said, invocation_.account.reader().hidden);
        claim_->settle(standings, reply);
    };
}

void LedgerEntry::join(delivery::Report& report) const {
    if (!claim_) return;
    const ledger::Past& past = claim_->past();
    std::vector<RecipientReport> all;
    all.reserve(past.standings.size());
    bool left_alone = false;                // somebody who may have it is not sent it again
    auto next = report.recipients.begin();  // they stand in the order of the envelope
    for (std::size_t place = 0; place < past.standings.size(); ++place) {
        const bool asked = next != report.recipients.end() && next->place == place;
        RecipientReport* const now = asked ? &*next++ : nullptr;
        const Standing known = claim_->known()[place];
        const bool settled = asked && (now->fate == Fate::accepted || now->fate == Fate::unknown);
        if (settled || (asked && known == Standing::open)) {
            all.push_back(std::move(*now));
            continue;
        }
        const bool sent = known == Standing::sent;
        left_alone = left_alone || (!sent && !asked);
        all.push_back({place, sent ? Fate::accepted : Fate::unknown});
    }
    report.recipients = std::move(all);
    if (!report.reply) report.reply = past.reply;
    const std::size_t accepted = count(report.recipients, Fate::accepted);
    if (count(report.recipients, Fate::unknown) > 0) {
        const bool known_why = report.verdict == Verdict::unknown || (!left_alone && report.facts);
        if (!known_why) report.facts = still_unknown(past, std::move(report.facts));
        report.verdict = Verdict::unknown;
    } else if (accepted == report.recipients.size() || (accepted > 0 && ignores_refusals())) {
        report.verdict = Verdict::accepted;
        report.facts.reset();
    } else if (accepted > 0) {
        report.verdict = Verdict::partial;
    }
}

bool LedgerEntry::ignores_refusals() const noexcept {
    return invocation_.account.settings().delivery.on_partial == OnPartial::ignore;
}

void LedgerEntry::finish(SendResult& result, const AddressMask* hidden) {
    const Language language = invocation_.language();
    if (claim_) {
        const bool duplicate = !claim_->work_left();
        {
            const Stopwatch stopwatch(invocation_.host.clock(), spent_ms_);
            claim_->finish();
        }
        if (claim_->trouble()) {
            const std::string why = masked(*claim_->trouble(), hidden).sentence;
            result.warnings.push_back(phrase("warning.ledger_unwritten", {{"why", why}}, language));
        }
        result.duplicate = duplicate;
        if (duplicate) {
            result.first_at_unix_ms = claim_->past().at_unix_ms;
            result.message_id = claim_->past().message_id;
        }
    } else if (composed_.terms.idempotency_key) {
        result.warnings.push_back(phrase("warning.ledger_off", {}, language));
    }
    result.ledger_ms = spent_ms_;
}

}  // namespace mailsend
