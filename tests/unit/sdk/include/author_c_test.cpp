/// wfc/author.h, which is C and compiled here as C++: the strict reader of documents that are objects of
/// strings.
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/author.h"
#include "wfc/stream.hpp"
#include "wfc/view.hpp"

namespace {

/// What wfc_read_strings made of a text. The text was copied into memory of exactly its size, so that a
/// sanitizer sees each byte that is read beyond it.
struct Reading {
    bool taken = false;
    std::string fault;  // "member: sentence", the member only where there is one
    std::vector<std::string> values;
};

Reading read(std::string_view text, const std::vector<const char*>& names = {"a"}) {
    const std::unique_ptr<char[]> copy(new char[text.size()]);
    text.copy(copy.get(), text.size());
    std::vector<wfc_member> members;
    for (const char* name : names) members.push_back({name, {"left over", 9}, 7});  // as after another use
    wfc_fault fault{};
    Reading out;
    out.taken = wfc_read_strings({copy.get(), text.size()}, members.data(), members.size(), &fault) == 1;
    if (!out.taken) {
        out.fault =
            (fault.member == nullptr ? std::string() : std::string(fault.member) + ": ") + fault.sentence;
    }
    for (const wfc_member& member : members) {
        if (out.taken) out.values.emplace_back(wfc::text(member.value));
    }
    return out;
}

/// The value of {"a":"…"}, or the fault.
std::string value(const std::string& written) {
    const Reading reading = read("{\"a\":\"" + written + "\"}");
    return reading.taken ? reading.values[0] : reading.fault;
}

constexpr const char* not_json = "the document is not valid JSON";

TEST(AuthorInC, ReadsAnObjectOfStringsInAnyOrder) {
    const Reading reading = read(" {\t\"b\" : \"2\" ,\r\n\"format\":1 , \"a\":\"\"} ", {"a", "b"});
    EXPECT_TRUE(reading.taken) << reading.fault;
    EXPECT_THAT(reading.values, testing::ElementsAre("", "2"));
    EXPECT_TRUE(read("{}", {}).taken);
    EXPECT_TRUE(read("{\"format\":1}", {}).taken);
}

TEST(AuthorInC, ForgetsWhatStoodInTheMembersBefore) {
    EXPECT_EQ(read("{}").fault, "a: the member is missing");
    wfc_member member{"a", {nullptr, 0}, 0};
    wfc_fault fault{};
    EXPECT_EQ(wfc_read_strings(wfc_text("{\"a\":\"1\"}"), &member, 1, &fault), 1);
    EXPECT_EQ(wfc_read_strings(wfc_text("{\"a\":\"2\"}"), &member, 1, &fault), 1);
    EXPECT_EQ(wfc::text(member.value), "2");
    EXPECT_EQ(wfc_read_strings(wfc_text(""), &member, 1, &fault), 0);
    EXPECT_EQ(member.found, 0);
    EXPECT_EQ(wfc::text(member.value), "");
}

TEST(AuthorInC, TakesOnlyTheNumber1AsTheFormat) {
    for (const char* number :
         {"10", "1.0", "1e0", "0", "-1", "2", "\"1\"", "true", "null", "[1]", "{}", "01"}) {
        EXPECT_EQ(read(std::string("{\"a\":\"\",\"format\":") + number + "}").fault,
                  "format: /format must be 1")
            << number;
        EXPECT_EQ(read(std::string("{\"format\":") + number + ",\"a\":\"\"}").fault,
                  "format: /format must be 1")
            << number;
    }
    EXPECT_EQ(read("{\"format\":1,\"a\":\"\",\"format\":1}").fault, "format: /format stands twice");
    EXPECT_EQ(read("{\"format\":1x,\"a\":\"\"}").fault, not_json);
}

TEST(AuthorInC, TellsWhatIsNoStringFromWhatIsNoJson) {
    for (const char* other : {"1", "null", "true", "[\"x\"]", "{\"x\":1}"}) {
        EXPECT_EQ(read(std::string("{\"a\": ") + other + "}").fault, "a: the member must be a string")
            << other;
    }
    for (const char* broken : {"\"", "\"x", "\"\\x\"", "\"\n\"", "\"\xff\""}) {
        EXPECT_EQ(read(std::string("{\"a\": ") + broken + "}").fault, not_json) << broken;
    }
}

TEST(AuthorInC, NamesWhatIsMissingUnknownOrRepeated) {
    EXPECT_EQ(read("{\"a\":\"\"}", {"a", "b"}).fault, "b: the member is missing");
    EXPECT_EQ(read("{\"a\":\"\",\"c\":\"\"}", {"a", "b"}).fault,
              "the document has a member that is not known");
    EXPECT_EQ(read("{\"\\u0061\":\"\"}").fault, "the document has a member that is not known");
    EXPECT_EQ(read("{\"a\":\"1\",\"a\":\"1\"}").fault, "a: the member stands twice");
}

TEST(AuthorInC, RefusesEveryDocumentThatIsCutShort) {
    const std::string whole =
        " {\"format\":1,\"a\":\"x\\n\\u00e9\\ud83d\\ude00\xc3\xa9\xf0\x9f\x98\x80\",\"b\":\"\"}";
    ASSERT_TRUE(read(whole, {"a", "b"}).taken);
    EXPECT_EQ(read("", {"a", "b"}).fault, "the document is empty");
    for (std::size_t size = 2; size < whole.size(); ++size) {
        EXPECT_EQ(read(std::string_view(whole).substr(0, size), {"a", "b"}).fault, not_json) << size;
    }
    for (const char* after : {"}", ",", "x", "{}", "\xef"})
        EXPECT_EQ(read(whole + after, {"a", "b"}).fault, not_json);
    EXPECT_EQ(read(whole + '\0', {"a", "b"}).fault, not_json);
}

TEST(AuthorInC, RefusesOtherShapes) {
    for (const char* other : {" ", "[]", "\"a\"", "1", "null", "\xef\xbb\xbf{\"a\":\"\"}"}) {
        EXPECT_EQ(read(other).fault, "the document must be an object") << other;
    }
    for (const char* broken : {"{\"a\":\"\",}", "{,\"a\":\"\"}", "{\"a\"=\"\"}", "{a:\"\"}",
                               "{\"a\":\"\" \"b\":\"\"}", "{'a':''}", "{\"a\":\"\"/**/}", "{\"a\":\"\"]"}) {
        EXPECT_EQ(read(broken).fault, not_json) << broken;
    }
}

TEST(AuthorInC, BoundsTheDocumentBy64KiB) {
    const std::string frame = "{\"a\":\"\"}";
    const std::string full(65536 - frame.size(), 'x');
    EXPECT_EQ(value(full), full);
    EXPECT_EQ(value(full + "x"), "the document is larger than 64 KiB");
}

TEST(AuthorInC, LeavesEscapesAsTheyAreWritten) {
    const std::string escapes = R"(\" \\ \/ \b \f \n \r \t \u0041 \uD83D\uDE00 \uFFFF)";
    EXPECT_EQ(value(escapes), escapes);
    for (const char* wrong :
         {R"(\a)", R"(\')", R"(\U0041)", R"(\u)", R"(\u12)", R"(\u123g)", R"(\u-123)", "\\\n"}) {
        EXPECT_EQ(value(wrong), not_json) << wrong;
    }
    EXPECT_EQ(value(std::string("\\\0", 2)), not_json);
    EXPECT_EQ(value(std::string("\\u00\0000", 7)), not_json);
}

TEST(AuthorInC, TakesSurrogatesInPairsOnly) {
    for (const char* pair : {R"(\ud800\udc00)", R"(\uDBFF\uDFFF)"}) EXPECT_EQ(value(pair), pair);
    for (const char* wrong : {R"(\ud800)", R"(\udc00)", R"(\ud800x)", R"(\ud800\n)", R"(\ud800\ud800)",
                              R"(\ud800\u0041)", R"(\udc00\ud800)", R"(\ud800\ude)", R"(\ud800\)"}) {
        EXPECT_EQ(value(wrong), not_json) << wrong;
    }
}

TEST(AuthorInC, TakesUtf8AsItShouldBeOnly) {  // RFC 3629 section 4
    for (const char* right : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                              "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        EXPECT_EQ(value(right), right);
    }
    for (const char* wrong : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf",
                              "\xe0\xa0", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80",
                              "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\x1f"}) {
        EXPECT_EQ(value(wrong), not_json) << wrong;
    }
    EXPECT_EQ(value(std::string(1, '\0')), not_json);
}

TEST(AuthorInC, RefusesWithADocumentThatNamesTheMember) {
    std::string document;
    wfc_view found{};
    EXPECT_EQ(wfc_read_only(wfc_text("{\"a\":1}"), "a", &found, wfc::append_to(document), WFC_INVALID_INPUT),
              WFC_INVALID_INPUT);
    EXPECT_EQ(document,
              "{\"format\":1,\"outcome\":\"failed\",\"error\":{\"pointer\":\"/a\",\"message\":"
              "\"the member must be a string\"}}");
    document.clear();
    EXPECT_EQ(wfc_refuse_all(wfc::append_to(document), WFC_CANCELLED, "cancelled"), WFC_CANCELLED);
    EXPECT_EQ(document, R"({"format":1,"outcome":"cancelled","error":{"message":"cancelled"}})");
}

}  // namespace
