/// A host in memory with a ledger, calls that come with keys, and what stands in the store.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ledger/ledger.hpp"
#include "testhost/testhost.hpp"

namespace mailsend::ledger::test {

inline const std::string body = "body1:aa", other_body = "body1:bb";

class LedgerBench : public ::testing::Test {
  protected:
    wfc::testhost::TestHost host;
    LedgerTerms terms{"order-1", true, OnUnknown::report, std::chrono::hours(24)};
    Content content{"draft1:aa", 2, "<id@example.test>"};
    const Content other_content{"draft1:bb", 1, "<other@example.test>"};

    wfc::Host services() const { return wfc::Host(host.table()); }
    std::int64_t now() const { return services().clock().unix_ms(); }
    net::Patience patience(std::uint64_t ms = 60'000, std::function<bool()> cancelled = {}) const {
        const wfc::Clock clock = services().clock();
        return {clock, std::move(cancelled), clock.monotonic_ms() + ms};
    }

    Claim claim() const { return *Ledger(services()).claim(terms, content, patience()); }
    /// A call that waits for nobody; the condition it ends with, "input" for invalid input.
    std::string refusal(const Content& asked) const {
        try {
            Ledger(services()).claim(terms, asked, patience(0));
        } catch (const Failure& failure) {
            return failure.facts().condition;
        } catch (const wfc::Problem& problem) {
            EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
            EXPECT_EQ(problem.pointer(), "/idempotency_key");
            return "input";
        }
        return "none";
    }
    std::string refusal() const { return refusal(content); }
    static std::string refused_ending(Claim& claim, const std::vector<std::size_t>& places,
                                      const std::string& digest = body) {
        try {
            claim.ending(places, digest);
        } catch (const Failure& failure) {
            return failure.facts().condition;
        } catch (const wfc::Problem&) {
            return "input";
        }
        return "none";
    }

    /// Leaves what a process leaves that is killed: the claim never ends.
    void die(Claim claim) {
        host.state().fail_with(WFC_UNAVAILABLE);
        { const Claim last = std::move(claim); }
        host.state().fail_with(WFC_OK);
    }
    /// A call that goes well.
    void send_all() const {
        Claim mine = claim();
        mine.ending(mine.open(), body);
        mine.settle({{0, Standing::sent}, {1, Standing::sent}}, Reply{250, {"250 2.0.0 queued as 4711"}});
        mine.finish();
    }

    std::string key() {
        for (const std::string& key : host.state().keys()) {
            if (key.starts_with("ledger/")) return key;
        }
        return {};
    }
    nlohmann::json stored() {
        const auto bytes = host.state().get(key());
        return bytes ? nlohmann::json::parse(*bytes) : nlohmann::json();
    }
    /// "ending eo"
    std::string state() {
        const nlohmann::json record = stored();
        return record.is_null()
                   ? "none"
                   : record["state"].get<std::string>() + ' ' + record["recipients"].get<std::string>();
    }
    static std::string letters(const Claim& claim) {
        std::string out;
        for (const Standing standing : claim.past().standings) out += static_cast<char>(standing);
        return out;
    }
};

/// Stands between the component and the store: counts, and loses answers.
class Wire {
  public:
    explicit Wire(wfc::testhost::MemoryState& state) : table_(state.table()), inner_(state.table()) {
        table_.ctx = this;
        table_.get = [](void* ctx, wfc_view key, wfc_sink value, std::uint64_t* version) noexcept {
            Wire& self = *static_cast<Wire*>(ctx);
            ++self.gets;
            if (self.unreadable > 0 && self.unreadable-- > 0) return wfc_status{WFC_UNAVAILABLE};
            return self.inner_.get(self.inner_.ctx, key, value, version);
        };
        table_.put = [](void* ctx, wfc_view key, wfc_view value, std::uint64_t expected_version,
                        std::uint64_t ttl_ms, std::uint64_t* version) noexcept {
            Wire& self = *static_cast<Wire*>(ctx);
            ++self.puts;
            self.last_ttl_ms = ttl_ms;
            if (self.refused_puts > 0 && self.refused_puts-- > 0) return wfc_status{WFC_UNAVAILABLE};
            const wfc_status status =
                self.inner_.put(self.inner_.ctx, key, value, expected_version, ttl_ms, version);
            if (self.lost_answers == 0) return status;
            --self.lost_answers;
            return self.lost_as;
        };
    }
    ~Wire() { table_ = inner_; }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    int gets = 0, puts = 0;
    std::uint64_t last_ttl_ms = 0;
    int lost_answers = 0;  ///< so many writes are done and answered with `lost_as`
    wfc_status lost_as = WFC_UNAVAILABLE;
    int refused_puts = 0;  ///< so many are not done
    int unreadable = 0;

  private:
    wfc_state& table_;
    wfc_state inner_;
};

}  // namespace mailsend::ledger::test
