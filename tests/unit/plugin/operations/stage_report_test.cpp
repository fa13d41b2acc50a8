#include "operations/stage_report.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"

namespace {

using mailsend::Language;
using mailsend::Row;
using mailsend::RowVerdict;
using mailsend::Stage;
using nlohmann::json;
using testing::HasSubstr;

struct Written {
    std::vector<json> events;
    mailsend::AddressMask hidden{{"alice@example.test"}};
    mailsend::StageReport report{{Stage::resolve, Stage::connect, Stage::ehlo, Stage::token, Stage::auth},
                                 [this](std::string_view event) { events.push_back(json::parse(event)); },
                                 mailsend::Reader(Language::en, &hidden)};
    std::vector<std::string> stages() const {
        std::vector<std::string> out;
        for (const auto& row : report.document()) out.push_back(row["stage"]);
        return out;
    }
};

TEST(StageReport, SendsEachRowAtOnceAsItStandsInTheReport) {
    Written written;
    written.report.begin(Stage::resolve);
    written.report.add({.stage = Stage::resolve, .timing_ms = 3, .text = "192.0.2.1"});
    ASSERT_EQ(written.events.size(), 2u);
    EXPECT_EQ(written.events[0], json({{"stage", "resolve"}}));
    const json row = {{"stage", "resolve"}, {"verdict", "ok"}, {"timing_ms", 3}, {"text", "192.0.2.1"}};
    EXPECT_EQ(written.events[1], json({{"stage", "resolve"}, {"row", row}}));
    EXPECT_EQ(json(written.report.document()), json::array({row}));
}

TEST(StageReport, BringsWhatWasKnownEarlyInItsTurn) {
    Written written;
    written.report.hold({.stage = Stage::token});
    written.report.add({.stage = Stage::resolve});
    written.report.add({.stage = Stage::connect});
    written.report.add({.stage = Stage::connect});
    written.report.add({.stage = Stage::auth});
    EXPECT_EQ(written.stages(), (std::vector<std::string>{"resolve", "connect", "connect", "token", "auth"}));
}

TEST(StageReport, BringsWhatWasKnownEarlyBeforeWhatWasLearntLaterOfTheSameStage) {
    Written written;
    written.report.hold({.stage = Stage::token, .text = "first"});
    written.report.add({.stage = Stage::token, .text = "second"});
    EXPECT_EQ(written.report.document()[0]["text"], "first");
    EXPECT_EQ(written.report.document()[1]["text"], "second");
}

TEST(StageReport, SkipsTheRestAndSaysWhy) {
    Written written;
    written.report.hold({.stage = Stage::token});
    written.report.add({.stage = Stage::resolve, .verdict = RowVerdict::failed});
    written.report.skip_rest([](Stage stage) { return why_skipped(stage, Stage::resolve, Language::en); });
    EXPECT_EQ(written.stages(), (std::vector<std::string>{"resolve", "connect", "ehlo", "token", "auth"}));
    const json report = written.report.document();
    EXPECT_EQ(report[1]["verdict"], "skipped");
    EXPECT_THAT(report[1]["text"].get<std::string>(), HasSubstr("looking up the host failed"));
    EXPECT_EQ(report[3]["verdict"], "ok") << "it was known";
}

TEST(StageReport, KeepsWhatIsHeldWhereItIsStopped) {
    Written written;
    written.report.hold({.stage = Stage::token});
    written.report.add({.stage = Stage::resolve});
    written.report.stop();
    EXPECT_EQ(written.stages(), (std::vector<std::string>{"resolve", "token"}));
}

TEST(StageReport, HidesCredentialsAndForeignAddressesWhateverTheRowAndAlsoOnTheWay) {
    Written written;
    written.report.add({.stage = Stage::ehlo, .text = "hello carol@example.test, alice@example.test"});
    written.report.hold({.stage = Stage::token, .text = "password=hunter2hunter2"});
    written.report.skip_rest([](Stage) { return "dave@example.test"; });
    const std::string shown = written.report.document().dump() + json(written.events).dump();
    for (const char* hidden : {"carol", "dave", "hunter2"})
        EXPECT_EQ(shown.find(hidden), shown.npos) << shown;
    EXPECT_THAT(shown, HasSubstr("alice@example.test"));
}

TEST(StageReport, LeavesWhatAServerOffersAsItIs) {
    Written written;
    const std::string offered = "STARTTLS SIZE=35882577 AUTH=LOGIN AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER";
    written.report.add({.stage = Stage::ehlo, .text = offered});
    EXPECT_EQ(written.report.document()[0]["text"], offered);
}

TEST(StageReport, TellsThatAStageEndedWellOnceSomethingElseFollows) {
    Written written;
    written.report.await({.stage = Stage::connect, .text = "agreed"});
    EXPECT_TRUE(written.events.empty());
    written.report.add({.stage = Stage::ehlo, .verdict = RowVerdict::failed});
    written.report.await({.stage = Stage::token});
    written.report.stop();
    EXPECT_EQ(written.stages(), (std::vector<std::string>{"connect", "ehlo", "token"}));
}

TEST(StageReport, SaysOnlyThatAStageFailedWhenWhatWasAgreedIsTakenBack) {
    Written written;
    written.report.await({.stage = Stage::resolve});
    written.report.await({.stage = Stage::connect, .text = "agreed"});
    written.report.add({.stage = Stage::connect, .verdict = RowVerdict::failed, .text = "refused"});
    written.report.skip_rest([](Stage) { return ""; });
    EXPECT_EQ(written.stages(), (std::vector<std::string>{"resolve", "connect", "ehlo", "token", "auth"}));
    EXPECT_EQ(written.report.document()[1]["text"], "refused");
}

TEST(StageReport, SaysInTheReadersLanguageWhatNoServerSaid) {
    mailsend::Facts facts;
    facts.stage = Stage::connect;
    facts.condition = "conn.refused";
    facts.sentence = "could not connect to 192.0.2.1:25: connection refused";
    const auto words = [&] { return words_of(explained(facts, mailsend::Reader(Language::ja))); };
    EXPECT_EQ(words().find("connect"), std::string::npos) << words();
    facts.reply = mailsend::Reply{554, {"554 no mail from you"}};
    EXPECT_THAT(words(), HasSubstr("no mail from you"));
}

TEST(StageReport, EscapesAndBoundsWhatAServerSaid) {
    const json row = to_json(Row{.stage = Stage::greeting, .text = "\x1b[2J" + std::string(9'000, 'x')});
    const auto text = row["text"].get<std::string>();
    EXPECT_EQ(text.find('\x1b'), text.npos);
    EXPECT_LE(text.size(), 4'096u);
}

TEST(StageReport, SaysInBothLanguagesWhyNothingSecretWasSent) {
    EXPECT_THAT(why_skipped(Stage::auth, Stage::tls, Language::en), HasSubstr("nothing secret"));
    EXPECT_THAT(why_skipped(Stage::auth, Stage::starttls, Language::ja), HasSubstr("秘密"));
    EXPECT_THAT(why_skipped(Stage::mail, std::nullopt, Language::en), HasSubstr("stopped"));
}

/// Every text that a report may show, filled in: a name that the catalogue lacks would be shown as it is.
TEST(StageReport, HasItsWordsInBothLanguages) {
    const char* const names[] = {
        "answers",   "port_answers",  "port_refuses",   "port_is_tls",      "starttls",
        "tls",       "days_left",     "few_days_left",  "certificate_over", "tls_old",
        "also",      "clock",         "speaks_smtp",    "speaks",           "unproven",
        "token",     "token_renewed", "no_other_token", "no_login",         "no_secret_without_tls",
        "no_sender", "not_reached",   "stopped"};
    for (const std::string name : names) {
        for (const Language language : {Language::en, Language::ja}) {
            const std::string text = mailsend::phrase("report." + name, {}, language);
            EXPECT_EQ(text.find("report."), text.npos) << name;
            EXPECT_EQ(text.find('{'), text.npos) << text;
        }
    }
}

}  // namespace
