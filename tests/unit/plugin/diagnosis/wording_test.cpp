#include "diagnosis/wording.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>

namespace mailsend::diagnosis {
namespace {

Words these(std::map<std::string, std::string, std::less<>> known) {
    return [known = std::move(known)](std::string_view name) -> std::string_view {
        const auto found = known.find(name);
        return found == known.end() ? std::string_view() : std::string_view(found->second);
    };
}

const Words words = these({{"host", "the server"}, {"stage.auth", "login"}});

Facts known() {
    Facts facts;
    facts.stage = Stage::auth;
    facts.sentence = "it broke";
    facts.pointer = "/server/host";
    facts.details = {{"host", "mail.example.test"}, {"port", "587"}};
    return facts;
}

TEST(Wording, PutsValuesIntoTheirPlaces) {
    EXPECT_EQ(worded("{host}:{port} at {pointer}, {sentence} ({stage})", known(), words),
              "mail.example.test:587 at /server/host, it broke (login)");
}

TEST(Wording, LeavesAPassageOutWhenAValueIsMissing) {
    EXPECT_EQ(worded("No answer[ within {seconds} seconds][ on port {port}].", known(), words),
              "No answer on port 587.");
    EXPECT_EQ(worded("[{host}, port {port}, {seconds}]x", Facts{}, words), "x");
}

TEST(Wording, ShowsAPassageOnlyWhereItsConditionHolds) {
    const char* const text = "Refused.[{port=587} By submission.][{port=25} By relay.][{seconds=} Late.]";
    EXPECT_EQ(worded(text, known(), words), "Refused. By submission.");
    EXPECT_EQ(worded("[{port=587}{host} and {seconds}]x", known(), words), "x");
    EXPECT_EQ(worded("[{host=587}]x{port=1}", Facts{}, words), "x");
}

TEST(Wording, UsesTheCataloguesWordForAMissingValue) {
    EXPECT_EQ(worded("{host} is silent", Facts{}, words), "The server is silent");
    EXPECT_EQ(worded("It is said. {host} answered {host}.", Facts{}, words),
              "It is said. The server answered the server.");
    EXPECT_EQ(worded("途中で {host} は", Facts{}, these({{"host", "サーバー"}})), "途中でサーバーは");
    EXPECT_EQ(worded("{host} は", known(), Words{}), "mail.example.test は");
    EXPECT_EQ(worded("{address}.", Facts{}, words), ".");
    Facts elsewhere;
    elsewhere.stage = Stage::rcpt;
    EXPECT_EQ(worded("{stage}", elsewhere, words), "rcpt");
}

TEST(Wording, TreatsValuesAsDataThatAreEscapedAndCapped) {
    Facts facts;
    facts.details = {{"host", "{port}[x]\x1b"}, {"port", "25"}, {"names", std::string(5000, 'a')}};
    EXPECT_EQ(worded("<{host}>", facts, words), "<{port}[x]\\x1B>");
    EXPECT_LE(worded("{names}", facts, words).size(), 256u);
}

TEST(Wording, SurvivesTextsThatAreNotClosed) {
    EXPECT_EQ(worded("a {host", known(), words), "a ");
    EXPECT_EQ(worded("a [b", known(), words), "a ");
    EXPECT_EQ(worded("", known(), words), "");
}

}  // namespace
}  // namespace mailsend::diagnosis
