#include <gmock/gmock.h>

#include "run_wfc.hpp"
#include "tool/commands.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using test::Scratch;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string token_settings = R"({"sign_in":{"method":"token","token":{"$secret":"alice"}}})";

/// `wfc account ACTION …` of the probe.
Ended account(const std::string& action, const std::string& settings, std::vector<std::string> more = {},
              std::vector<std::string> environment = {}) {
    const Scratch scratch;
    const std::string file = scratch.write("s.json", settings).string();
    more.insert(more.begin(), {"account", action, file, "--type", "probe"});
    return test::run(std::move(more), "", std::move(environment));
}

TEST(Account, StatusIsAShortReportForPeople) {
    const Ended ended = account("status", "{}");
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, AllOf(testing::StartsWith("Signed in as       alice\n"
                                                     "State              signed in\n"
                                                     "scopes             read, send\n"
                                                     "access expires at  20"),
                                 HasSubstr("ago)\nwarning: it ends soon\n")));
    EXPECT_EQ(ended.err, "") << "a warning is said once";
}

TEST(Account, SpeaksTheLanguageOfTheOptionOrTheEnvironment) {
    EXPECT_THAT(account("status", "{}", {"--language", "ja"}).out,
                AllOf(HasSubstr("サインイン中"), HasSubstr("年前)"), HasSubstr("注意: ")));
    EXPECT_THAT(account("status", "{}", {}, {"LC_ALL=ja_JP.UTF-8"}).out, HasSubstr("サインイン中"));
}

TEST(Account, WithJsonTheDocumentAloneGoesToStandardOutput) {
    const Ended ended = account("status", "{}", {"--json"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.document()["account"]["signed_in_as"], "alice");
    EXPECT_EQ(nlohmann::json::parse(ended.err)["fields"]["text"], "it ends soon");
}

TEST(Account, ExplainsAFailureAndEndsAsInvokeDoes) {
    const Scratch scratch;
    const Ended ended = account("status", R"({"sign_in":{"method":"token","token":{"$secret":"broken"}}})",
                                {}, {"WFC_HOME=" + (scratch / "home").string()});
    EXPECT_EQ(ended.code, 4);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "error: no such account\n") << "a secret that it asked for in vain is not why";
}

TEST(Account, StatusEndsWith4WhereNobodyIsSignedIn) {
    const std::string settings = R"({"sign_in":{"method":"token","token":{"$secret":"ended"}}})";
    const Ended ended = account("status", settings);
    EXPECT_EQ(ended.code, 4);
    EXPECT_THAT(ended.out, HasSubstr("signed in"));
    EXPECT_THAT(ended.out, Not(HasSubstr("changed since"))) << "an empty list says nothing";
    EXPECT_EQ(account("status", settings, {"--json"}).code, 4);
    const Scratch scratch;
    const std::string file = scratch.write("s.json", settings).string();
    EXPECT_EQ(test::run({"invoke", "probe", "account-status", "--settings", file}).code, 0);
}

TEST(Account, SignInIsNotBegunWhereItCouldNotBeKept) {
    const Scratch scratch;
    scratch.write("file", "");
    const std::string kept =
        R"({"sign_in":{"method":"token","token":{"$secret":"alice"},"kept":{"$secret":"tokens"}}})";
    const std::string home = "WFC_HOME=" + (scratch / "file").string();
    const Ended refused = account("sign-in", kept, {}, {home});
    EXPECT_EQ(refused.code, 66);
    EXPECT_THAT(refused.err, HasSubstr("a sign-in could not be kept"));
    EXPECT_EQ(account("sign-in", token_settings, {}, {home}).code, 0) << "where nothing is kept";
    const std::string fresh = "WFC_HOME=" + (scratch / "fresh").string();
    EXPECT_EQ(account("sign-in", kept, {}, {fresh}).code, 0);
}

TEST(Account, ASettingsFileInAFolderThatIsNotThereIsNamed) {
    const Ended ended = test::run({"account", "status", "/nowhere/s.json", "--type", "probe"});
    EXPECT_EQ(ended.code, 66);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("/nowhere/s.json cannot be read"), Not(HasSubstr("--root"))));
}

TEST(Account, SaysWhichSettingWouldHaveToBeWhat) {
    for (const Ended& ended : {account("sign-in", R"({"sign_in":{"method":"none"}})"),
                               test::probe("sign-in", "{}", {"--set", "/sign_in/method=none"})}) {
        EXPECT_EQ(ended.code, 78);
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err,
                    HasSubstr("probe's sign-in is not there with these settings: /sign_in/method is "
                              "\"none\" and would have to be \"token\""));
    }
}

TEST(Account, SettingsCanBeChangedFromTheCommandLine) {
    const Ended ended =
        account("sign-in", R"({"sign_in":{"method":"none"}})", {"--set", "/sign_in/method=token"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.out, "done\n") << "where nothing is said of the account";
}

TEST(Account, SignInHasAQuarterOfAnHourUnlessSaidOtherwise) {
    const std::int64_t usual = account("sign-in", token_settings, {"--json"}).document()["deadline_ms"];
    EXPECT_GT(usual, 14 * 60'000);
    EXPECT_LE(usual, 15 * 60'000);
    const std::int64_t asked =
        account("sign-in", token_settings, {"--json", "--timeout", "1h"}).document()["deadline_ms"];
    EXPECT_GT(asked, 50 * 60'000);
}

TEST(Account, AnOperationThatTheComponentLacksIsNamed) {
    const Ended ended = account("sign-out", "{}");
    EXPECT_EQ(ended.code, 64);
    EXPECT_THAT(ended.err, HasSubstr("probe has no operation \"sign-out\""));
}

TEST(Account, WrongUsageIsExplainedWith64AndAMissingFileWith66) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"account"},
                                                      {"account", "status"},
                                                      {"account", "sign-up", "s.json"},
                                                      {"account", "status", "s.json", "--timeout", "soon"}}) {
        const Ended ended = test::run(arguments);
        EXPECT_EQ(ended.code, 64) << ended.err;
        EXPECT_EQ(ended.out, "");
    }
    EXPECT_EQ(test::run({"account", "status", "/nowhere/s.json", "--type", "probe"}).code, 66);
}

/// A folder of components that are nothing but manifests.
void install(const Scratch& scratch, const std::string& type, const std::string& operation) {
    std::filesystem::create_directory(scratch / type);
    scratch.write(type + "/component.json",
                  R"({"format":1,"type":")" + type +
                      R"(","version":"1","abi":{"major":1,"minor":0},"library":{"linux-x86_64":"l.so"},)"
                      R"("operations":[{"id":")" +
                      operation + R"(","kind":"action"}]})");
}

std::pair<int, std::string> refusal(const std::string& operation, const Scratch& scratch) {
    try {
        find_declaring(operation, {scratch.path()});
        return {0, ""};
    } catch (const Stop& stop) {
        return {stop.code(), stop.what()};
    }
}

TEST(FindDeclaring, TakesTheOnlyComponentThatHasTheOperation) {
    const Scratch scratch;
    install(scratch, "one", "sign-in");
    install(scratch, "two", "other");
    EXPECT_EQ("one", find_declaring("sign-in", {scratch.path()}).type);
}

TEST(FindDeclaring, NamesThoseThatHaveItAndThoseThatAreThere) {
    const Scratch scratch;
    EXPECT_THAT(refusal("sign-in", scratch).second,
                HasSubstr("none is installed in " + scratch.path().string()));
    install(scratch, "one", "sign-in");
    install(scratch, "two", "sign-in");
    EXPECT_EQ(
        std::pair(64, std::string("several components have an operation \"sign-in\": one, two; say which "
                                  "with --type")),
        refusal("sign-in", scratch));
    EXPECT_EQ(std::pair(69, std::string(
                                "no installed component has an operation \"sign-out\"; installed: one, two")),
              refusal("sign-out", scratch));
}

TEST(Invoke, OffersAPromptAndFlowsDoNot) {
    EXPECT_EQ(test::probe("ask").document()["offered"], true);
    const Scratch scratch;
    const std::string flow =
        scratch
            .write("f.json",
                   R"({"id":"f","every":"1h","steps":[{"id":"a","component":"probe","operation":"ask"}]})")
            .string();
    const Ended ended = test::run({"run", flow, "--once"}, "", {"WFC_HOME=" + (scratch / "home").string()});
    EXPECT_EQ(ended.code, 69) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("wfc.prompt/1, which is not offered here"));
}

}  // namespace
}  // namespace wfc::tool
