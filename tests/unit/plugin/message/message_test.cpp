#include "message/message.hpp"

#include <gmock/gmock.h>

#include "unit/plugin/message/composed.hpp"
#include "unit/plugin/message/memory_source.hpp"

namespace mailsend {
namespace {

using test::all;
using test::attach;
using test::composed;
using test::draft;
using test::refused_at;
using test::Scripts;
using testing::HasSubstr;

std::vector<std::string> shape(const Message& message) {
    std::vector<std::string> out;
    for (const PartFacts& part : message.parts()) out.push_back(std::string(part.depth, ' ') + part.type);
    return out;
}

TEST(Message, IsTheWholeOfASimpleText) {
    Draft simple = draft();
    simple.text = "Hi\nBob";
    const auto message = composed(simple);
    EXPECT_EQ(
        all(*message),
        "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nFrom: alice@example.test\r\nTo: "
        "bob@example.test\r\nSubject: Hello\r\n"
        "Message-ID: <id@example.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n\r\nHi\r\nBob\r\n");
    EXPECT_EQ(message->headers().back().first, "Content-Transfer-Encoding");
}

TEST(Message, HasTheTreeThatItsPartsAskFor) {
    Draft d = draft();
    EXPECT_EQ(shape(*composed(d)), (std::vector<std::string>{"text/plain"}));
    d.html = "<p>Hi</p>";
    EXPECT_EQ(shape(*composed(d)), (std::vector<std::string>{"text/html"}));
    d.text = "Hi";
    EXPECT_EQ(shape(*composed(d)),
              (std::vector<std::string>{"multipart/alternative", " text/plain", " text/html"}));
    attach(d, "a.pdf");
    attach(d, "logo.png", "logo");
    const Scripts scripts = {{"a.pdf", test::script("x")}, {"logo.png", test::script("y")}};
    EXPECT_EQ(shape(*composed(d, scripts)),
              (std::vector<std::string>{"multipart/mixed", " multipart/alternative", "  text/plain",
                                        "  multipart/related", "   text/html", "   image/png",
                                        " application/pdf"}));
    d.html.reset();
    EXPECT_EQ(shape(*composed(d, scripts)),
              (std::vector<std::string>{"multipart/mixed", " text/plain", " application/pdf", " image/png"}));
    d.text.reset();
    EXPECT_EQ(shape(*composed(d, scripts)),
              (std::vector<std::string>{"multipart/mixed", " application/pdf", " image/png"}));
}

TEST(Message, ShowsFactsOfInlineAndAttachedParts) {
    Draft d = draft();
    d.html = "<img src=\"cid:logo\">";
    attach(d, "logo.png", "logo");
    attach(d, "a.pdf");
    const auto parts =
        composed(d, {{"a.pdf", test::script("xyz")}, {"logo.png", test::script("y")}})->parts();
    ASSERT_EQ(parts.size(), 5U);
    EXPECT_EQ(parts[3].disposition, "inline");
    EXPECT_EQ(parts[3].content_id, "logo");
    EXPECT_EQ(parts[4].disposition, "attachment");
    EXPECT_EQ(parts[4].name, "a.pdf");
    EXPECT_EQ(parts[4].size, 3U);
}

TEST(Message, ShowsItsHeadersWheneverItIsAsked) {
    Draft d = draft();
    d.subject = std::string(60, 'a') + " " + std::string(60, 'b');
    const auto message = composed(d);
    all(*message);
    const auto& headers = message->headers();
    ASSERT_EQ(headers.size(), 8U);
    EXPECT_EQ(headers[3], std::make_pair(std::string("Subject"), d.subject));
    EXPECT_EQ(headers.back().first, "Content-Transfer-Encoding");
    EXPECT_EQ(&message->headers(), &headers);
}

TEST(Message, NamesARecipientOnceHoweverManyThereAre) {
    for (const int count : {1, 7, 8, 9, 300}) {
        Draft d = draft();
        d.to.clear();
        for (int i = 0; i < count; ++i)
            d.to.push_back(parse_mailbox("r" + std::to_string(i) + "@example.test"));
        d.cc = d.to;
        d.bcc = {parse_mailbox("other@example.test"), d.to.back()};
        const auto message = composed(d);
        const auto& paths = message->envelope().forward_paths;
        ASSERT_EQ(paths.size(), static_cast<std::size_t>(count) + 1);
        for (std::size_t i = 0; i + 1 < paths.size(); ++i) EXPECT_EQ(paths[i], d.to[i].address);
        EXPECT_EQ(paths.back().local, "other");
    }
}

TEST(Message, ClosesEverySourceOnceAndOpensNoneForABadDraft) {
    Draft d = draft();
    attach(d, "a.pdf");
    attach(d, "b.pdf");
    const Scripts scripts = {{"a.pdf", test::script("x")}, {"b.pdf", test::script("y")}};
    composed(d, scripts);
    EXPECT_EQ(scripts.at("a.pdf")->closed, 1);
    d.subject = "a\r\nb";
    EXPECT_EQ(refused_at(d, scripts), "/subject");
    EXPECT_EQ(scripts.at("a.pdf")->opened, 1);
}

TEST(Message, TakesTheTypeOfTheUserThenTheNameThenTheContent) {
    Draft d = draft();
    d.text = "";
    attach(d, "chart");
    attach(d, "chart");
    d.attachments[1].name = "chart.svg";
    attach(d, "chart");
    d.attachments[2].name = "chart.svg";
    d.attachments[2].type = "image/x-own; a=\"b c\"";
    attach(d, "chart");
    d.attachments[3].name = "mail.eml";
    const auto message = composed(d, {{"chart", test::script("\x89PNG\r\n\x1a\n-------------------")}});
    const auto parts = message->parts();
    EXPECT_EQ(parts[2].type, "image/png");
    EXPECT_EQ(parts[3].type, "image/svg+xml");
    EXPECT_EQ(parts[4].type, "image/x-own");
    EXPECT_EQ(parts[5].type, "application/octet-stream") << "message/rfc822 may not be base64";
    const std::string wire = all(*message);
    EXPECT_THAT(wire, HasSubstr("image/x-own; a=\"b c\"; name=chart.svg\r\n"));
    EXPECT_THAT(wire, HasSubstr("iVBORw0KGgotLS0t")) << "the bytes that were looked at are sent too";
}

TEST(Message, NamesAttachmentsByNameThenPathThenBlob) {
    Draft d = draft();
    AttachmentSpec spec;
    spec.path = "reports/2026/june.pdf";
    d.attachments.push_back(spec);
    const auto parts = composed(d, {{spec.path, test::script("x")}})->parts();
    EXPECT_EQ(parts[1].name, "june.pdf");
}

TEST(Message, RefusesBadAttachmentsWithTheirPointer) {
    using namespace std::string_literals;
    const Scripts scripts = {{"a.pdf", test::script("x")}};
    Draft twice = draft();
    attach(twice, "a.pdf", "same");
    attach(twice, "a.pdf", "same");
    EXPECT_EQ(refused_at(twice, scripts), "/attachments/1/content_id");
    for (const std::string& bad : {"\r"s, "\n"s, "\r\nX: y"s, "\0"s}) {
        Draft d = draft();
        attach(d, "a.pdf");
        d.attachments[0].name = "a" + bad;
        EXPECT_EQ(refused_at(d, scripts), "/attachments/0/name");
        d.attachments[0].name.clear();
        d.attachments[0].type = "text/csv" + bad;
        EXPECT_EQ(refused_at(d, scripts), "/attachments/0/type");
        d.attachments[0].type.clear();
        d.attachments[0].content_id = "a" + bad;
        EXPECT_EQ(refused_at(d, scripts), "/attachments/0/content_id");
        d.attachments[0].content_id.clear();
        d.attachments[0].blob.clear();
        d.attachments[0].path = "dir/a" + bad;
        EXPECT_EQ(refused_at(d, scripts), "/attachments/0/path");
    }
    Draft nested = draft();
    attach(nested, "a.pdf");
    nested.attachments[0].type = "multipart/mixed";
    EXPECT_EQ(refused_at(nested, scripts), "/attachments/0/type");
    Draft duplicates = draft();
    attach(duplicates, "a.pdf");
    attach(duplicates, "a.pdf");
    EXPECT_EQ(refused_at(duplicates, scripts), "accepted") << "the same file name twice is normal mail";
}

TEST(Message, RefusesBodiesThatAreNotUtf8) {
    Draft d = draft();
    d.text = "\xFF";
    EXPECT_EQ(refused_at(d), "/text");
    d.text = "fine";
    d.html = "\xC0\x80";
    EXPECT_EQ(refused_at(d), "/html");
}

TEST(Message, CannotBeEndedEarlyByATextThatLooksLikeABoundary) {
    Draft d = draft();
    d.html = "<p>x</p>";
    d.text = "x";
    const std::string wire = all(*composed(d));
    const std::size_t at = wire.find("boundary=\"") + 10;
    const std::string boundary = wire.substr(at, wire.find('"', at) - at);
    d.text = "before\n--" + boundary + "--\nafter\n--" + boundary + "\n";
    const std::string attacked = all(*composed(d));
    std::size_t lines = 0;
    for (std::size_t found = attacked.find("\r\n--" + boundary); found != std::string::npos;
         found = attacked.find("\r\n--" + boundary, found + 1)) {
        ++lines;
    }
    EXPECT_EQ(lines, 3U);
}

}  // namespace
}  // namespace mailsend
