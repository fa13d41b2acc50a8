#include "operations/consent_clock.hpp"

#include <gmock/gmock.h>

namespace {

using mailsend::ConsentSeen;
using mailsend::Language;
using mailsend::OAuthAuth;
using mailsend::oauth::TokenRecord;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::int64_t day = 86'400;
constexpr std::int64_t now = 1'795'305'600;  // 2026-11-22

struct Consent {
    OAuthAuth auth{};
    TokenRecord record{};
    std::vector<std::string> changed{}, withheld{};
    std::optional<std::int64_t> certificate_ends{};
    bool signed_in = true;

    Consent(const char* provider, std::int64_t issued_days_ago, std::int64_t refreshed_days_ago) {
        auth.provider = provider;
        auth.grant = "authorization-code";
        auth.username = "alice@example.test";
        record.refresh_token = wfc::SecretString("r");
        record.issued_at = now - issued_days_ago * day;
        record.refreshed_at = now - refreshed_days_ago * day;
        record.signed_in_as = "Alice@example.test";
    }
    ConsentSeen seen() const {
        return {.auth = auth,
                .record = signed_in ? &record : nullptr,
                .now = now,
                .certificate_ends = certificate_ends,
                .changed = changed,
                .withheld = withheld};
    }
    /// "pointer: sentence"
    std::vector<std::string> said(Language language = Language::en) const {
        mailsend::ProblemList problems(language);
        mailsend::judge_consent(seen(), problems);
        std::vector<std::string> out;
        for (const auto& problem : problems.take()) out.push_back(problem.pointer + ": " + problem.message);
        return out;
    }
};

TEST(ConsentClock, HasNothingToSayAboutASignInThatIsUsed) {
    EXPECT_THAT(Consent("google", 300, 1).said(), IsEmpty());
    EXPECT_THAT(Consent("microsoft", 300, 1).said(), IsEmpty());
    EXPECT_THAT(Consent("custom", 300, 200).said(), IsEmpty());
}

TEST(ConsentClock, CountsSevenDaysForAGoogleClientInTestingWhateverIsDoneWithIt) {
    Consent consent("google", 3, 0);
    consent.auth.publishing = "testing";
    EXPECT_THAT(consent.said(),
                ElementsAre(AllOf(StartsWith("/auth/publishing: "), HasSubstr("2026-11-26"))));
    EXPECT_THAT(consent.said(Language::ja), ElementsAre(HasSubstr("2026-11-26")));
    consent.record.issued_at = now - 8 * day;
    EXPECT_THAT(consent.said(), ElementsAre(HasSubstr("ended on 2026-11-21")));
    EXPECT_EQ(mailsend::refresh_token_ends(consent.seen()), now - day);
    consent.auth.publishing = "production";
    EXPECT_THAT(consent.said(), IsEmpty());
}

TEST(ConsentClock, WarnsAMonthBeforeAnUnusedRefreshTokenDies) {
    EXPECT_THAT(Consent("google", 400, 140).said(), IsEmpty());
    EXPECT_THAT(Consent("google", 400, 160).said(), ElementsAre(HasSubstr("2026-12-14")));
    EXPECT_THAT(Consent("microsoft", 400, 50).said(), IsEmpty());
    EXPECT_THAT(Consent("microsoft", 400, 70).said(),
                ElementsAre(AllOf(HasSubstr("2026-12-12"), HasSubstr("since 2026-09-13"))));
}

TEST(ConsentClock, BelievesTheServerThatSaysWhenItsRefreshTokenEnds) {
    Consent consent("google", 5, 5);
    consent.record.refresh_expires_at = now + 10 * day;
    EXPECT_EQ(mailsend::refresh_token_ends(consent.seen()), now + 10 * day);
    EXPECT_THAT(consent.said(), IsEmpty()) << "10 of 15 days are left";
    consent.record.refresh_expires_at = now + 2 * day;
    EXPECT_THAT(consent.said(), ElementsAre(HasSubstr("2026-11-24")));
}

TEST(ConsentClock, CountsTheNamedLifeFromWhenItWasNamedHoweverOftenItIsRefreshed) {
    Consent consent("google", 90, 0);  // refreshed a moment ago
    consent.record.refresh_told_at = now - 5 * day;
    consent.record.refresh_expires_at = now + 2 * day;
    EXPECT_THAT(consent.said(), ElementsAre(HasSubstr("2026-11-24")));
    consent.record.refresh_expires_at = now + 10 * day;
    EXPECT_THAT(consent.said(), IsEmpty()) << "10 of 15 days are left";
}

TEST(ConsentClock, KnowsNoDayOfASuppliedTokenAndNobodyWhoCouldSignInAgain) {
    Consent consent("google", 0, 0);
    consent.auth.grant = "refresh-token";
    consent.auth.publishing = "testing";
    consent.record.issued_at = 0;
    EXPECT_THAT(consent.said(), ElementsAre(AllOf(HasSubstr("whose day is not known"),
                                                  HasSubstr("obtain a new refresh token and store it"),
                                                  testing::Not(HasSubstr("sign in again")))));
    EXPECT_THAT(consent.said(Language::ja),
                ElementsAre(AllOf(HasSubstr("同意した日は不明"), HasSubstr("新しいリフレッシュトークン"))));
    consent.record.issued_at = now - 8 * day;
    EXPECT_THAT(consent.said(), ElementsAre(HasSubstr("obtain a new refresh token")));

    Consent named("custom", 0, 0);
    named.auth.grant = "refresh-token";
    named.record.refresh_told_at = now - 5 * day;
    named.record.refresh_expires_at = now + day;
    EXPECT_THAT(named.said(), ElementsAre(HasSubstr("Before that day, obtain a new refresh token")));
}

TEST(ConsentClock, WarnsThirtyDaysBeforeTheSecretOrCertificateEnds) {
    Consent consent("microsoft", 1, 0);
    using namespace std::chrono;
    consent.auth.client_secret = mailsend::SecretRef{"client"};
    consent.auth.client_secret_expires = sys_days{2026y / December / 23};
    EXPECT_THAT(consent.said(), IsEmpty()) << "31 days";
    consent.auth.client_secret_expires = sys_days{2026y / December / 22};
    EXPECT_THAT(consent.said(), ElementsAre(AllOf(StartsWith("/auth/client_secret_expires: "),
                                                  HasSubstr("client secret ends on 2026-12-22"))));
    consent.auth.client_secret_expires = sys_days{2026y / November / 20};
    EXPECT_THAT(consent.said(), ElementsAre(HasSubstr("ended on 2026-11-20")));

    consent.auth.client_secret.reset();
    consent.auth.client_secret_expires.reset();
    consent.auth.certificate = mailsend::SecretRef{"cert"};
    consent.certificate_ends = now + 5 * day;
    EXPECT_THAT(consent.said(),
                ElementsAre(AllOf(StartsWith("/auth/certificate: "), HasSubstr("certificate ends"))));
}

TEST(ConsentClock, AsksWhetherAnotherAccountIsASharedMailbox) {
    Consent consent("microsoft", 1, 0);
    consent.record.signed_in_as = "bob@example.test";
    EXPECT_THAT(consent.said(), ElementsAre(AllOf(HasSubstr("Full Access"), HasSubstr("bob@example.test"))));
    EXPECT_THAT(consent.said(Language::ja), ElementsAre(HasSubstr("共有メールボックス")));
    EXPECT_THAT(consent.said(Language::ja), ElementsAre(HasSubstr("メールボックス所有者として送信する")));
    consent.auth.sign_in_as = "bob@example.test";
    EXPECT_THAT(consent.said(), IsEmpty());
    consent.auth.sign_in_as.clear();
    consent.record.signed_in_as = "ally";
    EXPECT_THAT(consent.said(), IsEmpty()) << "a nickname";
}

TEST(ConsentClock, NamesWhatHasChangedSinceTheSignIn) {
    Consent consent("microsoft", 1, 0);
    consent.changed = {"/auth/client_id", "/auth/scopes"};
    EXPECT_THAT(consent.said(),
                ElementsAre(HasSubstr("The application is another one"), HasSubstr("The scopes")));
    consent.changed = {"/auth/client_secret"};
    EXPECT_THAT(consent.said(), IsEmpty()) << "a new secret of the same application ends nothing";
}

TEST(ConsentClock, NamesTheRightsThatWereNotGranted) {
    Consent consent("google", 1, 0);
    consent.withheld = {"https://mail.google.com/"};
    EXPECT_THAT(consent.said(), ElementsAre(HasSubstr("https://mail.google.com/")));
}

TEST(ConsentClock, SaysThatNobodyHasSignedInWhereSomebodyMust) {
    Consent consent("google", 1, 0);
    consent.signed_in = false;
    EXPECT_THAT(consent.said(), ElementsAre(HasSubstr("Nobody has signed in")));
    consent.auth.grant = "client-credentials";
    EXPECT_THAT(consent.said(), IsEmpty());
}

TEST(ConsentClock, DoesNotSayThatNobodySignedInWhereTheRecordCannotBeRead) {
    Consent consent("google", 1, 0);
    consent.signed_in = false;
    ConsentSeen seen = consent.seen();
    seen.unreadable = true;
    mailsend::ProblemList problems(Language::en);
    mailsend::judge_consent(seen, problems);
    EXPECT_THAT(problems.take(), IsEmpty());
}

}  // namespace
