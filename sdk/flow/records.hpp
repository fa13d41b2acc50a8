/// Where the journal of flows is kept: values with versions, one winner for each write.
///
/// An interface, so that a test keeps them in memory and two runners of one process share them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

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
    virtual wfc_status erase(std::string_view key, std::uint64_t expected_version) = 0;
    virtual wfc_status list(std::string_view prefix, std::string_view after,
                            std::vector<std::string>& keys) = 0;
    /// For people: "the state store /home/you/.local/share/…".
    virtual std::string name() = 0;
    /// Why nothing new may be begun, as a sentence; empty: nothing is wrong.
    virtual std::string unsound() = 0;
};

/// In the state store, scope "wfc.run".
class StateRecords final : public Records {
  public:
    /// `store` outlives this and was made from `file` just now: from then on a file that is removed or
    /// replaced is unsound, for what is written then is seen by nobody else.
    StateRecords(StateStore& store, std::filesystem::path file);
    wfc_status get(std::string_view key, StateValue& into) override;
    wfc_status put(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                   std::uint64_t ttl_ms, std::uint64_t& new_version) override;
    wfc_status erase(std::string_view key, std::uint64_t expected_version) override;
    wfc_status list(std::string_view prefix, std::string_view after, std::vector<std::string>& keys) override;
    std::string name() override;
    std::string unsound() override;

  private:
    StateStore& store_;
    std::filesystem::path file_;
    std::uint64_t device_ = 0, inode_ = 0;
};

}  // namespace wfc::flow
