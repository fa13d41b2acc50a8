#include <gmock/gmock.h>
#include <sys/stat.h>

#include "run_wfc.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using test::Scratch;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class SecretCommand : public testing::Test {
  protected:
    Ended wfc(std::vector<std::string> arguments, const std::string& input = "",
              std::vector<std::string> environment = {}) const {
        environment.push_back("WFC_HOME=" + (scratch_ / "home").string());
        return test::run(std::move(arguments), input, std::move(environment));
    }
    Ended probe(std::vector<std::string> environment = {}) const {
        return wfc({"invoke", "probe", "secret", "--set",
                    R"(/sign_in={"method":"token","token":{"$secret":"api-token"}})"},
                   "", std::move(environment));
    }

    Scratch scratch_;
};

TEST_F(SecretCommand, StoresWhatAComponentThenGets) {
    EXPECT_EQ(wfc({"secret", "set", "api-token"}, "hunter2\n").code, 0);
    const Ended ended = probe();
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.document()["length"], 7);
    EXPECT_EQ(probe({"WFC_SECRET_API_TOKEN=of the environment"}).document()["length"], 18);
}

TEST_F(SecretCommand, IsHintedAtWhereASecretIsMissing) {
    const Ended ended = probe();
    EXPECT_EQ(ended.code, 78);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("wfc secret set api-token"), HasSubstr("WFC_SECRET_API_TOKEN")));
    EXPECT_EQ(scratch_.entries(), 0U);
}

TEST_F(SecretCommand, SaysWhatTheEnvironmentOverrides) {
    const Ended ended = wfc({"secret", "set", "alice"}, "hunter2", {"WFC_SECRET_ALICE=hunter3"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_THAT(ended.err,
                AllOf(HasSubstr("WFC_SECRET_ALICE is set and comes before"), Not(HasSubstr("hunter"))));
    EXPECT_EQ(wfc({"secret", "list"}, "", {"WFC_SECRET_ALICE=hunter3"}).out,
              "alice  WFC_SECRET_ALICE is set, stored\n");
}

TEST_F(SecretCommand, RemovesAndNamesTheNearestWhereThereIsNone) {
    EXPECT_EQ(wfc({"secret", "set", "alice"}, "hunter2").code, 0);
    const Ended unknown = wfc({"secret", "remove", "alicf"});
    EXPECT_EQ(unknown.code, 78);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean \"alice\"?"));
    EXPECT_EQ(wfc({"secret", "remove", "alice"}).code, 0);
    EXPECT_EQ(wfc({"secret", "list", "--json"}).document(), nlohmann::json::array());
}

TEST_F(SecretCommand, NeverRepeatsAValueThatStandsOnTheCommandLine) {
    for (const std::vector<std::string>& wrong :
         {std::vector<std::string>{"secret", "set", "alice", "hunter2"},
          {"secret", "set", "alice=hunter2"},
          {"secret", "set", "alice", "--passphrase=hunter2"},
          {"secret", "hunter2"},
          {"secret", "list", "hunter2", "--json"}}) {
        const Ended ended = wfc(wrong, "value");
        EXPECT_EQ(ended.code, 64);
        EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("hunter2")));
    }
    EXPECT_EQ(scratch_.entries(), 0U);
}

TEST_F(SecretCommand, TakesNoPassphraseWhereAKeyIsGiven) {
    const auto key = scratch_.write("key", std::string(64, 'b'));
    chmod(key.c_str(), 0600);
    const Ended ended =
        wfc({"secret", "set", "alice", "--passphrase"}, "hunter2", {"WFC_KEY_FILE=" + key.string()});
    EXPECT_EQ(ended.code, 64);
    EXPECT_THAT(ended.err, HasSubstr("WFC_KEY_FILE"));
    EXPECT_EQ(scratch_.entries(), 1U);
}

TEST_F(SecretCommand, EndsWith66WhereTheStoreCannotBeUsed) {
    EXPECT_EQ(wfc({"secret", "set", "alice"}, "hunter2").code, 0);
    chmod((scratch_ / "home/secrets.key").c_str(), 0644);
    const Ended ended = wfc({"secret", "list"});
    EXPECT_EQ(ended.code, 66);
    EXPECT_THAT(ended.err, HasSubstr("chmod go="));
    EXPECT_EQ(wfc({"secret", "set", "alice"}, "x", {"WFC_KEY_FILE=/nowhere"}).code, 66);
}

}  // namespace
}  // namespace wfc::tool
