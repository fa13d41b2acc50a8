#include "ledger/tenure.hpp"

#include <algorithm>

#include "outcome/failure.hpp"

namespace mailsend::ledger {

namespace {

/// Others write seldom: once when they take a record over, once when they know something.
constexpr int most_steps = 16;

Failure restless() {
    return Failure(Stage::host, "host.state",
                   "the ledger could not be written: others changed the record again and again");
}

Failure taken_over() {
    return Failure(
        Stage::host, "ledger.lost",
        "this run stood still for so long that another one took over its message; nothing more was "
        "sent by this one");
}

/// What was sent stays sent. True when that changed anything.
bool take_in(std::vector<Standing>& into, const std::vector<Standing>& from) {
    bool changed = false;
    for (std::size_t i = 0; i < into.size() && i < from.size(); ++i) {
        if (from[i] != Standing::sent || into[i] == Standing::sent) continue;
        into[i] = Standing::sent;
        changed = true;
    }
    return changed;
}

}  // namespace

Tenure::Step Tenure::step() {
    record_.at_unix_ms = std::max<std::int64_t>(clock_.unix_ms(), 0);
    const std::uint64_t now_ms = clock_.monotonic_ms();
    const Placed placed = shelf_.replace(record_, version_);
    if (placed.version != 0) {
        version_ = placed.version;
        written_ms_ = now_ms;
        return Step::stored;
    }
    if (!placed.there) return Step::gone;
    if (placed.there->record.owner != record_.owner) {
        lost_ = true;
        return Step::lost;
    }
    // Somebody gave up waiting for this call, or knows better than it did.
    version_ = placed.there->version;
    take_in(record_.standings, placed.there->record.standings);
    recount(record_);
    return Step::taken_in;
}

void Tenure::hand_over(const std::vector<std::size_t>& places, std::string_view body_digest) {
    Record before = record_;
    try {
        record_.phase = Phase::ending;
        record_.body_digest = body_digest;
        for (const std::size_t place : places) record_.standings[place] = Standing::handed_over;
        const auto ours = [&](std::size_t place) {
            return record_.standings[place] == Standing::handed_over;
        };
        for (int steps = 0; steps < most_steps; ++steps) {
            const Step result = lost_ ? Step::lost : step();
            if (result == Step::stored) return;
            if (result != Step::taken_in || !std::all_of(places.begin(), places.end(), ours))
                throw taken_over();
        }
        throw restless();
    } catch (...) {
        take_in(before.standings, record_.standings);
        record_ = std::move(before);
        recount(record_);
        throw;
    }
}

void Tenure::publish() {
    for (int steps = 0; steps < most_steps; ++steps) {
        if (lost_) return tell_the_owner();
        switch (step()) {
            case Step::stored:
                return;
            case Step::gone:  // whatever became of it: what is known has to stand there
                version_ = 0;
                break;
            case Step::taken_in:
            case Step::lost:
                break;
        }
    }
    throw restless();
}

void Tenure::tell_the_owner() {
    if (count(record_, Standing::sent) == 0) return;
    for (int steps = 0; steps < most_steps; ++steps) {
        std::optional<Found> there = shelf_.read();
        const std::uint64_t version = there ? there->version : 0;
        Record next = there ? std::move(there->record) : record_;
        if (next.draft_digest != record_.draft_digest || next.standings.size() != record_.standings.size()) {
            throw Failure(Stage::host, "host.state",
                          "the ledger could not be written: another message has this message's key by now");
        }
        if (!take_in(next.standings, record_.standings) && there) return;
        next.body_digest = record_.body_digest;
        if (next.first_at_unix_ms == 0) next.first_at_unix_ms = record_.first_at_unix_ms;
        if (!next.reply) next.reply = record_.reply;
        recount(next);  // an owner who is alive goes on from here
        if (shelf_.replace(next, version).version != 0) return;
    }
    throw restless();
}

}  // namespace mailsend::ledger
