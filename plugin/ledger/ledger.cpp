#include "ledger/ledger.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <thread>

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "ledger/tenure.hpp"

namespace mailsend::ledger {

namespace {

constexpr std::size_t owner_bytes = 12;
constexpr int most_tries = 5;  ///< of a store that fails
/// Writes in a row that others were faster with. Whoever is faster is at work then, and is waited for.
constexpr int most_conflicts = 16;

/// 100 to 250 ms: not all at the same moment.
void wait_for_others(const net::Patience& patience) {
    const int pause_ms = 100 + static_cast<int>(std::random_device{}() % 151U);
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(pause_ms, patience.slice_ms())));
}

/// The store was in the way, and not what is in it: a disk that was busy for a moment keeps no message back.
bool may_pass(const Facts& facts) {
    return facts.condition == "host.state" && !facts.details.contains("record");
}

Failure busy(std::uint64_t left_ms) {
    return Failure(Stage::host, "ledger.busy",
                   "another run with the same key is sending this message, and was not done in time")
        .with("retry_after_ms", std::to_string(std::max<std::uint64_t>(left_ms, 1'000)));
}

}  // namespace

std::optional<Claim> Ledger::claim(const LedgerTerms& terms, const Content& content,
                                   const net::Patience& patience) const {
    try {
        for (int tries = 1; host_.state().offered(); ++tries) {
            try {
                return claimed(terms, content, patience);
            } catch (const NotOffered&) {
                throw;
            } catch (const Failure& failure) {
                if (tries == most_tries || !may_pass(failure.facts())) throw;
            }
            if (patience.cancelled()) throw Cancelled{};
            wait_for_others(patience);
        }
    } catch (const NotOffered&) {  // offered, and then not
    }
    if (!terms.key_was_given) return std::nullopt;
    throw Failure(
        Stage::host, "host.state",
        "the input has an idempotency_key, but this host has no store (wfc.state/1) to remember it in")
        .at("/idempotency_key");
}

Claim Ledger::claimed(const LedgerTerms& terms, const Content& content, const net::Patience& patience) const {
    using Course = Ruling::Course;
    if (content.recipients == 0) throw std::logic_error("a message without recipients was claimed");
    const wfc::Clock clock = host_.clock();
    const Claim::Manner manner{terms.key_was_given, terms.on_unknown == OnUnknown::resend, clock};
    const Shelf shelf(host_.state(), "ledger/" + crypto::sha256_hex(terms.key),
                      static_cast<std::uint64_t>(std::max<std::int64_t>(terms.retention.count(), 1)));
    const std::string owner = crypto::random_token(owner_bytes);
    Watch watch(clock);
    std::optional<Found> there;  // most keys are new: nobody looks before the first write
    for (int conflicts = 0;;) {
        Ruling next{Course::take, blank(content)};
        if (there)
            next =
                ruling(there->record, content, terms.on_unknown, watch.alive(there->record, there->version));
        if (next.course == Course::refuse) throw KeyReused(terms.key_was_given);
        if (next.course == Course::answer) return Claim(next.next, manner, nullptr);
        if (next.course == Course::wait) {
            try {
                patience.check();
            } catch (const net::TimedOut&) {
                throw busy(watch.left_ms(there->record));
            }
            wait_for_others(patience);
            there = shelf.read();
            conflicts = 0;
            continue;
        }
        if (next.course == Course::take) {
            next.next.owner = owner;
            next.next.at_unix_ms = std::max<std::int64_t>(clock.unix_ms(), 0);
        }
        const Placed placed = shelf.replace(next.next, there ? there->version : 0);
        if (placed.version != 0) {
            if (next.course == Course::mark) return Claim(next.next, manner, nullptr);
            return Claim(next.next, manner,
                         std::make_unique<Tenure>(shelf, clock, next.next, placed.version));
        }
        if (patience.cancelled()) throw Cancelled{};
        if (++conflicts == most_conflicts) {
            throw Failure(Stage::host, "host.state",
                          "the ledger could not be written: the host's state store said again and again that "
                          "somebody else had been faster");
        }
        there = placed.there;
    }
}

}  // namespace mailsend::ledger
