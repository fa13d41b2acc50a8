/// Where the journal of flows is kept: values with versions, one winner for each write.
///
/// An interface, so that a test keeps them in memory and two runners of one process share them.
#pragma once

#include <string_view>

#include "host/state_store.hpp"

namespace wfc::flow {

/// As StateStore, for one scope. Any thread.
class Records {
  public:
    Records() = default;
    Records(const Records&) = delete;
    Records& operator=(const Records&) = delete;
    virtual ~Records() = default;

    virtual wfc_status get(std::string_view key, StateValue& into) = 0;
    virtual wfc_status put(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                           std::uint64_t ttl_ms, std::uint64_t& new_version) = 0;
};

/// In the state store, scope "wfc.run".
class StateRecords final : public Records {
  public:
    /// `store` outlives this.
    explicit StateRecords(StateStore& store) : store_(store) {}
    wfc_status get(std::string_view key, StateValue& into) override { return store_.get(scope, key, into); }
    wfc_status put(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                   std::uint64_t ttl_ms, std::uint64_t& new_version) override {
        return store_.put(scope, key, bytes, expected_version, ttl_ms, new_version);
    }

  private:
    static constexpr std::string_view scope = "wfc.run";
    StateStore& store_;
};

}  // namespace wfc::flow
