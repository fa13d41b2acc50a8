#include "operations/batch_lines.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "testhost/content.hpp"

namespace mailsend {
namespace {

using wfc::testhost::Content;

class RowsOfABatch : public testing::Test {
  protected:
    BatchLines open(Content content) {
        wfc_source source{};
        EXPECT_EQ(sources.open(std::make_shared<const Content>(std::move(content)), &source), WFC_OK);
        return BatchLines(wfc::Source(source));
    }
    /// "1 a": number and text of each.
    std::vector<std::string> rows(Content content) {
        BatchLines lines = open(std::move(content));
        std::vector<std::string> out;
        std::uint64_t octets = 0;
        while (const auto line = lines.next()) {
            out.push_back(std::to_string(line->number) + " " + (line->too_long ? "(too long)" : line->text));
            octets += line->octets;
        }
        EXPECT_LE(octets, lines.size().value_or(octets));
        return out;
    }

    wfc::testhost::Sources sources;
};

using Rows = std::vector<std::string>;

TEST_F(RowsOfABatch, EndInLfOrCrLfAndTheLastNeedsNoEnd) {
    EXPECT_EQ(rows({.bytes = "a\nb\r\nc"}), (Rows{"1 a", "2 b", "3 c"}));
    EXPECT_EQ(rows({.bytes = "a\n"}), Rows{"1 a"});
    EXPECT_EQ(rows({.bytes = ""}), Rows{});
}

TEST_F(RowsOfABatch, KeepTheNumberOfTheirLineWhereBlankOnesStandBetween) {
    EXPECT_EQ(rows({.bytes = "\n \t\na\n\r\nb\n\n"}), (Rows{"3 a", "5 b"}));
}

TEST_F(RowsOfABatch, MayBeginWithAByteOrderMark) {
    EXPECT_EQ(rows({.bytes = "\xEF\xBB\xBF"
                             "a\nb"}),
              (Rows{"1 a", "2 b"}));
    EXPECT_EQ(rows({.bytes = "\xEF\xBB\xBF"
                             "a\nb",
                    .chunk = 1}),
              (Rows{"1 a", "2 b"}));
    EXPECT_EQ(rows({.bytes = "\xEF\xBB\xBF"}), Rows{});
}

TEST_F(RowsOfABatch, AreTheSameHoweverShortTheReadsAre) {
    for (const std::size_t chunk : {1u, 2u, 3u, 7u, 4093u})
        EXPECT_EQ(rows({.bytes = "{\"to\":\"a\"}\r\n\n{\"to\":\"b\"}", .chunk = chunk}),
                  (Rows{"1 {\"to\":\"a\"}", "3 {\"to\":\"b\"}"}))
            << chunk;
}

TEST_F(RowsOfABatch, ArePassedOverWhereTheyAreTooLong) {
    const std::string most(BatchLines::longest, 'x');
    EXPECT_EQ(rows({.bytes = most + "\nb"}), (Rows{"1 " + most, "2 b"}));
    EXPECT_EQ(rows({.bytes = "a\n" + most + "y\nb\n"}), (Rows{"1 a", "2 (too long)", "3 b"}));
    EXPECT_EQ(rows({.bytes = most + most + most}), Rows{"1 (too long)"});
}

TEST_F(RowsOfABatch, AccountForEveryOctetOfTheSource) {
    const std::string bytes = "\na\r\n\n\nbb\ncc";
    BatchLines lines = open({.bytes = bytes});
    std::uint64_t octets = 0;
    while (const auto line = lines.next()) octets += line->octets;
    EXPECT_EQ(octets, bytes.size());
    EXPECT_EQ(lines.size(), bytes.size());
}

TEST_F(RowsOfABatch, EndWithTheFailureOfTheirSource) {
    BatchLines lines = open({.bytes = "a\nbbbb\n", .chunk = 2, .fail_at = 4});
    EXPECT_EQ(lines.next()->text, "a");
    EXPECT_THROW(lines.next(), wfc::StreamFailed);
}

}  // namespace
}  // namespace mailsend
