#include "tool/account_report.hpp"

#include <cstdlib>
#include <ctime>
#include <gmock/gmock.h>

namespace wfc::tool {
namespace {

using testing::HasSubstr;

constexpr std::int64_t now = 1'763'888'400;  // 2025-11-23T09:00:00Z

std::string lines(const std::string& account, const Texts& texts = {}, const std::string& language = "en",
                  const std::string& more = "") {
    return account_report(R"({"outcome":"succeeded","account":)" + account + more + "}",
                          ComponentTexts(texts), language, now, Style(false))
        .lines;
}

TEST(RelativeTime, IsShortInBothDirectionsAndLanguages) {
    const struct {
        std::int64_t seconds;
        const char *english, *japanese;
    } rows[] = {{58 * 60, "in 58 min", "58 分後"},       {60, "in 1 min", "1 分後"},
                {-119 * 60, "119 min ago", "119 分前"},  {2 * 3600, "in 2 h", "2 時間後"},
                {-3 * 86400, "3 days ago", "3 日前"},    {90 * 86400, "in 3 months", "3 か月後"},
                {-800 * 86400, "2 years ago", "2 年前"}, {-5, "just now", "たった今"},
                {5, "in a moment", "まもなく"}};
    for (const auto& row : rows) {
        EXPECT_EQ(row.english, relative_time(row.seconds, "en"));
        EXPECT_EQ(row.japanese, relative_time(row.seconds, "ja"));
    }
    EXPECT_EQ("in 2 h", relative_time(7200, "fr"));
}

TEST(UtcTime, IsReadExactlyOrNotAtAll) {
    EXPECT_EQ(now, utc_time("2025-11-23T09:00:00Z"));
    EXPECT_EQ(now, utc_time("2025-11-23T09:00:00.123Z"));
    EXPECT_EQ(0, utc_time("1970-01-01T00:00:00Z"));
    for (const char* text :
         {"", "2025-11-23", "2025-11-23T09:00:00", "2025-11-23T09:00:00.Z", "2025-11-23T09:00:00+01:00",
          "2025-13-23T09:00:00Z", "2025-11-00T09:00:00Z", "2025-11-23T09:00:00xZ", "yyyy-mm-ddThh:mm:ssZ"})
        EXPECT_EQ(std::nullopt, utc_time(text)) << text;
}

TEST(AccountReport, HasALineForEachMemberInItsOrder) {
    EXPECT_EQ(
        "signed in as  alice@example.test\n"
        "scopes        read, send\n"
        "stale         false\n"
        "left          3\n",
        lines(R"({"signed_in_as":"alice@example.test","scopes":["read","send"],"none":null,
                        "stale":false,"left":3})"));
}

TEST(AccountReport, TakesLabelsAndWordsFromTheCatalogueAndAlignsThem) {
    const Texts texts = {{"account/signed_in_as", "サインイン中"},
                         {"account/state", "状態"},
                         {"account/state.enum.ready", "準備完了"}};
    EXPECT_EQ(
        "サインイン中  alice\n"
        "状態          準備完了\n",
        lines(R"({"signed_in_as":"alice","state":"ready"})", texts, "ja"));
}

TEST(AccountReport, ShowsTimesWhereThePersonIs) {
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    EXPECT_EQ(
        "access expires at  2025-11-23 18:58 (in 58 min)\n"
        "last good send     2025-11-20 18:00 (3 days ago)\n"
        "count              7\n",
        lines(R"({"access_expires_at":"2025-11-23T09:58:00Z","last_good_send":1763629200,"count":7})"));
    EXPECT_EQ("issued at  2025-11-20 18:00 (3 日前)\n",
              lines(R"({"issued_at":"2025-11-20T09:00:00Z"})", {}, "ja"));
    unsetenv("TZ");
    tzset();
}

TEST(AccountReport, EndsWithEachWarningOnceAndLeavesNoneForLater) {
    const std::string document =
        R"({"outcome":"succeeded","account":{"a":"b","warnings":["one","two"]},"warnings":["two","three"]})";
    const AccountReport report = account_report(document, ComponentTexts(Texts{}), "en", now, Style(true));
    EXPECT_EQ(
        "\x1b[1ma\x1b[0m  b\n"
        "\x1b[33mwarning: one\x1b[0m\n"
        "\x1b[33mwarning: two\x1b[0m\n"
        "\x1b[33mwarning: three\x1b[0m\n",
        report.lines);
    EXPECT_EQ(R"({"outcome":"succeeded","account":{"a":"b","warnings":["one","two"]}})", report.rest);
    EXPECT_THAT(lines(R"({"warnings":["一つ"]})", {}, "ja"), HasSubstr("注意: 一つ"));
}

TEST(AccountReport, OfADocumentWithoutAnAccountIsEmptyAndTheDocumentStays) {
    for (const char* document : {"", "[]", R"({"warnings":["w"]})", R"({"account":7})"}) {
        const AccountReport report =
            account_report(document, ComponentTexts(Texts{}), "en", now, Style(false));
        EXPECT_EQ("", report.lines);
        EXPECT_EQ(document, report.rest);
    }
}

TEST(AccountReport, DoesNotLetForeignTextDriveTheTerminal) {
    const std::string shown = lines(R"({"\u001b[31m":"\u001b[32m","warnings":["\u001b[33m\nx"]})");
    EXPECT_EQ(std::string::npos, shown.find('\x1b'));
    EXPECT_EQ(2, std::count(shown.begin(), shown.end(), '\n'));
}

}  // namespace
}  // namespace wfc::tool
