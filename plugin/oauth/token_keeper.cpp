#include "oauth/token_keeper.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "crypto/random.hpp"
#include "oauth/token_renewal.hpp"

namespace mailsend::oauth {

namespace {

/// After so long another process's sign-in or sign-out is noticed.
constexpr std::uint64_t look_again_ms = 60'000;

/// One thread looks and asks, the others of the process wait for what it finds.
struct Flight {
    bool over = false;
    Asking asking = Asking::unattended;
    bool for_refused = false;  ///< about a token that the mail server refused: other answers are possible
    std::optional<wfc::SecretString> token;
    std::optional<Facts> failure;
};

}  // namespace

struct TokenKeeper::State {
    State(KeeperTerms given, const wfc::Host& its_host)
        : terms(std::move(given)), host(its_host), renewal(terms, its_host) {}

    const KeeperTerms terms;
    const wfc::Host host;
    TokenRenewal renewal;

    std::mutex mutex;
    std::condition_variable landed;
    std::shared_ptr<Flight> flight;
    struct Held {
        TokenRecord record;
        std::uint64_t read_at_ms = 0;
    };
    std::optional<Held> held;

    /// With `mutex` held.
    const wfc::SecretString* at_hand(const wfc::SecretString* refused) const {
        if (!held || host.clock().monotonic_ms() - held->read_at_ms >= look_again_ms) return nullptr;
        const wfc::SecretString& token = held->record.access_token;
        if (refused != nullptr && crypto::equal(token.reveal(), refused->reveal())) return nullptr;
        return renewal.good(held->record) ? &token : nullptr;
    }

    wfc::SecretString obtain(const net::Patience& patience, Asking asking, const wfc::SecretString* refused);
    std::optional<wfc::SecretString> lead(Flight& mine, const net::Patience& patience,
                                          const wfc::SecretString* refused);
    /// What the flight of another thread brought; nothing when it is of no use to this one.
    std::optional<wfc::SecretString> follow(const Flight& other, std::unique_lock<std::mutex>& lock,
                                            const net::Patience& patience, Asking asking,
                                            const wfc::SecretString* refused);
    std::optional<TokenRecord> still_held() {
        const std::lock_guard lock(mutex);
        return held && renewal.good(held->record) ? std::optional(held->record.copy()) : std::nullopt;
    }
    void drop_held() {
        const std::lock_guard lock(mutex);
        held.reset();
    }
};

wfc::SecretString TokenKeeper::State::obtain(const net::Patience& patience, Asking asking,
                                             const wfc::SecretString* refused) {
    for (;;) {
        std::shared_ptr<Flight> mine;
        {
            std::unique_lock lock(mutex);
            if (const wfc::SecretString* token = at_hand(refused)) return token->copy();
            if (flight) {
                const std::shared_ptr<const Flight> other = flight;
                if (auto token = follow(*other, lock, patience, asking, refused)) return std::move(*token);
                continue;
            }
            mine = flight = std::make_shared<Flight>();
            mine->asking = asking;
            mine->for_refused = refused != nullptr;
        }
        if (auto token = lead(*mine, patience, refused)) return std::move(*token);
    }
}

std::optional<wfc::SecretString> TokenKeeper::State::lead(Flight& mine, const net::Patience& patience,
                                                          const wfc::SecretString* refused) {
    const std::uint64_t era = renewal.era();
    std::optional<TokenRecord> record;
    const auto land = [&](std::optional<Facts> failure) {
        const std::lock_guard lock(mutex);
        mine.over = true;
        mine.failure = std::move(failure);
        held.reset();
        if (record && era == renewal.era()) {
            mine.token = record->access_token.copy();
            held = Held{std::move(*record), host.clock().monotonic_ms()};
        } else {
            record.reset();
        }
        flight.reset();
        landed.notify_all();
    };
    try {
        record = renewal.obtain(patience, mine.asking, refused);
    } catch (const Failure& failure) {
        // A store that is busy takes nothing from the token that was read from it.
        if (refused == nullptr && failure.facts().condition == "host.secrets") record = still_held();
        if (!record) {
            land(failure.facts());
            throw;
        }
    } catch (...) {  // this thread's own affair: the next one asks for itself
        land(std::nullopt);
        throw;
    }
    std::optional<wfc::SecretString> token = record->access_token.copy();
    land(std::nullopt);
    if (!record) token.reset();  // signed out or in meanwhile: look again
    return token;
}

std::optional<wfc::SecretString> TokenKeeper::State::follow(const Flight& other,
                                                            std::unique_lock<std::mutex>& lock,
                                                            const net::Patience& patience, Asking asking,
                                                            const wfc::SecretString* refused) {
    while (!other.over) {
        lock.unlock();
        patience.check();
        const std::chrono::milliseconds slice(patience.slice_ms());
        lock.lock();
        landed.wait_for(lock, slice, [&] { return other.over; });
    }
    if (other.token && (refused == nullptr || !crypto::equal(other.token->reveal(), refused->reveal())))
        return other.token->copy();
    // A person may be answered otherwise than those who asked before.
    if (other.failure && other.for_refused == (refused != nullptr) &&
        (asking == Asking::unattended || other.asking == Asking::person))
        throw Failure(*other.failure);
    return std::nullopt;
}

TokenKeeper::TokenKeeper(KeeperTerms terms, const wfc::Host& host)
    : state_(std::make_unique<State>(std::move(terms), host)) {}

TokenKeeper::~TokenKeeper() = default;

wfc::SecretString TokenKeeper::access_token(const net::Patience& patience, Asking asking) {
    return state_->obtain(patience, asking, nullptr);
}

std::optional<wfc::SecretString> TokenKeeper::replaced(const wfc::SecretString& refused,
                                                       const net::Patience& patience, Asking asking) {
    try {
        return state_->obtain(patience, asking, &refused);
    } catch (const Failure& failure) {
        if (failure.facts().condition == "token.expired") return std::nullopt;
        throw;
    }
}

std::optional<TokenRecord> TokenKeeper::record() const {
    return state_->renewal.record();
}

std::optional<Facts> TokenKeeper::known_dead() const {
    return state_->renewal.known_dead();
}

void TokenKeeper::keep(TokenRecord record) {
    state_->renewal.keep(record);
    state_->drop_held();
}

void TokenKeeper::forget() {
    state_->renewal.forget();
    state_->drop_held();
}

}  // namespace mailsend::oauth
