#include <gmock/gmock.h>

#include "run_wfc.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using testing::HasSubstr;
using testing::Not;

Ended failing(const nlohmann::json& error, std::vector<std::string> environment = {}) {
    const nlohmann::ordered_json document = {
        {"outcome", "failed"}, {"error", error}, {"warnings", {"mind the gap"}}};
    const nlohmann::json input = {{"status", 1}, {"document", document.dump()}};
    return test::probe("echo", input.dump(), {}, std::move(environment));
}

TEST(Documents, ExplainTheErrorToAPersonOnStandardError) {
    const Ended ended = failing({{"message", "It failed: 535 no"},
                                 {"pointer", "/size"},
                                 {"explanation",
                                  {{"title", "Sign-in was refused"},
                                   {"cause", "The password is wrong."},
                                   {"steps", {"Open the settings.", "Type it again."}},
                                   {"link", "https://example.test/help"}}}});
    EXPECT_THAT(ended.err, HasSubstr("error: It failed: 535 no (at /size)\n"
                                     "  Sign-in was refused\n"
                                     "  The password is wrong.\n"
                                     "  1. Open the settings.\n"
                                     "  2. Type it again.\n"
                                     "  https://example.test/help\n"));
    EXPECT_THAT(ended.err, HasSubstr("warning: mind the gap\n"));
    EXPECT_THAT(ended.err, Not(HasSubstr("\x1b")));
}

TEST(Documents, DoNotLetForeignTextDriveTheTerminal) {
    const Ended ended = failing({{"message", "\x1b]0;owned\x07"},
                                 {"explanation", {{"steps", {"\x1b[2J", 7, nullptr}}, {"title", 3}}}});
    EXPECT_EQ(ended.code, 4);
    EXPECT_THAT(ended.err, HasSubstr("\\u001b]0;owned\\u0007"));
    EXPECT_THAT(ended.err, Not(HasSubstr("\x1b")));
}

TEST(Documents, MayNotNestSoDeeplyThatShowingThemEndsTheStack) {
    const std::size_t depth = 200'000;
    const std::string document =
        R"({"outcome":"failed","a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    const nlohmann::json input = {{"document", document}, {"status", 1}};
    const Ended ended = test::probe("echo", input.dump());
    EXPECT_EQ(ended.code, 70);
    EXPECT_THAT(ended.err, HasSubstr("nests deeper than 256 levels"));
}

TEST(Documents, KeepTheComponentsOrderOfMembersOnOneLine) {
    const std::string document = R"({"z":1,"outcome":"succeeded","a":{"y":[1.5,"日報"],"b":null}})";
    const nlohmann::json input = {{"document", document}};
    EXPECT_EQ(test::probe("echo", input.dump()).out, document + "\n");
}

}  // namespace
}  // namespace wfc::tool
