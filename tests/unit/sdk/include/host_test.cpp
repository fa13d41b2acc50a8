#include "wfc/host.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>

namespace {

/// A host with the tables it is given.
struct FakeHost {
    std::map<std::string, const void*> tables;
    wfc_host table{sizeof(wfc_host), 0, this, "fake", "1", [](const wfc_host* host, const char* id) noexcept {
                       const auto& known = static_cast<FakeHost*>(host->ctx)->tables;
                       const auto found = known.find(id);
                       return found == known.end() ? nullptr : found->second;
                   }};
};

wfc_status status_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const wfc::ServiceFailed& failure) {
        return failure.status();
    }
    return WFC_OK;
}

TEST(HostServices, AreSilentWhereThatIsHarmless) {
    FakeHost fake;
    const wfc::Host host(&fake.table);
    host.log().write(wfc::Level::error, "x", "{}");
    EXPECT_FALSE(host.log().enabled(wfc::Level::error));
    EXPECT_TRUE(host.egress().allows("mail.example.test", "192.0.2.1", 25));
    EXPECT_EQ(host.clock().monotonic_ms(), 0u);
    EXPECT_EQ(host.clock().unix_ms(), 0);
    EXPECT_EQ(host.clock().utc_offset_min(0), 0);
}

TEST(HostServices, AreAnErrorWhereSilenceWouldBeWrong) {
    FakeHost fake;
    const wfc::Host host(&fake.table);
    EXPECT_EQ(status_of([&] { host.secrets().get("x"); }), WFC_UNSUPPORTED);
    EXPECT_EQ(status_of([&] { host.secrets().put("x", wfc::SecretString("y")); }), WFC_UNSUPPORTED);
    EXPECT_EQ(status_of([&] { host.secrets().erase("x"); }), WFC_UNSUPPORTED);
    EXPECT_EQ(status_of([&] { host.files().open("x"); }), WFC_UNSUPPORTED);
    EXPECT_FALSE(host.state().offered());
    EXPECT_EQ(status_of([&] { host.state().get("x"); }), WFC_UNSUPPORTED);
    EXPECT_EQ(status_of([&] { host.state().put("x", "y", 0); }), WFC_UNSUPPORTED);
    EXPECT_EQ(status_of([&] { host.state().erase("x", 1); }), WFC_UNSUPPORTED);
    EXPECT_EQ(status_of([&] { host.state().list(""); }), WFC_UNSUPPORTED);
}

TEST(HostServices, SayThatASecretIsMissingOnlyWhereItIs) {
    static wfc_status answer = WFC_OK;
    const wfc_secrets table{sizeof(wfc_secrets),
                            0,
                            nullptr,
                            [](void*, wfc_view, wfc_sink) noexcept { return answer; },
                            [](void*, wfc_view, wfc_view) noexcept { return answer; },
                            [](void*, wfc_view) noexcept { return answer; }};
    const auto said = [&](wfc_status status) {
        answer = status;
        try {
            wfc::Secrets(&table).get("alice");
        } catch (const wfc::ServiceFailed& failed) {
            EXPECT_EQ(failed.status(), status);
            return std::string(failed.what());
        }
        return std::string();
    };
    for (const wfc_status status : {WFC_NOT_FOUND, WFC_UNSUPPORTED})
        EXPECT_EQ(said(status), "the host has no secret named \"alice\"") << status;
    for (const wfc_status status : {WFC_DENIED, WFC_UNAVAILABLE, WFC_FAILED, WFC_INTERNAL})
        EXPECT_EQ(said(status), "the host did not give the secret \"alice\"") << status;
}

TEST(HostServices, ShorterThanTheyWereInTheFirstVersionAreNotUsed) {
    wfc_egress deny{
        sizeof(wfc_egress), 0, nullptr,
        [](void*, wfc_view, wfc_view, std::uint16_t) noexcept -> wfc_status { return WFC_DENIED; }};
    FakeHost fake;
    fake.tables[WFC_EGRESS] = &deny;
    const wfc::Host host(&fake.table);
    EXPECT_FALSE(host.egress().allows("h", "192.0.2.1", 25));
    deny.struct_size = static_cast<std::uint32_t>(offsetof(wfc_egress, allow));
    EXPECT_EQ(host.table<wfc_egress>(WFC_EGRESS), nullptr);
    deny.struct_size = sizeof(wfc_egress) + 64;  // a later minor
    EXPECT_NE(host.table<wfc_egress>(WFC_EGRESS), nullptr);
}

TEST(HostServices, GiveSecretsAndSayWhatFailed) {
    const wfc_secrets table{sizeof(wfc_secrets),
                            0,
                            nullptr,
                            [](void*, wfc_view ref, wfc_sink value) noexcept -> wfc_status {
                                if (wfc::text(ref) == "locked") return WFC_UNAVAILABLE;
                                if (wfc::text(ref) != "alice") return WFC_NOT_FOUND;
                                value.write(value.ctx, wfc::view("hun"));
                                return value.write(value.ctx, wfc::view("ter2"));
                            },
                            nullptr,
                            nullptr};
    FakeHost fake;
    fake.tables[WFC_SECRETS] = &table;
    const wfc::Secrets secrets = wfc::Host(&fake.table).secrets();
    EXPECT_EQ(secrets.get("alice").reveal(), "hunter2");
    EXPECT_EQ(status_of([&] { secrets.get("bob"); }), WFC_NOT_FOUND);
    EXPECT_EQ(status_of([&] { secrets.get("locked"); }), WFC_UNAVAILABLE);
}

TEST(HostServices, KeepAndForgetSecrets) {
    static std::string seen;
    seen.clear();
    const wfc_secrets table{sizeof(wfc_secrets),
                            0,
                            nullptr,
                            nullptr,
                            [](void*, wfc_view ref, wfc_view value) noexcept -> wfc_status {
                                seen.append(wfc::text(ref)).append("=").append(wfc::text(value));
                                return wfc::text(ref) == "locked" ? WFC_DENIED : WFC_OK;
                            },
                            [](void*, wfc_view ref) noexcept -> wfc_status {
                                return wfc::text(ref) == "locked" ? WFC_DENIED : WFC_NOT_FOUND;
                            }};
    FakeHost fake;
    fake.tables[WFC_SECRETS] = &table;
    const wfc::Secrets secrets = wfc::Host(&fake.table).secrets();
    secrets.put("alice", wfc::SecretString("new"));
    EXPECT_EQ(seen, "alice=new");
    EXPECT_EQ(status_of([&] { secrets.put("locked", wfc::SecretString("hunter2")); }), WFC_DENIED);
    EXPECT_EQ(status_of([&] { secrets.erase("nobody"); }), WFC_OK) << "there is nothing to forget";
    EXPECT_EQ(status_of([&] { secrets.erase("locked"); }), WFC_DENIED);
    try {
        secrets.put("locked", wfc::SecretString("hunter2"));
    } catch (const wfc::ServiceFailed& failed) {
        EXPECT_STREQ(failed.what(), "the host did not keep the secret \"locked\"");
    }
}

/// Every answer of a state table, by key.
wfc_status by_key(wfc_view key) noexcept {
    const std::string_view name = wfc::text(key);
    return name == "gone"     ? WFC_NOT_FOUND
           : name == "taken"  ? WFC_CONFLICT
           : name == "broken" ? WFC_UNAVAILABLE
                              : WFC_OK;
}

TEST(HostServices, TellAnsweredFromFailedInTheState) {
    const wfc_state table{
        sizeof(wfc_state),
        0,
        nullptr,
        [](void*, wfc_view key, wfc_sink value, std::uint64_t* version) noexcept -> wfc_status {
            *version = 7;
            const wfc_status half = value.write(value.ctx, wfc::view("va"));
            return half != WFC_OK || by_key(key) != WFC_OK ? by_key(key)
                                                           : value.write(value.ctx, wfc::view("lue"));
        },
        [](void*, wfc_view key, wfc_view, std::uint64_t expected, std::uint64_t ttl,
           std::uint64_t* version) noexcept -> wfc_status {
            *version = expected + ttl;
            return by_key(key);
        },
        [](void*, wfc_view key, std::uint64_t) noexcept -> wfc_status { return by_key(key); },
        [](void*, wfc_view prefix, wfc_view after, wfc_sink keys) noexcept -> wfc_status {
            if (by_key(prefix) == WFC_OK) keys.write(keys.ctx, after);
            return by_key(prefix);
        }};
    FakeHost fake;
    fake.tables[WFC_STATE] = &table;
    const wfc::State state = wfc::Host(&fake.table).state();
    ASSERT_TRUE(state.offered());
    EXPECT_EQ(state.get("k")->bytes, "value");
    EXPECT_EQ(state.get("k")->version, 7u);
    EXPECT_FALSE(state.get("gone"));
    EXPECT_EQ(status_of([&] { state.get("broken"); }), WFC_UNAVAILABLE);
    EXPECT_EQ(state.put("k", "", 3), 3u);
    EXPECT_EQ(state.put("k", "", 3, 100), 103u);
    EXPECT_FALSE(state.put("taken", "", 3));
    EXPECT_EQ(status_of([&] { state.put("broken", "", 3); }), WFC_UNAVAILABLE);
    EXPECT_TRUE(state.erase("k", 3));
    EXPECT_FALSE(state.erase("taken", 3));
    EXPECT_FALSE(state.erase("gone", 3));
    EXPECT_EQ(status_of([&] { state.erase("broken", 3); }), WFC_UNAVAILABLE);
    EXPECT_EQ(state.list("", "x"), "x");
    EXPECT_EQ(status_of([&] { state.list("broken"); }), WFC_UNAVAILABLE);
}

TEST(HostServices, LogOnlyWhatIsEnabled) {
    static std::string seen;
    seen.clear();
    const wfc_log table{sizeof(wfc_log), 0, nullptr,
                        [](void*, std::int32_t level) noexcept -> int { return level >= 3; },
                        [](void*, std::int32_t, wfc_view event, wfc_view fields) noexcept {
                            seen.append(wfc::text(event)).append(wfc::text(fields));
                        }};
    FakeHost fake;
    fake.tables[WFC_LOG] = &table;
    const wfc::Log log = wfc::Host(&fake.table).log();
    log.write(wfc::Level::info, "quiet", "{}");
    log.write(wfc::Level::warning, "loud", "{}");
    EXPECT_EQ(seen, "loud{}");
}

}  // namespace
