#include "operations/account_limits.hpp"

#include <gtest/gtest.h>

namespace {

using mailsend::limits_of;
using mailsend::parse_settings;
using mailsend::recipients_per_message;
using mailsend::Settings;

Settings microsoft(const std::string& delivery = "{}") {
    return parse_settings(R"({"server": {"kind": "preset", "provider": "microsoft365"}, "delivery": )" +
                          delivery + "}");
}

TEST(AccountLimits, AreThoseOfTheProvider) {
    const auto limits = limits_of(microsoft());
    EXPECT_EQ(limits.messages_per_minute, 30u);
    EXPECT_EQ(limits.recipients_per_day, 10'000u);
    EXPECT_EQ(limits.connections, 3u);
    EXPECT_EQ(recipients_per_message(microsoft()), 500u);
}

TEST(AccountLimits, OfTheSettingsBeatThem) {
    const Settings settings = microsoft(
        R"({"max_connections": 9, "limits": {"messages_per_minute": 300, "recipients_per_message": 1000}})");
    const auto limits = limits_of(settings);
    EXPECT_EQ(limits.messages_per_minute, 300u);
    EXPECT_EQ(limits.recipients_per_day, 10'000u);
    EXPECT_EQ(limits.connections, 9u);
    EXPECT_EQ(recipients_per_message(settings), 1000u);
}

TEST(AccountLimits, OfAProviderCountAlsoWhereItsHostWasTypedByHand) {
    const Settings settings =
        parse_settings(R"({"server": {"kind": "custom", "host": "smtp.office365.com"}})");
    EXPECT_EQ(limits_of(settings).messages_per_minute, 30u);
}

TEST(AccountLimits, AreNoneForAServerThatNobodyKnows) {
    const Settings settings =
        parse_settings(R"({"server": {"kind": "custom", "host": "mail.example.test"}})");
    EXPECT_TRUE(limits_of(settings).none());
    EXPECT_FALSE(recipients_per_message(settings));
}

}  // namespace
