#include "message/transfer_encoding.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "crypto/base64.hpp"
#include "unit/plugin/message/wire_lines.hpp"

namespace mailsend {
namespace {

std::string body(std::string_view text, TransferEncoding encoding) {
    std::string out;
    append_body(out, text, encoding);
    return out;
}

TransferEncoding choose_encoding(std::string_view text) {
    return examine_body(text).encoding;
}

std::string quoted_printable(std::string_view lines) {
    return body(lines, TransferEncoding::quoted_printable);
}

/// A decoder of our own, as strict as RFC 2045 section 6.7 allows.
std::string decode(std::string_view body) {
    std::string out;
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] != '=') {
            out += body[i];
        } else if (body.substr(i + 1, 2) == "\r\n") {
            i += 2;
        } else {
            EXPECT_LE(i + 3, body.size()) << "cut inside =XX";
            out += static_cast<char>(std::stoi(std::string(body.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        }
    }
    return out;
}

TEST(TransferEncoding, MakesEveryLineEndCrLf) {
    const auto plain = [](std::string_view text) { return body(text, TransferEncoding::seven_bit); };
    EXPECT_EQ(plain("a\nb\rc\r\nd\n\re"), "a\r\nb\r\nc\r\nd\r\n\r\ne");
    EXPECT_EQ(plain("\r\r\n\n"), "\r\n\r\n\r\n");
    EXPECT_EQ(plain("a\r"), "a\r\n");
    EXPECT_EQ(plain("\n"), "\r\n");
    EXPECT_EQ(plain("a\nb\r"), "a\r\nb\r\n");
    EXPECT_EQ(plain(""), "");
}

TEST(TransferEncoding, LeavesShortAsciiLinesAlone) {
    EXPECT_EQ(choose_encoding(""), TransferEncoding::seven_bit);
    EXPECT_EQ(choose_encoding("Hello\r\n\r\nWorld\tx = 1\r\n"), TransferEncoding::seven_bit);
    EXPECT_EQ(choose_encoding(std::string(78, 'x')), TransferEncoding::seven_bit);
}

TEST(TransferEncoding, EncodesWhatSomethingOnTheWayMightHurt) {
    using namespace std::string_literals;
    for (const std::string& lines :
         {std::string(79, 'x'), "From me\r\n"s, "a\r\nFrom you"s, ".\r\n"s, "a\r\n."s, "blank \r\n"s,
          "tab\t"s, "--=_1_\r\n"s, "nul\0"s, "bell\a"s, "é, but mostly ASCII all the same"s}) {
        EXPECT_EQ(choose_encoding(lines), TransferEncoding::quoted_printable) << lines;
    }
    EXPECT_EQ(choose_encoding("日本語の本文です。日本語の本文です。"), TransferEncoding::base64);
}

TEST(QuotedPrintable, FollowsTheRulesOfRfc2045) {
    EXPECT_EQ(quoted_printable("a=b\r\n"), "a=3Db\r\n");
    EXPECT_EQ(quoted_printable("blank \r\ntab\t\r\n"), "blank=20\r\ntab=09\r\n");
    EXPECT_EQ(quoted_printable("in the middle\r\n"), "in the middle\r\n");
    EXPECT_EQ(quoted_printable("From me\r\nFromage\r\n"), "=46rom me\r\nFromage\r\n");
    EXPECT_EQ(quoted_printable(".\r\n..\r\n"), "=2E\r\n=2E.\r\n");
    EXPECT_EQ(quoted_printable(std::string(76, 'x') + "\r\n"), std::string(76, 'x') + "\r\n");
    EXPECT_EQ(quoted_printable(std::string(77, 'x')), std::string(75, 'x') + "=\r\nxx");
    EXPECT_EQ(quoted_printable(""), "");
    EXPECT_EQ(quoted_printable(" "), "=20");
}

TEST(QuotedPrintable, NeverSplitsAnEscapeWhereverTheLineBreaks) {
    for (std::size_t shift = 0; shift < 160; ++shift) {
        const std::string text = std::string(shift, 'x') + "日本. From here é \r\n.";
        const std::string body = quoted_printable(text);
        EXPECT_TRUE(test::disciplined(body + "\r\n", 76)) << body;
        EXPECT_EQ(decode(body), text);
    }
}

TEST(QuotedPrintable, DecodesToTheInputForEveryInput) {
    std::mt19937 random(7);
    const std::vector<std::string> pieces = {" ",
                                             "\t",
                                             "\r\n",
                                             ".",
                                             "From ",
                                             "=",
                                             "a",
                                             "word",
                                             "日",
                                             "\x01",
                                             std::string(30, 'z'),
                                             std::string(1, '\0'),
                                             "\xFF"};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto i = random() % 60; i > 0; --i) text += pieces[random() % pieces.size()];
        const std::string body = quoted_printable(text);
        ASSERT_EQ(decode(body), text);
        ASSERT_TRUE(test::disciplined(body + "\r\n", 76)) << body;
        for (std::string_view rest = body; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find("\r\n"));
            ASSERT_FALSE(line.starts_with("From ") || line.starts_with("."));
            ASSERT_FALSE(line.ends_with(" ") || line.ends_with("\t"));
            rest.remove_prefix(std::min(rest.size(), line.size() + 2));
        }
    }
}

TEST(Base64Body, HasLinesOf76AndTheSizeItWasSaidToHave) {
    std::string bytes;
    for (std::size_t size = 0; size < 300; ++size) {
        std::string lines;
        append_base64_lines(lines, bytes, true);
        EXPECT_EQ(lines.size(), base64_body_size(size));
        EXPECT_TRUE(test::disciplined(lines + "\r\n", 76));
        std::string joined;
        for (const char c : lines) {
            if (c != '\r' && c != '\n') joined += c;
        }
        EXPECT_EQ(crypto::base64_decode(joined), bytes);
        bytes += static_cast<char>(size);
    }
    EXPECT_EQ(base64_body_size(57), 76U);
    EXPECT_EQ(base64_body_size(58), 76U + 2 + 4);
}

}  // namespace
}  // namespace mailsend
