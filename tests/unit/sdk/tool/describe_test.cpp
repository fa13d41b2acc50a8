#include <gmock/gmock.h>

#include "run_wfc.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using testing::HasSubstr;
using testing::Not;

TEST(Describe, ListsWhatIsInstalled) {
    const Ended ended = test::run({"describe", "--components", BINARY_DIR "/components"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("greet 1.0.0"));
    EXPECT_THAT(ended.out, HasSubstr("probe 0.1.0"));
    EXPECT_THAT(ended.out, HasSubstr("operations: echo, wait"));
}

TEST(Describe, ExplainsOneComponent) {
    const Ended ended = test::run({"describe", "probe"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(
        ended.out,
        HasSubstr("echo  flow, effects: none, ports: succeeded, failed\n      Echo: Says what it is told."));
    EXPECT_THAT(ended.out, HasSubstr("      input:\n"
                                     "        /document  string, required  What to say\n"
                                     "        /status  integer, default 0\n"));
    EXPECT_THAT(ended.out, HasSubstr("emit  action\n      input: as for echo\n"));
    EXPECT_THAT(ended.out, HasSubstr("/sign_in/method  required, one of \"none\" \"token\""));
    EXPECT_THAT(ended.out, HasSubstr("/size  integer, default 3\n      Size"));
    EXPECT_THAT(ended.out, HasSubstr("Secrets\n  /sign_in/token  (with /sign_in/method \"token\")"));
    EXPECT_THAT(ended.out,
                HasSubstr("`wfc secret set alice` stores the value.\n"
                          "  A value in the environment variable WFC_SECRET_ALICE comes before it."));
    EXPECT_THAT(ended.out, Not(HasSubstr("\x1b")));
}

TEST(Describe, SaysWhenAnOperationIsThereAndWhetherItAsksAPerson) {
    const Ended ended = test::run({"describe", "probe"});
    EXPECT_THAT(
        ended.out,
        HasSubstr("sign-in  action, shows: account, with /sign_in/method \"token\", asks a person\n"));
    EXPECT_THAT(ended.out, HasSubstr("sense  action, needs wfc.smell/1\n"));
}

TEST(Describe, NamesChoicesFromADataFileAndTheFileWhereItCannotBeRead) {
    const Ended ended = test::run({"describe", "probe"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_THAT(ended.out, HasSubstr("/colour  string, one of \"red\" \"blue\"\n"));
    EXPECT_THAT(ended.out, HasSubstr("/shape  string, one of those in nowhere.json\n"));
    EXPECT_THAT(ended.err, HasSubstr("nowhere.json does not exist"));
}

TEST(Describe, SpeaksTheLanguageOfTheOptionOrTheEnvironment) {
    EXPECT_THAT(test::run({"describe", "probe", "--language", "ja"}).out, HasSubstr("エコー"));
    EXPECT_THAT(test::run({"describe", "probe"}, "", {"LC_ALL=ja_JP.UTF-8"}).out, HasSubstr("エコー"));
    EXPECT_THAT(test::run({"describe", "probe", "--language", "fr"}).out, HasSubstr("Echo"));
}

TEST(Describe, SaysWhereItLookedForAnUnknownType) {
    const Ended ended = test::run({"describe", "porbe"});
    EXPECT_EQ(ended.code, 69);
    EXPECT_THAT(ended.err, HasSubstr("did you mean \"probe\"?"));
}

}  // namespace
}  // namespace wfc::tool
