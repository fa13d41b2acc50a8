#include "message/media_type.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace mailsend {
namespace {

using namespace std::string_view_literals;

TEST(MediaType, ComesFromTheExtensionWhateverItsCase) {
    EXPECT_EQ(media_type_by_name("Report.PDF"), "application/pdf");
    EXPECT_EQ(media_type_by_name("図.png"), "image/png");
    EXPECT_EQ(media_type_by_name("a.tar.gz"), "application/gzip");
    for (const char* name : {"", "pdf", "a.", "a.unknown", "a.pdf.exe"})
        EXPECT_EQ(media_type_by_name(name), "") << name;
}

TEST(MediaType, ComesFromTheFirstBytes) {
    EXPECT_EQ(media_type_by_content("%PDF-1.7"), "application/pdf");
    EXPECT_EQ(media_type_by_content("\x89PNG\r\n\x1a\n...."), "image/png");
    EXPECT_EQ(media_type_by_content("\xFF\xD8\xFF\xE0"), "image/jpeg");
    EXPECT_EQ(media_type_by_content("GIF89a"), "image/gif");
    EXPECT_EQ(media_type_by_content("PK\x03\x04"), "application/zip");
    EXPECT_EQ(media_type_by_content("RIFF\x01\x02\x03\x04WEBPVP8 "sv), "image/webp");
    EXPECT_EQ(media_type_by_content("II*\0"sv), "image/tiff");
    for (const std::string_view bytes : {""sv, "RIFF"sv, "RIFF1234AVI "sv, "hello"sv, "\x89PN"sv}) {
        EXPECT_EQ(media_type_by_content(bytes), unknown_media_type);
    }
}

TEST(MediaType, ReadsWhatTheUserSays) {
    const MediaType type = parse_media_type(" Text/CSV ; Charset=utf-8; header=\"pre;\\\"sent\";");
    EXPECT_EQ(type.name, "text/csv");
    ASSERT_EQ(type.parameters.size(), 2U);
    EXPECT_EQ(type.parameters[0].name, "charset");
    EXPECT_EQ(type.parameters[0].value, "utf-8");
    EXPECT_EQ(type.parameters[1].value, "pre;\"sent");
}

TEST(MediaType, RefusesWhatIsNone) {
    for (const std::string_view text :
         {""sv, "text"sv, "text/"sv, "/csv"sv, "text/c sv"sv, "text/csv/x"sv, "text/csv; charset"sv,
          "text/csv; =x"sv, "text/csv; a=b=c"sv, "text/csv; a=\"b"sv, "text/csv; a=\"b\" c"sv,
          "text/csv; a=1; A=2"sv, "text/csv\r\nBcc: x@y.test"sv, "text/csv\0"sv, "テキスト/csv"sv,
          "text/csv; a="sv, "text/csv;;"sv, "text/csv; é=1"sv}) {
        EXPECT_THROW(parse_media_type(text), std::invalid_argument) << text;
    }
    EXPECT_THROW(parse_media_type("text/" + std::string(128, 'a')), std::invalid_argument);
}

}  // namespace
}  // namespace mailsend
