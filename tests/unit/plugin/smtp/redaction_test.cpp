#include "smtp/redaction.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

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

/// Octet by octet: what belongs to a run of eight, or to a short secret, is hidden.
std::string by_the_letter(std::string_view text, const std::vector<std::string_view>& secrets) {
    std::string out;
    std::size_t hidden_to = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::size_t size = 0;
        for (const std::string_view secret : secrets) {
            const std::string_view piece = text.substr(at, std::min(secret.size(), Redaction::run));
            const bool whole = piece.size() == std::min(secret.size(), Redaction::run);
            if (whole && piece.size() >= Redaction::shortest && secret.find(piece) != secret.npos)
                size = std::max(size, piece.size());
        }
        if (size > 0 && at >= hidden_to) out += "****";
        if (size > 0) hidden_to = std::max(hidden_to, at + size);
        if (at >= hidden_to) out += text[at];
    }
    return out;
}

TEST(Redaction, HidesInRandomTextsWhatALookAtEachOctetHides) {
    std::mt19937 random(7);
    const auto letters = [&](std::size_t size) {
        std::string out(size, ' ');
        for (char& octet : out) octet = "ab"[random() % 2];
        return out;
    };
    for (int round = 0; round < 2000; ++round) {
        const std::string long_one = letters(8 + random() % 10);
        const std::string short_one = letters(random() % 8);
        const std::vector<std::string_view> secrets = {long_one, short_one};
        const Redaction hidden(secrets);
        const std::string text = letters(random() % 60) + (round % 2 == 0 ? "" : long_one.substr(2));
        ASSERT_EQ(hidden.applied(text), by_the_letter(text, secrets))
            << text << " of " << long_one << ' ' << short_one;
        ASSERT_EQ(hidden.finds_in(text), hidden.applied(text) != text);
    }
}

}  // namespace
}  // namespace mailsend::smtp
