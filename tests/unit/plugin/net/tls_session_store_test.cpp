#include "net/tls_session_store.hpp"

#include <gtest/gtest.h>

namespace {

using mailsend::net::KeptTlsSession;
using mailsend::net::TlsSessionStore;

constexpr std::time_t end = 1000;

KeptTlsSession session(std::time_t ends = end, const std::string& issuer = "A",
                       int version = TLS1_3_VERSION) {
    KeptTlsSession kept{std::unique_ptr<SSL_SESSION, mailsend::net::FreeSession>(SSL_SESSION_new()),
                        {{issuer}, ends}};
    SSL_SESSION_set_protocol_version(kept.session.get(), version);
    return kept;
}

/// How many sessions of a server it still gives out.
int count(TlsSessionStore& store, const std::string& server, std::time_t now = 0) {
    int found = 0;
    while (store.take(server, now, 0)) ++found;
    return found;
}

TEST(TlsSessionStore, GivesASessionOutOnceAndToItsServerAlone) {
    TlsSessionStore store;
    store.keep("a:465", session());
    EXPECT_FALSE(store.take("a:587", 0, 0));
    EXPECT_FALSE(store.take("b:465", 0, 0));
    EXPECT_TRUE(store.take("a:465", 0, 0));
    EXPECT_FALSE(store.take("a:465", 0, 0));
}

TEST(TlsSessionStore, GivesOutCopiesOfOneThatTheServerDoesNotReplace) {
    TlsSessionStore store;
    store.keep("a:465", session(end, "A", TLS1_2_VERSION));
    const auto first = store.take("a:465", 0, 0);
    const auto second = store.take("a:465", 0, 0);
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->session.get(), second->session.get());
    EXPECT_EQ(second->proof.issuers.front(), "A");
}

TEST(TlsSessionStore, GivesTheNewestFirstAndKeepsFour) {
    TlsSessionStore store;
    for (const char* issuer : {"1", "2", "3", "4", "5"}) store.keep("a:465", session(end, issuer));
    for (const char* issuer : {"5", "4", "3", "2"}) {
        const auto taken = store.take("a:465", 0, 0);
        ASSERT_TRUE(taken);
        EXPECT_EQ(taken->proof.issuers.front(), issuer);
    }
    EXPECT_FALSE(store.take("a:465", 0, 0));
}

TEST(TlsSessionStore, GivesNothingOutThatProvesNothingAnyLonger) {
    TlsSessionStore store;
    store.keep("a:465", session(end));
    store.keep("a:465", session(end + 1));
    store.keep("a:465", session(end - 1));
    EXPECT_EQ(count(store, "a:465", end), 1);
}

TEST(TlsSessionStore, ForgetsTheServerThatWasAskedForLongestAgo) {
    TlsSessionStore store;
    const auto name = [](std::size_t number) { return "host" + std::to_string(number) + ":465"; };
    for (std::size_t i = 0; i < TlsSessionStore::most_servers; ++i) {
        store.keep(name(i), session());
        store.keep(name(i), session());
    }
    EXPECT_TRUE(store.take(name(0), 0, 0));
    store.keep("one more:465", session());
    EXPECT_EQ(count(store, name(0)), 1);
    EXPECT_EQ(count(store, name(1)), 0);
    EXPECT_EQ(count(store, name(2)), 2);
}

TEST(TlsSessionStore, GivesNothingOutForAMinuteAfterAFailure) {
    TlsSessionStore store;
    store.keep("a:465", session());
    store.keep("b:465", session());
    store.failed("a:465", 5000);
    store.keep("a:465", session());
    EXPECT_FALSE(store.take("a:465", 0, 64'999));
    EXPECT_TRUE(store.take("b:465", 0, 5000));
    EXPECT_TRUE(store.take("a:465", 0, 65'000));
    EXPECT_FALSE(store.take("a:465", 0, 65'000)) << "what was kept before the failure is gone";
}

}  // namespace
