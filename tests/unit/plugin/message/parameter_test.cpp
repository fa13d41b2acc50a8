#include "message/parameter.hpp"

#include <gtest/gtest.h>

#include "message/characters.hpp"

namespace mailsend {
namespace {

std::vector<std::string> pieces(const Parameter& parameter) {
    std::vector<std::string> out;
    for (const ParameterPiece& piece : parameter_pieces(parameter)) out.push_back(piece.text);
    return out;
}

TEST(Parameter, WritesTokensBareAndOtherShortAsciiInQuotationMarks) {
    EXPECT_EQ(pieces({"charset", "utf-8"}), std::vector<std::string>{"charset=utf-8"});
    EXPECT_EQ(pieces({"filename", "a b.txt"}), std::vector<std::string>{"filename=\"a b.txt\""});
    EXPECT_EQ(pieces({"filename", "a\"\\.txt"}), std::vector<std::string>{"filename=\"a\\\"\\\\.txt\""});
    EXPECT_EQ(pieces({"filename", ""}), std::vector<std::string>{"filename=\"\""});
}

TEST(Parameter, WritesOtherTextByRfc2231) {
    EXPECT_EQ(pieces({"filename", "図 1.png"}),
              std::vector<std::string>{"filename*=UTF-8''%E5%9B%B3%201.png"});
}

TEST(Parameter, ContinuesLongTextWithoutSplittingACharacter) {
    std::string name;
    for (int i = 0; i < 60; ++i) name += i % 2 == 0 ? "図" : "😀";
    const auto all = pieces({"filename", name});
    ASSERT_GT(all.size(), 2U);
    std::string decoded;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string head = "filename*" + std::to_string(i) + "*=" + (i == 0 ? "UTF-8''" : "");
        ASSERT_TRUE(all[i].starts_with(head)) << all[i];
        EXPECT_LE(all[i].size(), 75U);
        std::string part;
        for (std::size_t at = head.size(); at < all[i].size(); at += 3) {
            ASSERT_EQ(all[i][at], '%');
            part += static_cast<char>(std::stoi(all[i].substr(at + 1, 2), nullptr, 16));
        }
        EXPECT_TRUE(is_utf8(part)) << "split inside a character";
        decoded += part;
    }
    EXPECT_EQ(decoded, name);
}

TEST(Parameter, WritesEncodedWordsWhereReadersExpectThem) {
    EXPECT_EQ(pieces({"name", "図.png", ParameterForm::encoded_words}),
              std::vector<std::string>{"name=\"=?UTF-8?B?5ZuzLnBuZw==?=\""});
    const auto all = parameter_pieces({"name", std::string(200, 'a'), ParameterForm::encoded_words});
    ASSERT_GT(all.size(), 2U);
    EXPECT_FALSE(all[0].continues);
    EXPECT_TRUE(all[1].continues);
    EXPECT_EQ(all.back().text.back(), '"');
}

}  // namespace
}  // namespace mailsend
