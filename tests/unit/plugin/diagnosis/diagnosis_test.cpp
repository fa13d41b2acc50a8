#include "diagnosis/diagnosis.hpp"

#include <gtest/gtest.h>
#include <thread>

#include "unit/plugin/diagnosis/entries.hpp"

namespace mailsend {
namespace {

Facts replied(Stage stage, const std::string& line) {
    Facts facts;
    facts.stage = stage;
    facts.reply = Reply{std::stoi(line.substr(0, 3)), {line}};
    return facts;
}

std::string id_of(Stage stage, const std::string& line) {
    return diagnose(replied(stage, line), Language::en).id;
}

Diagnosis of(const std::string& condition, Language language = Language::en) {
    return diagnose(Failure(Stage::connect, condition, "our sentence").facts(), language);
}

TEST(Diagnosing, TellsTheTenantsAdministratorToSwitchSmtpOn) {
    const Facts facts =
        replied(Stage::auth,
                "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
                "Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.");
    const Diagnosis diagnosis = diagnose(facts, Language::en);
    EXPECT_EQ(diagnosis.id, "outlook.auth.smtp_disabled_tenant");
    EXPECT_EQ(diagnosis.error_class, ErrorClass::permanent);
    EXPECT_EQ(diagnosis.advice, Advice::after_fix);
    EXPECT_EQ(diagnosis.delay, std::nullopt);
    EXPECT_EQ(diagnosis.explanation.actor, Actor::tenant_admin);
    EXPECT_EQ(diagnosis.explanation.link, "https://aka.ms/smtp_auth_disabled");
    EXPECT_NE(diagnosis.explanation.title.find("organisation"), std::string::npos);
    EXPECT_NE(diagnose(facts, Language::ja).explanation.title.find("組織"), std::string::npos);
    EXPECT_EQ(diagnose(facts, Language::ja).id, diagnosis.id);
}

TEST(Diagnosing, TrustsTextThenStatusThenCode) {
    EXPECT_EQ(id_of(Stage::rcpt, "554 5.7.1 <a@b.test>: Relay access denied"), "generic.relay.denied");
    EXPECT_EQ(id_of(Stage::rcpt, "554 5.7.1 no"), "enhanced.5_7.rcpt");
    EXPECT_EQ(id_of(Stage::rcpt, "554 no"), "generic.rcpt.refused_other");
    EXPECT_EQ(id_of(Stage::auth, "535 5.7.8 no"), "generic.auth.failed");
    EXPECT_EQ(id_of(Stage::auth, "535 no"), "generic.auth.failed_bare");
}

TEST(Diagnosing, IgnoresAStatusThatContradictsTheCode) {
    const Diagnosis diagnosis = diagnose(replied(Stage::rcpt, "451 5.1.1 come again"), Language::en);
    EXPECT_EQ(diagnosis.id, "generic.server.local_error");
    EXPECT_EQ(diagnosis.error_class, ErrorClass::transient);
    EXPECT_EQ(id_of(Stage::rcpt, "550 4.2.2 no"), "generic.rcpt.refused");
    EXPECT_EQ(id_of(Stage::mail, "451 5.7.3 STARTTLS is required to send mail"),
              "outlook.tls.starttls_required");
}

TEST(Diagnosing, DoesNotBelieveCodesThatLie) {
    const auto check = [](Stage stage, const char* line, ErrorClass expected) {
        EXPECT_EQ(diagnose(replied(stage, line), Language::en).error_class, expected) << line;
    };
    check(Stage::mail, "451 5.7.3 STARTTLS is required to send mail", ErrorClass::permanent);
    check(Stage::mail, "436 \"MAIL FROM\" doesn't conform with authentication", ErrorClass::permanent);
    check(Stage::auth, "451 Authentication failed: Maximum credits exceeded", ErrorClass::permanent);
    check(Stage::dot, "421 Domain x is not allowed to send: unverified", ErrorClass::permanent);
    check(Stage::rcpt, "454 4.7.1 <a@b.test>: Relay access denied", ErrorClass::permanent);
    check(Stage::dot, "550 5.4.5 Daily user sending limit exceeded.", ErrorClass::transient);
    check(Stage::dot, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException;",
          ErrorClass::transient);
    check(Stage::mail, "552 Daily sending quota exceeded", ErrorClass::transient);
}

TEST(Diagnosing, GivesUnknownRepliesTheClassOfTheirCodeInEveryStage) {
    for (const Stage stage : {Stage::greeting, Stage::ehlo, Stage::starttls, Stage::auth, Stage::mail,
                              Stage::rcpt, Stage::data, Stage::dot, Stage::quit}) {
        for (const int code : {400, 421, 432, 450, 451, 452, 454, 455, 499}) {
            const std::string line = std::to_string(code) + " xyzzy";
            const Diagnosis diagnosis = diagnose(replied(stage, line), Language::en);
            if (diagnosis.id == "generic.auth.transition") continue;  // 432 at AUTH: a person must act
            EXPECT_EQ(diagnosis.error_class, ErrorClass::transient) << to_string(stage) << ' ' << line;
            EXPECT_EQ(diagnosis.advice, Advice::backoff);
            EXPECT_TRUE(diagnosis.delay);
        }
        for (const int code :
             {500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 550, 551, 552, 553, 554, 555, 556, 599}) {
            const std::string line = std::to_string(code) + " xyzzy";
            const Diagnosis diagnosis = diagnose(replied(stage, line), Language::ja);
            if (diagnosis.id == "generic.rcpt.full_code") continue;  // 552 at RCPT: room comes back by itself
            EXPECT_EQ(diagnosis.error_class, ErrorClass::permanent) << to_string(stage) << ' ' << line;
            EXPECT_FALSE(diagnosis.explanation.steps.empty());
        }
    }
}

TEST(Diagnosing, ReadsTheBasicCodesByStage) {
    EXPECT_EQ(id_of(Stage::greeting, "421 xyzzy"), "generic.server.shutdown");
    EXPECT_EQ(id_of(Stage::greeting, "450 xyzzy"), "generic.greeting.busy");
    EXPECT_EQ(id_of(Stage::greeting, "554 xyzzy"), "greet.refused");
    EXPECT_EQ(id_of(Stage::ehlo, "502 xyzzy"), "generic.ehlo.refused");
    EXPECT_EQ(id_of(Stage::starttls, "454 xyzzy"), "starttls.454");
    EXPECT_EQ(id_of(Stage::starttls, "554 xyzzy"), "generic.starttls.refused");
    EXPECT_EQ(id_of(Stage::auth, "534 xyzzy"), "generic.auth.too_weak");
    EXPECT_EQ(id_of(Stage::auth, "538 xyzzy"), "generic.auth.tls_first_code");
    EXPECT_EQ(id_of(Stage::auth, "454 xyzzy"), "generic.auth.transient");
    EXPECT_EQ(id_of(Stage::auth, "432 xyzzy"), "generic.auth.transition");
    EXPECT_EQ(id_of(Stage::mail, "530 xyzzy"), "generic.auth.required_code");
    EXPECT_EQ(id_of(Stage::mail, "550 xyzzy"), "generic.mail.name_not_allowed");
    EXPECT_EQ(id_of(Stage::mail, "452 xyzzy"), "generic.server.storage_code");
    EXPECT_EQ(id_of(Stage::mail, "455 xyzzy"), "generic.mail.options");
    EXPECT_EQ(id_of(Stage::mail, "555 xyzzy"), "basic.555");
    EXPECT_EQ(id_of(Stage::rcpt, "450 xyzzy"), "generic.rcpt.unavailable_now");
    EXPECT_EQ(id_of(Stage::rcpt, "550 xyzzy"), "generic.rcpt.refused");
    EXPECT_EQ(id_of(Stage::rcpt, "552 xyzzy"), "generic.rcpt.full_code");
    EXPECT_EQ(id_of(Stage::data, "503 xyzzy"), "generic.proto.sequence");
    EXPECT_EQ(id_of(Stage::dot, "552 xyzzy"), "generic.mail.too_large_code");
    EXPECT_EQ(id_of(Stage::dot, "554 xyzzy"), "generic.data.refused");
    EXPECT_EQ(id_of(Stage::dot, "451 xyzzy"), "generic.server.local_error");
    EXPECT_EQ(id_of(Stage::quit, "421 xyzzy"), "generic.server.shutdown");
}

TEST(Diagnosing, BelievesATimeThatTheServerNames) {
    const Diagnosis named =
        diagnose(replied(Stage::rcpt, "450 4.2.0 Greylisted, please try again in 120 seconds"), Language::en);
    EXPECT_EQ(named.advice, Advice::after);
    EXPECT_EQ(named.delay, std::chrono::seconds(120));
    const Diagnosis minutes =
        diagnose(replied(Stage::rcpt, "451 xyzzy, retry after 5 minutes"), Language::en);
    EXPECT_EQ(minutes.advice, Advice::after);
    EXPECT_EQ(minutes.delay, std::chrono::minutes(5));
    for (const char* absurd : {"451 try again in 99999 hours", "451 try again in 0 seconds"}) {
        EXPECT_EQ(diagnose(replied(Stage::rcpt, absurd), Language::en).advice, Advice::backoff) << absurd;
    }
    EXPECT_EQ(diagnose(replied(Stage::rcpt, "550 5.1.1 no, try again in 5 minutes"), Language::en).advice,
              Advice::never);
}

TEST(Diagnosing, KnowsTheConditionsWhereNoServerSpoke) {
    for (const diagnosis::Entry& entry : diagnosis::all_entries()) {
        // Those that look closer at a condition have examples of their own (oauth_refusals_test.cpp).
        if (entry.id != entry.condition) continue;
        const Diagnosis diagnosis = of(std::string(entry.id));
        EXPECT_EQ(diagnosis.id, entry.id);
        for (const Language language : {Language::en, Language::ja}) {
            const Explanation explanation = of(std::string(entry.id), language).explanation;
            std::string all = explanation.title + explanation.cause;
            for (const std::string& step : explanation.steps) all += step;
            EXPECT_EQ(all.find_first_of("{}[]"), std::string::npos) << entry.id << ": " << all;
        }
    }
    EXPECT_EQ(of("outcome.unknown").error_class, ErrorClass::unknown);
    EXPECT_EQ(of("outcome.unknown").advice, Advice::never);
    EXPECT_EQ(of("data.timeout_final").advice, Advice::never);
    EXPECT_EQ(of("dns.temporary").advice, Advice::backoff);
    EXPECT_EQ(of("cert.host_mismatch").advice, Advice::after_fix);
}

TEST(Diagnosing, PrefersAConditionOverTheReplyBeforeIt) {
    Facts facts = replied(Stage::starttls, "220 2.0.0 ready");
    facts.condition = "starttls.injection";
    EXPECT_EQ(diagnose(facts, Language::en).id, "starttls.injection");
}

TEST(Diagnosing, HasAnAnswerForFactsThatNobodyForesaw) {
    EXPECT_EQ(of("no.such_condition").id, "generic.unexplained");
    EXPECT_EQ(diagnose(Facts{}, Language::ja).id, "generic.unexplained");
    EXPECT_EQ(id_of(Stage::dot, "250 fine"), "generic.unexplained");
    Facts empty;
    empty.reply = Reply{550, {}};
    EXPECT_EQ(diagnose(empty, Language::en).id, "basic.5yz");
}

TEST(Diagnosing, FillsInWhatIsKnownOfTheFailure) {
    const Diagnosis diagnosis = diagnose(Failure(Stage::connect, "conn.timeout", "no answer")
                                             .with("host", "mail.example.test")
                                             .with("port", "25")
                                             .with("seconds", "10")
                                             .facts(),
                                         Language::en);
    EXPECT_NE(
        diagnosis.explanation.cause.find("mail.example.test, port 25, did not answer within 10 seconds"),
        std::string::npos)
        << diagnosis.explanation.cause;
    const Diagnosis expired = diagnose(Failure(Stage::tls, "cert.expired", "expired")
                                           .with("not_after", "2020-01-01")
                                           .with("now", "2026-11-22")
                                           .facts(),
                                       Language::en);
    EXPECT_NE(expired.explanation.cause.find("It ended 2020-01-01; the clock here says 2026-11-22."),
              std::string::npos);
    EXPECT_NE(of("conn.timeout").explanation.cause.find("The server did not answer."), std::string::npos)
        << of("conn.timeout").explanation.cause;
}

TEST(Diagnosing, SurvivesGarbageOfTheServer) {
    std::string garbage = "550 ";
    unsigned state = 7;
    while (garbage.size() < 65536) {
        state = state * 1103515245u + 12345u;
        garbage += static_cast<char>((state >> 16) & 0xFF);
    }
    EXPECT_EQ(diagnose(replied(Stage::dot, garbage), Language::ja).error_class, ErrorClass::permanent);
    EXPECT_EQ(id_of(Stage::rcpt, "550 " + std::string(65536, '\xFF') + " user unknown"),
              "generic.rcpt.refused");
}

TEST(Diagnosing, MayHappenOnManyThreadsAtOnce) {
    std::vector<std::thread> threads;
    std::vector<std::string> ids(8);
    for (std::string& id : ids) {
        threads.emplace_back([&id] { id = id_of(Stage::rcpt, "550 5.1.1 User unknown"); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& id : ids) EXPECT_EQ(id, "generic.rcpt.unknown");
}

}  // namespace
}  // namespace mailsend
