/// MailSend as a host loads it, on a host in memory with real time; for tests that talk to servers in this
/// process.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "loader/loader.hpp"
#include "testhost/testhost.hpp"

namespace test {

/// Not copyable. `invoke` may run on many threads.
class LoadedMailSend {
  public:
    LoadedMailSend() {
        host.real_time();
        host.log_level(5);
        component = wfc::load(std::filesystem::path(BINARY_DIR) / "components/mail-send",
                              {WFC_CLOCK, WFC_SECRETS, WFC_LOG, WFC_FILES, WFC_EGRESS})
                        ->create(*host.table());
    }

    void configure(const nlohmann::json& settings) {
        std::string problem;
        ASSERT_EQ(component.configure(settings.dump(), problem), WFC_OK) << problem;
    }

    /// Settings for a server in clear on a loopback port: one try, and nothing remembered of it.
    static nlohmann::json in_clear(std::uint16_t port) {
        return {{"server", {{"kind", "custom"}, {"host", "127.0.0.1"}, {"port", port}, {"security", "none"}}},
                {"auth", {{"method", "none"}}},
                {"from", "alice@example.test"},
                {"delivery", {{"attempts", 1}, {"ledger", "off"}}}};
    }

    wfc::testhost::TestHost host;
    wfc::ComponentHandle component;
};

/// A message as short as can be.
inline std::string short_message() {
    return R"({"to": "bob@example.test", "subject": "Test", "text": "Hello"})";
}

}  // namespace test
