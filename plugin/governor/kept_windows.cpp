#include "governor/kept_windows.hpp"

#include <algorithm>
#include <chrono>

#include "net/wait.hpp"
#include "wfc/author.hpp"

namespace mailsend::governor {

namespace {

/// For accounts that are no longer used: a month, so that no clock that was set forward by hours or days
/// makes the store forget what counts.
constexpr std::uint64_t kept_ms = 31ULL * 24 * 3600 * 1000;
constexpr std::uint64_t after_sending_ms = 500;
constexpr unsigned tries_after_sending = 3;
constexpr std::size_t most_debts = 1'000;

Moment moment(const wfc::Host& host) {
    const wfc::Clock clock = host.clock();
    return {std::max<std::int64_t>(0, clock.unix_ms()), clock.monotonic_ms()};
}

}  // namespace

/// The right to ask the store: ends with the object.
class KeptWindows::Turn {
  public:
    Turn(KeptWindows& windows, const net::Patience& patience) : windows_(windows) {
        std::unique_lock lock(windows_.mutex_);
        const auto free = [&] { return windows_.asking_ == std::thread::id(); };
        while (!free()) {
            lock.unlock();
            patience.check();
            const std::chrono::milliseconds slice(patience.slice_ms());
            lock.lock();
            windows_.free_.wait_for(lock, slice, free);
        }
        windows_.asking_ = std::this_thread::get_id();
    }
    ~Turn() {
        const std::lock_guard lock(windows_.mutex_);
        windows_.asking_ = {};
        windows_.free_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    KeptWindows& windows_;
};

KeptWindows::KeptWindows(const std::string& account)
    : account_(account), key_("governor/" + account + "/windows") {}

KeptWindows::Loaded KeptWindows::load(const wfc::Host& host, const Moment& now) const {
    Loaded loaded;
    std::optional<wfc::State::Value> there;
    try {
        there = host.state().get(key_);
        loaded.stored = true;
    } catch (const wfc::ServiceFailed& failure) {
        if (failure.status() != WFC_UNSUPPORTED) throw;
    }
    if (there) {
        loaded.version = there->version;
        if (last_ && !last_bytes_.empty() && there->bytes == last_bytes_) {  // nobody else has written since
            loaded.record = *last_;
            return loaded;
        }
        if (auto record = decoded(there->bytes)) {
            loaded.record = std::move(*record);
            return loaded;
        }
        loaded.damaged = true;
    }
    loaded.record.base = now;
    if (last_) loaded.record = *last_;
    if (loaded.damaged) loaded.record.fill_minute(loaded.record.time_at(now));
    return loaded;
}

bool KeptWindows::store(const wfc::Host& host, const Loaded& loaded) {
    if (loaded.stored) {
        std::string bytes = encoded(loaded.record);
        if (!host.state().put(key_, bytes, loaded.version, kept_ms).has_value()) return false;
        last_bytes_ = std::move(bytes);
    }
    last_ = loaded.record;
    if (loaded.damaged) {
        host.log().write(wfc::Level::warning, "governor.record_damaged",
                         R"({"account":)" + wfc::Component::quoted(account_) + "}");
    }
    return true;
}

void KeptWindows::change(const wfc::Host& host, const net::Patience& patience, const Change& change,
                         unsigned tries) {
    const Turn turn(*this, patience);
    if (!change.settled()) change_in_turn(host, patience, change, tries);
}

bool KeptWindows::change_briefly(const wfc::Host& host, const Change& work) noexcept try {
    if (my_turn()) return false;
    const net::Patience patience(host.clock(), {}, host.clock().monotonic_ms() + after_sending_ms);
    change(host, patience, work, tries_after_sending);
    return true;
} catch (...) {
    return false;
}

void KeptWindows::change_in_turn(const wfc::Host& host, const net::Patience& patience, const Change& change,
                                 unsigned tries) {
    StoreTries store_tries(tries);
    bool certain = true;
    for (;;) {
        patience.check();
        try {
            const Moment before = moment(host);
            Loaded loaded = load(host, before);
            const Moment now = moment(host);  // not before what another process has just written
            const std::uint64_t time_ms = loaded.record.time_at(now);
            bool changed = loaded.damaged || loaded.record.stands_still(now);
            loaded.record.rebase(now);
            const auto debts = owed();
            for (const auto& debt : debts) {
                loaded.record.move(debt->at_ms, time_ms, debt->recipients);
                changed = true;
            }
            changed = change.apply(loaded.record, {time_ms, certain}) || changed;
            if (!changed) {
                last_ = std::move(loaded.record);
                last_bytes_.clear();
                return;
            }
            if (store(host, loaded)) {
                paid(debts, time_ms, now.monotonic_ms);
                change.stored();
                return;
            }
        } catch (const wfc::ServiceFailed& failure) {
            certain = false;
            store_tries.failed(failure, patience);
            continue;
        }
        net::wait_some({}, 1 + jitter_ms(20), patience);  // another process was faster
    }
}

std::vector<std::shared_ptr<Counted>> KeptWindows::owed() {
    const std::lock_guard lock(debts_mutex_);
    return debts_;
}

void KeptWindows::paid(const std::vector<std::shared_ptr<Counted>>& debts, std::uint64_t time_ms,
                       std::uint64_t monotonic_ms) {
    const std::lock_guard lock(debts_mutex_);
    for (const auto& debt : debts) {
        debt->at_ms = time_ms;
        debt->monotonic_ms = monotonic_ms;
        std::erase(debts_, debt);
    }
}

bool KeptWindows::my_turn() {
    const std::lock_guard lock(mutex_);
    return asking_ == std::this_thread::get_id();
}

bool KeptWindows::owes(const std::shared_ptr<Counted>& message) {
    const std::lock_guard lock(debts_mutex_);
    return std::find(debts_.begin(), debts_.end(), message) != debts_.end();
}

void KeptWindows::count_again(const wfc::Host& host, const std::shared_ptr<Counted>& message) noexcept {
    try {
        {
            const std::lock_guard lock(debts_mutex_);
            if (!message->later_slice(host.clock().monotonic_ms())) return;
            if (std::find(debts_.begin(), debts_.end(), message) == debts_.end()) {
                if (debts_.size() >= most_debts) debts_.erase(debts_.begin());
                debts_.push_back(message);
            }
        }
    } catch (...) {  // no memory for it
        return;
    }
    // Whoever was before this thread has paid for all. Where it fails it stays in debts_ until the next
    // change.
    change_briefly(host,
                   {[&] { return !owes(message); }, [](WindowRecord&, const Now&) { return false; }, [] {}});
}

}  // namespace mailsend::governor
