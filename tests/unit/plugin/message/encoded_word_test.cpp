#include "message/encoded_word.hpp"

#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "message/characters.hpp"

namespace mailsend {
namespace {

TEST(EncodedWord, NeverPasses75OctetsNorSplitsACharacter) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += i % 3 == 0 ? "日本" : i % 3 == 1 ? "😀" : "ab é";
    for (const WordEncoding encoding : {WordEncoding::b, WordEncoding::q}) {
        for (std::size_t room = least_word_room; room < 90; ++room) {
            std::string_view rest = text;
            while (!rest.empty()) {
                const std::string_view before = rest;
                std::string word;
                const std::size_t size = append_encoded_word(word, rest, room, encoding);
                ASSERT_EQ(size, word.size());
                ASSERT_LE(size, std::min(room, word_limit));
                ASSERT_LT(rest.size(), before.size());
                ASSERT_TRUE(is_utf8(before.substr(0, before.size() - rest.size())));
            }
        }
    }
}

TEST(EncodedWord, BTakesWholeGroupsAndDecodes) {
    std::string_view rest = "日本語の件名です。とても長いので二つの語になるはずです";
    const std::string whole(rest);
    std::string decoded;
    while (!rest.empty()) {
        std::string word;
        append_encoded_word(word, rest, 75, WordEncoding::b);
        const auto part = crypto::base64_decode(std::string_view(word).substr(10, word.size() - 12));
        ASSERT_TRUE(part.has_value()) << word;
        decoded += *part;
    }
    EXPECT_EQ(decoded, whole);
}

TEST(EncodedWord, QEscapesWhatAPhraseMayNotHold) {
    std::string word;
    std::string_view rest = "a(b)\"c\"_=?.,;:<>@ é";
    append_encoded_word(word, rest, 75, WordEncoding::q);
    EXPECT_EQ(word, "=?UTF-8?Q?a=28b=29=22c=22=5F=3D=3F=2E=2C=3B=3A=3C=3E=40_=C3=A9?=");
}

TEST(EncodedWord, ChoosesTheShorterEncoding) {
    EXPECT_EQ(shorter_encoding("Resume with one é"), WordEncoding::q);
    EXPECT_EQ(shorter_encoding("日本語"), WordEncoding::b);
}

}  // namespace
}  // namespace mailsend
