#include "ledger/claim.hpp"

#include <algorithm>
#include <stdexcept>

#include "ledger/draft_digest.hpp"
#include "ledger/tenure.hpp"

namespace mailsend::ledger {

namespace {

constexpr std::uint64_t sign_of_life_ms = 10'000, try_again_ms = 1'000;

Facts trouble_of(const std::string& why) {
    Facts facts;
    facts.stage = Stage::host;
    facts.condition = "host.state";
    facts.sentence = "what became of the message could not be written to the ledger: " + why;
    return facts;
}

}  // namespace

KeyReused::KeyReused(bool key_was_given)
    : wfc::Problem(WFC_INVALID_INPUT, "/idempotency_key",
                   key_was_given
                       ? "/idempotency_key was used before for a message with other content: give each "
                         "message a key of its own, or leave the member out"
                       : "/idempotency_key is missing, and the id of this call was used before for a "
                         "message with other content: give each message a key of its own") {}

Claim::Claim(const Record& record, Manner manner, std::unique_ptr<Tenure> tenure)
    : past_{record.standings, record.reply, record.message_id, record.first_at_unix_ms, record.body_digest},
      manner_(manner),
      tenure_(std::move(tenure)),
      unknown_here_(record.standings.size(), false) {}

Claim::Claim(Claim&& other) noexcept = default;

Claim& Claim::operator=(Claim&& other) noexcept {
    if (this == &other) return *this;
    finish();
    past_ = std::move(other.past_);
    manner_ = other.manner_;
    tenure_ = std::move(other.tenure_);
    unknown_here_ = std::move(other.unknown_here_);
    handed_over_ = other.handed_over_;
    finished_ = other.finished_;
    unwritten_ = other.unwritten_;
    tried_ms_ = other.tried_ms_;
    trouble_ = std::move(other.trouble_);
    return *this;
}

Claim::~Claim() {
    finish();
}

bool Claim::to_send(std::size_t place) const noexcept {
    const Standing standing = tenure_->record().standings[place];
    return standing == Standing::open ||
           (standing == Standing::unknown && manner_.resends && !unknown_here_[place]);
}

const std::vector<Standing>& Claim::known() const noexcept {
    return tenure_ ? tenure_->record().standings : past_.standings;
}

std::vector<std::size_t> Claim::open() const {
    std::vector<std::size_t> places;
    if (!tenure_ || finished_) return places;
    for (std::size_t place = 0; place < unknown_here_.size(); ++place) {
        if (to_send(place)) places.push_back(place);
    }
    return places;
}

void Claim::check_body(std::string_view body_digest) const {
    const std::string& known = tenure_ ? tenure_->record().body_digest : past_.body_digest;
    if (different_content(known, body_digest)) throw KeyReused(manner_.key_was_given);
}

void Claim::check_same_body(std::string_view body_digest) const {
    const Record& record = tenure_->record();
    if (count(record, Standing::open) == record.standings.size()) return;
    if (handed_over_ && different_content(record.body_digest, body_digest)) {
        throw Failure(Stage::data, "content.source_failed",
                      "an attachment changed between two transactions of this message: who was served before "
                      "has got it as it was then");
    }
    check_body(body_digest);
}

void Claim::ending(const std::vector<std::size_t>& places, std::string_view body_digest) {
    if (!tenure_ || finished_ || places.empty() || body_digest.empty())
        throw std::logic_error("nothing was claimed to be handed over");
    check_same_body(body_digest);
    for (const std::size_t place : places) {
        const auto& standings = tenure_->record().standings;
        // Sent by whoever had the record before, and known only since: the store tells, too.
        if (place < standings.size() && standings[place] == Standing::sent)
            throw Failure(Stage::host, "ledger.lost",
                          "another run turned out to have sent this message meanwhile; nothing more was sent "
                          "by this one");
        if (place >= standings.size() || !to_send(place))
            throw std::logic_error("a recipient was handed over that is not open");
    }
    tenure_->hand_over(places, body_digest);
    handed_over_ = true;
}

void Claim::settle(const std::vector<std::pair<std::size_t, Standing>>& standings,
                   const std::optional<Reply>& reply) noexcept {
    if (!tenure_) return;
    try {
        Record& record = tenure_->record();
        for (const auto& [place, standing] : standings) {
            if (place >= record.standings.size()) continue;
            Standing& known = record.standings[place];
            if (known == Standing::sent || standing == Standing::handed_over) continue;
            known = standing;
            if (standing == Standing::unknown) unknown_here_[place] = true;
            // A refusal of this time says nothing of the time before.
            if (standing == Standing::open && past_.standings[place] == Standing::unknown)
                known = Standing::unknown;
        }
        if (reply) record.reply = kept(*reply);
        if (record.first_at_unix_ms == 0)
            record.first_at_unix_ms = std::max<std::int64_t>(manner_.clock.unix_ms(), 0);
        record.phase = count(record, Standing::handed_over) > 0 ? Phase::ending
                       : open().empty()                         ? result_of(record)
                                                                : Phase::claimed;
    } catch (const std::exception& failure) {
        trouble_ = trouble_of(failure.what());
    }
    publish();
}

void Claim::keep_alive() noexcept {
    if (!tenure_ || finished_) return;
    const std::uint64_t now_ms = manner_.clock.monotonic_ms();
    if (unwritten_) {
        if (now_ms - tried_ms_ >= try_again_ms) publish();
        return;
    }
    const bool due = now_ms - tenure_->written_ms() >= sign_of_life_ms && now_ms - tried_ms_ >= try_again_ms;
    if (due && !tenure_->lost() && at_work(tenure_->record())) publish();
}

void Claim::finish() noexcept {
    if (!tenure_ || finished_) return;
    finished_ = true;
    Record& record = tenure_->record();
    const bool settled = !at_work(record) && !unwritten_;
    give_up_waiting(record);
    record.phase = result_of(record);
    if (record.first_at_unix_ms == 0)
        record.first_at_unix_ms = std::max<std::int64_t>(manner_.clock.unix_ms(), 0);
    if (!settled) publish();
}

void Claim::publish() noexcept {
    tried_ms_ = manner_.clock.monotonic_ms();
    unwritten_ = true;
    try {
        tenure_->publish();
        unwritten_ = false;
        trouble_.reset();
        return;
    } catch (const std::exception& failure) {
        try {
            if (handed_over_) trouble_ = trouble_of(failure.what());
        } catch (...) {  // no memory left even for that
        }
    } catch (...) {
    }
}

}  // namespace mailsend::ledger
