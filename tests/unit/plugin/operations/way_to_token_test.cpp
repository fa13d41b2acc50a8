#include "operations/way_to_token.hpp"

#include <gtest/gtest.h>

namespace {

using mailsend::Facts;
using mailsend::Stage;
using mailsend::told_of_token_server;

Facts facts(const char* condition, Stage stage = Stage::token) {
    Facts out = mailsend::Failure(stage, condition, "the token endpoint could not be asked").facts();
    out.details["host"] = "login.example.test";
    return out;
}

TEST(WayToToken, IsToldAsOneToAWebServerWithWhatHappenedAsItsCause) {
    const std::pair<const char*, const char*> all[] = {
        {"dns.nxdomain", "token.unreachable"},    {"conn.refused", "token.unreachable"},
        {"net.unreachable", "token.unreachable"}, {"proxy.connect", "token.unreachable"},
        {"conn.timeout", "token.unreachable"},    {"egress.denied", "token.unreachable"},
        {"tls.reset", "token.unreachable"},       {"tls.no_cipher", "token.untrusted"},
        {"cert.expired", "token.untrusted"},
    };
    for (const auto& [was, is] : all) {
        const Facts told = told_of_token_server(facts(was));
        EXPECT_EQ(told.condition, is) << was;
        EXPECT_EQ(told.stage, Stage::token);
        EXPECT_EQ(told.sentence, "the token endpoint could not be asked");
        EXPECT_EQ(told.details.at("host"), "login.example.test");
        EXPECT_EQ(told.details.at("reason"), was);
        ASSERT_TRUE(told.cause) << was;
        EXPECT_EQ(told.cause->condition, was);
        EXPECT_EQ(told_of_token_server(told).cause->condition, was) << "once is enough";
    }
}

TEST(WayToToken, LeavesEverythingElseAlone) {
    for (const char* condition :
         {"token.refused", "token.dead", "signin.nobody", "deadline.passed", "http.closed", ""}) {
        EXPECT_EQ(told_of_token_server(facts(condition)).condition, condition);
        EXPECT_FALSE(told_of_token_server(facts(condition)).cause);
    }
    EXPECT_EQ(told_of_token_server(facts("conn.refused", Stage::connect)).condition, "conn.refused")
        << "that is the mail server's";
}

}  // namespace
