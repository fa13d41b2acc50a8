#include "oauth/token_record.hpp"

#include <gmock/gmock.h>
#include <limits>
#include <stdexcept>

#include "oauth/token_keeper.hpp"
#include "oauth/token_life.hpp"

namespace mailsend::oauth {
namespace {

TokenRecord example() {
    TokenRecord record;
    record.refresh_token = wfc::SecretString("re\"fresh\\\x01/日");
    record.access_token = wfc::SecretString("access");
    record.access_expires_at = 1'700'003'600;
    record.refresh_expires_at = 1'707'776'000;
    record.refresh_told_at = 1'650'000'000;
    record.issued_at = 1'600'000'000;
    record.refreshed_at = 1'700'000'000;
    record.scopes = {"https://mail.google.com/", "email"};
    record.signed_in_as = "日本@example.test";
    record.basis = {{"client_id", "c\"1"}, {"client_secret", "ab12"}};
    record.supplied = "cd34";
    return record;
}

std::string refused(std::string_view text) {
    try {
        read_record(wfc::SecretString(text));
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
    return {};
}

TEST(TokenRecord, IsReadAsItWasWritten) {
    const TokenRecord record = example();
    const wfc::SecretString text = written(record);
    EXPECT_EQ(text.reveal().find('\n'), std::string_view::npos);
    const TokenRecord read = read_record(text), copied = record.copy();
    for (const TokenRecord* one : {&read, &copied}) {
        const TokenRecord& same = *one;
        EXPECT_EQ(same.refresh_token.reveal(), record.refresh_token.reveal());
        EXPECT_EQ(same.access_token.reveal(), "access");
        EXPECT_EQ(same.access_expires_at, 1'700'003'600);
        EXPECT_EQ(same.refresh_expires_at, 1'707'776'000);
        EXPECT_EQ(same.refresh_told_at, 1'650'000'000);
        EXPECT_EQ(same.issued_at, 1'600'000'000);
        EXPECT_EQ(same.refreshed_at, 1'700'000'000);
        EXPECT_EQ(same.scopes, record.scopes);
        EXPECT_EQ(same.signed_in_as, record.signed_in_as);
        EXPECT_EQ(same.basis, record.basis);
        EXPECT_EQ(same.supplied, "cd34");
    }
}

TEST(TokenRecord, NeedsNoMoreThanItsFormatAndLosesWhatItDoesNotKnow) {
    const TokenRecord record = read_record(wfc::SecretString(R"({"format":1,"later":{"a":[1]}})"));
    EXPECT_TRUE(record.refresh_token.empty());
    EXPECT_EQ(record.access_expires_at, 0);
    EXPECT_EQ(written(record).reveal().find("later"), std::string_view::npos);
}

TEST(TokenRecord, IsToldFromWhatSomebodyElsePutThere) {
    for (const char* const text :
         {"1//bare-token", "", "[]", "\"text\"", "{}", R"({"format":2})", R"({"format":1,"access_token":7})",
          R"({"format":1,"access_expires_at":-1})", R"({"format":1,"access_expires_at":1.5})",
          R"({"format":1,"issued_at":18446744073709551615})", R"({"format":1,"scopes":"a b"})",
          R"({"format":1,"scopes":[1]})", R"({"format":1,"basis":{"a":1}})",
          R"({"format":1,"access_token":"a","access_token":"b"})", R"({"format":1,"x":[[[[[1]]]]]})",
          R"({"format":1)"}) {
        EXPECT_EQ(refused(text), "is not what MailSend wrote") << text;
    }
}

TEST(TokenRecord, OfARenewalTakesWhatTheServerSaidAndKeepsTheRest) {
    TokenAnswer answer;
    answer.access_token = wfc::SecretString("new");
    answer.expires_in_s = 3599;
    const TokenRecord next = succeeded(example(), std::move(answer), 1'800'000'000);
    EXPECT_EQ(next.access_token.reveal(), "new");
    EXPECT_EQ(next.access_expires_at, 1'800'003'599);
    EXPECT_EQ(next.refresh_token.reveal(), example().refresh_token.reveal());
    EXPECT_EQ(next.refresh_expires_at, example().refresh_expires_at);
    EXPECT_EQ(next.refreshed_at, 1'800'000'000);
    EXPECT_EQ(next.issued_at, 1'600'000'000);
    EXPECT_EQ(next.scopes, example().scopes);
    EXPECT_EQ(next.signed_in_as, example().signed_in_as);
    EXPECT_EQ(next.basis, example().basis);
    EXPECT_EQ(next.supplied, "cd34");
}

TEST(TokenRecord, OfASignInBeginsToday) {
    TokenAnswer answer;
    answer.access_token = wfc::SecretString("access");
    answer.refresh_token = wfc::SecretString("refresh");
    answer.refresh_expires_in_s = 100;
    answer.scopes = {"smtp"};
    answer.id_claims = R"({"sub":"1","email":"alice@example.test"})";
    const TokenRecord first = succeeded({}, std::move(answer), 1'800'000'000);
    EXPECT_EQ(first.refresh_token.reveal(), "refresh");
    EXPECT_EQ(first.refresh_expires_at, 1'800'000'100);
    EXPECT_EQ(first.refresh_told_at, 1'800'000'000);
    EXPECT_EQ(first.access_expires_at, 0) << "nobody said";
    EXPECT_EQ(first.issued_at, 1'800'000'000);
    EXPECT_THAT(first.scopes, ::testing::ElementsAre("smtp"));
    EXPECT_EQ(first.signed_in_as, "alice@example.test");
}

TokenAnswer that_ends_in(std::int64_t seconds, const char* refresh_token = "") {
    TokenAnswer answer;
    answer.access_token = wfc::SecretString("access");
    answer.refresh_token = wfc::SecretString(refresh_token);
    answer.refresh_expires_in_s = seconds;
    return answer;
}

TEST(TokenRecord, RemembersSinceWhenTheSameEndOfTheRefreshTokenIsKnown) {
    constexpr std::int64_t start = 1'800'000'000, month = 30 * 86'400;
    TokenRecord record = succeeded({}, that_ends_in(month), start);
    // Google: every answer says what is left of the same life; rotated or not.
    for (std::int64_t hour = 1; hour < 700; ++hour) {
        const char* const rotated = hour % 2 == 0 ? "another" : "";
        record =
            succeeded(record, that_ends_in(month - hour * 3600 + hour % 3, rotated), start + hour * 3600);
        ASSERT_EQ(record.refresh_told_at, start) << hour;
        ASSERT_EQ(record.refresh_expires_at, start + month) << hour;
        ASSERT_EQ(record.refreshed_at, start + hour * 3600);
    }
    EXPECT_EQ(succeeded(record, that_ends_in(60), start + 1).refresh_expires_at, start + 61) << "sooner";
}

TEST(TokenRecord, BeginsALifeAnewWhenTheEndMovesOnHoweverSmallTheSteps) {
    constexpr std::int64_t start = 1'800'000'000, life = 3600;
    TokenRecord record = succeeded({}, that_ends_in(life), start);
    for (std::int64_t now = start + 200; now < start + 10 * life; now += 200) {
        record = succeeded(record, that_ends_in(life), now);
        ASSERT_LE(record.refresh_expires_at, now + life);
        ASSERT_GE(record.refresh_expires_at, now + life - 300);
        ASSERT_LE(record.refresh_expires_at - record.refresh_told_at, life);
    }
    TokenAnswer silent;
    silent.access_token = wfc::SecretString("access");
    silent.refresh_token = wfc::SecretString("another");
    const TokenRecord next = succeeded(record, std::move(silent), start);
    EXPECT_EQ(next.refresh_expires_at, 0);
    EXPECT_EQ(next.refresh_told_at, 0);
}

TEST(TokenRecord, OfASuppliedTokenHasNoDateOfAConsent) {
    TokenRecord supplied;
    supplied.supplied = "cd34";
    TokenAnswer answer;
    answer.access_token = wfc::SecretString("access");
    EXPECT_EQ(succeeded(supplied, std::move(answer), 1'800'000'000).issued_at, 0);
}

TEST(TokenRecord, KeepsTheAddressOfWhoSignedInUnlessTheServerNamesAnother) {
    const auto after = [](const char* known, const char* id_claims) {
        TokenRecord before;
        before.signed_in_as = known;
        TokenAnswer answer;
        answer.access_token = wfc::SecretString("access");
        answer.id_claims = id_claims;
        return succeeded(before, std::move(answer), 1'800'000'000).signed_in_as;
    };
    EXPECT_EQ(after("alice@example.test", R"({"preferred_username":"alice"})"), "alice@example.test");
    EXPECT_EQ(after("alice@example.test", ""), "alice@example.test");
    EXPECT_EQ(after("alice@example.test", R"({"email":"bob@example.test"})"), "bob@example.test");
    EXPECT_EQ(after("", R"({"email":"bob@example.test"})"), "bob@example.test");
    EXPECT_EQ(after("", R"({"preferred_username":"alice"})"), "");
}

TEST(TokenRecord, BearsAbsurdTimes) {
    TokenAnswer answer;
    answer.access_token = wfc::SecretString("a");
    answer.expires_in_s = std::numeric_limits<std::int64_t>::max();
    answer.refresh_expires_in_s = -5;
    const TokenRecord next = succeeded({}, std::move(answer), 1'800'000'000);
    EXPECT_GT(next.access_expires_at, 1'800'000'000);
    EXPECT_EQ(next.refresh_expires_at, 1'800'000'000);
    EXPECT_EQ(read_record(written(next)).access_expires_at, next.access_expires_at);
}

TEST(TokenLife, WritesMomentsInUtc) {
    EXPECT_EQ(utc(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utc(1'709'210'096), "2024-02-29T12:34:56Z");
}

}  // namespace
}  // namespace mailsend::oauth
