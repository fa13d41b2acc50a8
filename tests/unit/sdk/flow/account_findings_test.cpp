#include "flow/account_findings.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "world.hpp"

namespace wfc::flow::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(AccountFindings, AreTheWarningsOfTheAccount) {
    const auto found = findings_of(
        R"({"outcome":"succeeded","account":{"signed_in_as":"a","warnings":["one","two",3]},"warnings":["of the call"]})");
    ASSERT_TRUE(found);
    EXPECT_THAT(found->warnings, ElementsAre("one", "two"));
    EXPECT_EQ("a", json::parse(found->account)["signed_in_as"]);
    EXPECT_EQ("", found->error);
}

TEST(AccountFindings, OfAFailureAreItsMessageAndWhatItMeans) {
    const auto found = findings_of(
        R"({"outcome":"failed","error":{"message":"refused","explanation":{"title":"Signed out","cause":"The password was changed."}}})");
    ASSERT_TRUE(found);
    EXPECT_THAT(found->warnings, ElementsAre("refused (Signed out: The password was changed.)"));
    EXPECT_EQ("refused", json::parse(found->error)["message"]);
    EXPECT_THAT(findings_of(R"({"outcome":"failed"})")->warnings,
                ElementsAre("how the account is could not be found out"));
    EXPECT_THAT(findings_of(R"({"account":[],"error":"x","outcome":7})")->warnings, SizeIs(1));
}

TEST(AccountFindings, OfACallThatWasStoppedAreNone) {
    EXPECT_FALSE(findings_of(R"({"outcome":"cancelled","error":{"message":"stopped"}})"));
    EXPECT_FALSE(findings_of(""));
    EXPECT_FALSE(findings_of("[]"));
}

TEST(AccountFindings, AreBoundedAndFitForATerminal) {
    json many = json::array();
    for (int i = 0; i < 1000; ++i) many.push_back(std::string(10'000, 'x'));
    many[0] = "\x1b[31m";
    const auto found = findings_of(json{{"outcome", "succeeded"}, {"account", {{"warnings", many}}}}.dump());
    EXPECT_THAT(found->warnings, SizeIs(20));
    EXPECT_EQ("\\u001b[31m", found->warnings[0]);
    EXPECT_LE(found->warnings[1].size(), 2100u);
}

TEST(AccountFindings, LeaveOutObjectsThatAreTooLarge) {
    const std::string large(100'000, 'x');
    const json document{
        {"outcome", "failed"}, {"account", {{"a", large}}}, {"error", {{"id", "e"}, {"more", large}}}};
    const auto found = findings_of(document.dump());
    EXPECT_EQ("", found->account);
    EXPECT_EQ("", found->error);
    EXPECT_THAT(found->marks, SizeIs(1)) << "it is known by its id all the same";
}

TEST(AccountFindings, AreKnownByTheIdsOfTheErrorAndByTheSentencesOfTheOtherWarnings) {
    const auto found = [](const char* first, const char* cause) {
        const json error{{"id", "a"},
                         {"explanation", {{"title", "Signed out"}}},
                         {"cause", {{"id", cause}, {"explanation", {{"title", "Refused"}}}}}};
        const json account{{"warnings", {first, "it ends on 2027-01-01"}}, {"error", error}};
        return findings_of(json{{"outcome", "succeeded"}, {"account", account}}.dump())->marks;
    };
    EXPECT_THAT(found("Signed out. Trace 1", "b"), SizeIs(2));
    EXPECT_EQ(found("Signed out. Trace 1", "b"), found("Refused. At 12:01", "b"));
    EXPECT_NE(found("Signed out. Trace 1", "b"), found("Signed out. Trace 1", "c"));
}

TEST(AccountFindings, AreTheSameAfterTheyWereKept) {
    const auto found =
        findings_of(R"({"outcome":"failed","account":{"warnings":["w"]},"error":{"message":"m"}})");
    const Findings kept = kept_findings(text_of(*found));
    EXPECT_EQ(found->warnings, kept.warnings);
    EXPECT_EQ(found->marks, kept.marks);
    EXPECT_EQ(found->account, kept.account);
    EXPECT_EQ(found->error, kept.error);
}

TEST(AccountFindings, HaveAFingerprintThatTellsTextsApart) {
    EXPECT_EQ("", fingerprint({}));
    EXPECT_EQ(fingerprint({"a", "b"}), fingerprint({"a", "b"}));
    EXPECT_NE(fingerprint({"a", "b"}), fingerprint({"ab"}));
    EXPECT_NE(fingerprint({"a", "b"}), fingerprint({"b", "a"}));
    EXPECT_THAT(fingerprint({"a"}), SizeIs(16));
}

TEST(AccountFindings, BecomeThePayloadOfTheStepThatTells) {
    Step account;
    account.component = "c";
    account.settings = "/s.json";
    const json payload = json::parse(
        warning_payload(flow(R"("every":"1h")"), account, {{"w"}, R"({"signed_in_as":"a"})", {}}));
    EXPECT_EQ(json::parse(
                  R"({"format":1,"outcome":"warning","flow":"f","component":"c","settings":"/s.json",
                      "warnings":["w"],"account":{"signed_in_as":"a"}})"),
              payload);
}

TEST(StepEnd, OfADocumentThatSaysNothingIsFailed) {
    EXPECT_EQ("failed", end_of("").outcome);
    EXPECT_EQ("failed", end_of("{}").outcome);
    const StepEnd end = end_of(R"({"outcome":"rejected","error":{"message":"no"}})");
    EXPECT_EQ("rejected", end.outcome);
    EXPECT_EQ("no", end.message);
}

}  // namespace
}  // namespace wfc::flow::test
