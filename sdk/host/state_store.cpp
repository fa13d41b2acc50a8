#include "host/state_store.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

#include "host/state_connections.hpp"
#include "host/state_troubles.hpp"

namespace wfc {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t highest_version = std::numeric_limits<std::int64_t>::max();

bool fits(std::string_view scope, std::string_view key) noexcept {
    return !scope.empty() && scope.size() <= StateStore::longest_scope && !key.empty() &&
           key.size() <= StateStore::longest_key;
}

/// The first of all byte strings after those that begin with `prefix`.
std::string end_of(std::string_view prefix) {
    std::string end(prefix);
    while (!end.empty() && end.back() == '\xff') end.pop_back();
    if (end.empty()) return std::string(StateStore::longest_key + 1, '\xff');
    end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

}  // namespace

/// Where the file lies: open, or to be opened when it can be. Any thread.
class StateStore::Place {
  public:
    Place(const std::filesystem::path& file, Steady::time_point deadline)
        : name_(file.string()), file_(open(file, deadline)) {}
    Place(const std::filesystem::path& file, std::string why, Steady::duration retry)
        : name_(file.string()), why_(std::move(why)), retry_(retry), next_(Steady::now() + retry) {}

    /// Throws StateUnusable.
    std::shared_ptr<StateConnections> file(Steady::time_point deadline) {
        const std::lock_guard lock(mutex_);
        if (file_) return file_;
        if (Steady::now() < next_) throw StateUnusable(why_);
        try {
            return file_ = open(name_, deadline);
        } catch (const StateUnusable& fault) {
            why_ = fault.what();
            next_ = Steady::now() + retry_;
            throw;
        }
    }
    std::string named(const DatabaseFailed& failed) const {
        return "the state file " + name_ + " " + failed.sentence();
    }

    StateTroubles troubles{};

  private:
    std::shared_ptr<StateConnections> open(const std::filesystem::path& file,
                                           Steady::time_point deadline) const try {
        return std::make_shared<StateConnections>(file, deadline);
    } catch (const DatabaseFailed& failed) {
        throw StateUnusable(named(failed));
    }

    const std::string name_;
    std::mutex mutex_{};  ///< the rest
    std::shared_ptr<StateConnections> file_{};
    std::string why_{};  ///< it is not open
    Steady::duration retry_{};
    Steady::time_point next_{};
};

StateStore::StateStore(const std::filesystem::path& file, std::chrono::milliseconds patience)
    : place_(std::make_shared<Place>(file, Steady::now() + patience)), patience_(patience) {}
StateStore::StateStore(const std::filesystem::path& file, std::chrono::milliseconds patience,
                       const StateUnusable& fault, std::chrono::milliseconds retry)
    : place_(std::make_shared<Place>(file, fault.what(), retry)), patience_(patience) {
    place_->troubles.worth_telling(fault.what(), Steady::now());
}
StateStore::StateStore(std::shared_ptr<Place> place, std::chrono::milliseconds patience, Tell tell) noexcept
    : place_(std::move(place)), patience_(patience), tell_(std::move(tell)) {}
StateStore::~StateStore() = default;

StateStore StateStore::with_patience(std::chrono::milliseconds at_most, Tell tell) const {
    return {place_, std::min(patience_, at_most), std::move(tell)};
}

/// Work on the open file; WFC_UNAVAILABLE where that fails, and who wants to know hears why.
template <class Work>
wfc_status StateStore::carry_out(Work work) noexcept try {
    std::string why;
    try {
        const auto deadline = Steady::now() + patience_;
        return work(*place_->file(deadline), deadline);
    } catch (const DatabaseFailed& failed) {
        why = place_->named(failed);
    } catch (const StateUnusable& fault) {
        why = fault.what();
    }
    if (tell_ && place_->troubles.worth_telling(why, Steady::now())) tell_(why);
    return WFC_UNAVAILABLE;
} catch (...) {  // no memory
    return WFC_UNAVAILABLE;
}

wfc_status StateStore::get(std::string_view scope, std::string_view key, StateValue& into) noexcept {
    if (!fits(scope, key)) return WFC_INVALID_INPUT;
    return carry_out(
        [&](StateConnections& file, auto deadline) { return file.read(deadline, scope, key, into); });
}

wfc_status StateStore::put(std::string_view scope, std::string_view key, std::string_view bytes,
                           std::uint64_t expected_version, std::uint64_t ttl_ms,
                           std::uint64_t& new_version) noexcept {
    if (!fits(scope, key) || bytes.size() > largest_value) return WFC_INVALID_INPUT;
    if (expected_version > highest_version) return WFC_CONFLICT;
    return carry_out([&](StateConnections& file, auto deadline) {
        return file.write(deadline,
                          {StateWrite::Kind::put, std::string(scope), std::string(key), std::string(bytes),
                           static_cast<std::int64_t>(expected_version), ttl_ms},
                          new_version);
    });
}

wfc_status StateStore::erase(std::string_view scope, std::string_view key,
                             std::uint64_t expected_version) noexcept {
    if (!fits(scope, key)) return WFC_INVALID_INPUT;
    return carry_out([&](StateConnections& file, auto deadline) {
        if (expected_version != 0 && expected_version <= highest_version) {
            std::uint64_t ignored = 0;
            const wfc_status status = file.write(deadline,
                                                 {StateWrite::Kind::erase,
                                                  std::string(scope),
                                                  std::string(key),
                                                  {},
                                                  static_cast<std::int64_t>(expected_version)},
                                                 ignored);
            if (status != WFC_CONFLICT) return status;
        }
        StateValue other;
        const wfc_status status = file.read(deadline, scope, key, other);
        return status == WFC_OK ? WFC_CONFLICT : status;
    });
}

wfc_status StateStore::list(std::string_view scope, std::string_view prefix, std::string_view after,
                            std::vector<std::string>& keys) noexcept {
    if (!fits(scope, "-") || prefix.size() > longest_key || after.size() > longest_key)
        return WFC_INVALID_INPUT;
    return carry_out([&](StateConnections& file, auto deadline) {
        std::string first(after);
        if (!first.empty()) first += '\0';  // the next of all byte strings
        first = std::max(first, std::string(prefix));
        keys.clear();
        file.list(deadline, scope, first, end_of(prefix), keys_per_list, keys);
        return wfc_status{WFC_OK};
    });
}

}  // namespace wfc
