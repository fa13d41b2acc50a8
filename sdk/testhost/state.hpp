/// wfc.state/1 in memory, with the rules of the real one: versions, times to live (also after the clock was
/// set back), limits, byte order, keys in UTF-8.
///
/// Guarantees: any thread; a version never returns; each write is a commit of its own. Time is the test's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/component.h"

namespace wfc::testhost {

class MemoryState {
  public:
    /// `unix_ms`: the clock that times to live run on. Called with no lock held.
    explicit MemoryState(std::function<std::int64_t()> unix_ms);
    MemoryState(const MemoryState&) = delete;
    MemoryState& operator=(const MemoryState&) = delete;

    wfc_state& table() noexcept { return table_; }

    /// Writes as another worker would, whatever is there; the new version.
    std::uint64_t put(const std::string& key, const std::string& bytes, std::uint64_t ttl_ms = 0);
    void erase(std::string_view key);
    std::optional<std::string> get(std::string_view key) const;
    std::vector<std::string> keys() const;

    /// From now on the component's calls answer this and do nothing; WFC_OK ends it.
    void fail_with(wfc_status status);
    /// Called on the component's thread before each of its writes and erasures, with the key: the moment for
    /// another worker to be faster.
    void before_write(std::function<void(const std::string&)> listener);

  private:
    struct Value {
        std::string bytes{};
        std::uint64_t version = 0;
        std::int64_t written = 0;  ///< unix ms, like the next
        std::optional<std::int64_t> expires = std::nullopt;
    };
    using Values = std::map<std::string, Value, std::less<>>;

    Values::const_iterator find(std::string_view key, std::int64_t now) const;
    std::uint64_t store(std::string_view key, std::string_view bytes, std::uint64_t ttl_ms, std::int64_t now);
    void announce(std::string_view key) const;
    wfc_status read(std::string_view key, std::string& bytes, std::uint64_t& version) const;
    wfc_status write(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                     std::uint64_t ttl_ms, std::uint64_t& version);
    wfc_status remove(std::string_view key, std::uint64_t expected_version);
    wfc_status list(std::string_view prefix, std::string_view after, std::string& json) const;

    std::function<std::int64_t()> unix_ms_;
    mutable std::mutex mutex_{};
    Values values_{};
    std::uint64_t last_version_ = 0;
    wfc_status status_ = WFC_OK;
    std::function<void(const std::string&)> listener_{};
    wfc_state table_{};
};

}  // namespace wfc::testhost
