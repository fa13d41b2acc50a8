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
    EXPECT_EQ(first.access_expires_at, 0) << "nobody said";
    EXPECT_EQ(first.issued_at, 1'800'000'000);
    EXPECT_THAT(first.scopes, ::testing::ElementsAre("smtp"));
    EXPECT_EQ(first.signed_in_as, "alice@example.test");
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

TEST(TokenLife, NamesTheAccountTheWayPeopleKnowIt) {
    EXPECT_EQ(account_in(R"({"preferred_username":"a@b.test","email":"c@d.test"})"), "a@b.test");
    EXPECT_EQ(account_in(R"({"preferred_username":"alice","email":"c@d.test"})"), "c@d.test");
    EXPECT_EQ(account_in(R"({"preferred_username":"alice"})"), "alice");
    EXPECT_EQ(account_in(R"({"upn":"u@d.test","email":7})"), "u@d.test");
    EXPECT_EQ(account_in(R"({"sub":"1"})"), "");
    EXPECT_EQ(account_in(""), "");
    EXPECT_EQ(account_in("[1]"), "");
}

TEST(TokenLife, WritesMomentsInUtc) {
    EXPECT_EQ(utc(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utc(1'709'210'096), "2024-02-29T12:34:56Z");
}

}  // namespace
}  // namespace mailsend::oauth
