#include "smtp/redaction.hpp"

#include <gtest/gtest.h>

namespace mailsend::smtp {
namespace {

std::string shown(std::string_view text, std::vector<std::string_view> secrets) {
    return Redaction(secrets).applied(text);
}

TEST(Redaction, BlotsOutAWholeSecret) {
    EXPECT_EQ(shown("so hunter2hunter2 it is", {"hunter2hunter2"}), "so **** it is");
}

TEST(Redaction, BlotsOutEveryPieceOfEightOctetsAndNoneOfSeven) {
    EXPECT_EQ(shown("<bcdefghi>", {"abcdefghijkl"}), "<****>");
    EXPECT_EQ(shown("<bcdefgh>", {"abcdefghijkl"}), "<bcdefgh>");
    EXPECT_EQ(shown("<abcdefgh|efghijkl>", {"abcdefghijkl"}), "<****|****>");
    EXPECT_EQ(shown("abcdefghijkl", {"abcdefghijkl"}), "****");
}

TEST(Redaction, BlotsOutShortSecretsWholeAndOneOfThreeOctetsNot) {
    EXPECT_EQ(shown("a hunter2, hunter", {"hunter2"}), "a ****, hunter");
    EXPECT_EQ(shown("abcd abc", {"abcd"}), "**** abc");
    EXPECT_EQ(shown("abc abc", {"abc"}), "abc abc");
    EXPECT_EQ(shown("nothing", {"", ""}), "nothing");
    EXPECT_EQ(shown("nothing", {}), "nothing");
}

TEST(Redaction, TakesTheLongestWhereSecretsOverlap) {
    EXPECT_EQ(shown("-abcdefghijklmnop-", {"abcdefghij", "ghijklmnop"}), "-****-");
    EXPECT_EQ(shown("-abcdefghi-", {"abcd", "abcdefghi"}), "-****-");
    EXPECT_EQ(shown("-abcdef-", {"abcd", "abcdef"}), "-****-");
}

TEST(Redaction, KeepsTheFirstOctetsWhereAsked) {
    const std::vector<std::string_view> secrets = {"535 5.7.8 no"};
    EXPECT_EQ(Redaction(secrets).applied("535 5.7.8 no", 4), "535 ****");
    EXPECT_EQ(Redaction(secrets).applied("535", 4), "535");
}

TEST(Redaction, ComesToAnEndWithAReplyMadeToKeepItBusy) {
    // Each octet begins a run that the secret has at twelve thousand places; a search by pieces would compare
    // 64 Ki × 12 Ki times.
    const std::string secret(12 * 1024, 'a');
    EXPECT_EQ(shown(std::string(64 * 1024, 'a'), {secret, secret, secret}), "****");
    std::string almost;
    while (almost.size() < 64 * 1024) almost += "aaaaaaab";
    EXPECT_EQ(shown(almost, {secret}), almost);
}

}  // namespace
}  // namespace mailsend::smtp
