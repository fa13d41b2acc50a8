#include "wfc/json.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <string>

namespace {

using nlohmann::json;
using wfc::Fields;
using wfc::Problem;

/// "pointer: sentence" of the Problem that `work` throws; "" when it throws none.
std::string fault(const std::function<void()>& work) {
    try {
        work();
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
        return problem.pointer() + ": " + problem.what();
    }
    return {};
}

std::string parse_fault(std::string_view document, wfc::JsonBounds bounds = {},
                        std::string_view what = "input") {
    return fault([&] { wfc::parse_json(document, WFC_INVALID_INPUT, what, bounds); });
}

std::string fields_fault(const json& document, const std::function<void(Fields&)>& work) {
    return fault([&] {
        Fields fields(document, "", WFC_INVALID_INPUT);
        work(fields);
        fields.done();
    });
}

TEST(ParseJson, ReadsADocument) {
    EXPECT_EQ(
        wfc::parse_json(R"({"a":[1,{"b":"\u65e5"}]})", WFC_INVALID_INPUT, "input").at("a").at(1).at("b"),
        "日");
}

TEST(ParseJson, RefusesALargeDocumentBeforeParsingIt) {
    EXPECT_EQ(parse_fault(std::string(101, '['), {100, 32}), ": the input is larger than 100 bytes");
    EXPECT_EQ(parse_fault(std::string((8u << 20) + 1, ' ')), ": the input is larger than 8 MiB");
    EXPECT_EQ(parse_fault(std::string((256u << 10) + 1, ' '), {256u << 10, 32}, "settings"),
              ": the settings are larger than 256 KiB");
}

TEST(ParseJson, RefusesADeepDocumentBeforeParsingIt) {
    EXPECT_EQ(parse_fault(std::string(10'000, '[')), ": the input nests deeper than 32 levels");
    EXPECT_EQ(parse_fault(std::string(33, '[') + std::string(33, ']')),
              ": the input nests deeper than 32 levels");
    EXPECT_EQ(parse_fault(std::string(32, '[') + std::string(32, ']')), "");
    EXPECT_EQ(parse_fault(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[["})"), "");
}

TEST(ParseJson, NamesTheDuplicateMemberByItsPointer) {
    EXPECT_EQ(parse_fault(R"({"a":1,"a":2})"), "/a: /a stands twice in one object");
    EXPECT_EQ(parse_fault(R"({"x":[0,[],{"b":{"c~/d":1,"e":[1,2],"c~/d":2}}]})"),
              "/x/2/b/c~0~1d: /x/2/b/c~0~1d stands twice in one object");
    EXPECT_EQ(parse_fault(R"({"a":{"a":1},"b":{"a":1},"c":[{"a":1},{"a":1}]})"), "");
}

TEST(ParseJson, NeverQuotesTheTextThatIsWrong) {
    for (const std::string text : {R"({"password": hunter2})", R"({"password": "hunter2)",
                                   "{\"password\": \"hunter2\xff\"}", R"("hunter2" hunter2)"}) {
        const std::string sentence = parse_fault(text);
        EXPECT_NE(sentence.find("not valid JSON: syntax error at byte"), std::string::npos) << sentence;
        EXPECT_EQ(sentence.find("hunter2"), std::string::npos) << sentence;
    }
    EXPECT_EQ(parse_fault("1e999"), ": the input is not valid JSON: a number is out of range");
    EXPECT_EQ(parse_fault(""), ": the input is not valid JSON: syntax error at byte 1");
}

TEST(Fields, ReadsMembersOfTheRightType) {
    const json document{{"s", "x"}, {"b", true}, {"c", "red"}, {"format", 1}};
    EXPECT_EQ(fields_fault(document,
                           [](Fields& fields) {
                               fields.format();
                               EXPECT_EQ(fields.required_string("s"), "x");
                               EXPECT_EQ(fields.boolean("b"), true);
                               EXPECT_EQ(fields.choice("c", {"red", "blue"}), "red");
                               EXPECT_EQ(fields.string("absent"), std::nullopt);
                               EXPECT_EQ(fields.boolean("absent"), std::nullopt);
                               EXPECT_EQ(fields.choice("absent", {"x"}), std::nullopt);
                           }),
              "");
}

TEST(Fields, RefusesWhatIsNoObject) {
    EXPECT_EQ(fields_fault(json::array(), [](Fields&) {}), ": the document must be an object, not an array");
    EXPECT_EQ(fields_fault(nullptr, [](Fields&) {}), ": the document must be an object, not null");
}

TEST(Fields, RefusesWrongTypesWithoutQuotingTheValue) {
    const json document{{"s", 4711}, {"b", "hunter2"}, {"c", "hunter2"}, {"f", "hunter2"}};
    const auto ask = [&](const std::function<void(Fields&)>& question) {
        const std::string sentence = fields_fault(document, question);
        EXPECT_EQ(sentence.find("hunter2"), std::string::npos) << sentence;
        EXPECT_EQ(sentence.find("4711"), std::string::npos) << sentence;
        return sentence;
    };
    EXPECT_EQ(ask([](Fields& f) { f.string("s"); }), "/s: /s must be a string, not a number");
    EXPECT_EQ(ask([](Fields& f) { f.boolean("b"); }), "/b: /b must be true or false, not a string");
    EXPECT_EQ(ask([](Fields& f) {
                  f.choice("c", {"red", "blue"});
              }),
              R"(/c: /c must be one of "red" "blue")");
    EXPECT_EQ(ask([](Fields& f) { f.require("missing"); }), "/missing: /missing is missing");
}

TEST(Fields, NamesTheNearestChoice) {
    EXPECT_EQ(fields_fault({{"c", "statrtls"}},
                           [](Fields& f) {
                               f.choice("c", {"starttls", "none"});
                           }),
              R"(/c: /c must be one of "starttls" "none"; did you mean "starttls"?)");
}

TEST(Fields, RefusesAnUnknownMemberWithTheNearestKnownOne) {
    EXPECT_EQ(fields_fault({{"hots", 1}}, [](Fields& f) { f.string("host"); }),
              R"(/hots: /hots is not a known member; did you mean "host"?)");
    EXPECT_EQ(fields_fault({{"zzz", 1}}, [](Fields& f) { f.string("host"); }),
              "/zzz: /zzz is not a known member");
}

TEST(Fields, RefusesAPlannedMemberByName) {
    EXPECT_EQ(fields_fault({{"proxy", "x"}}, [](Fields& f) { f.planned({"proxy"}); }),
              "/proxy: /proxy is not in this version");
    EXPECT_EQ(fields_fault(json::object(), [](Fields& f) { f.planned({"proxy"}); }), "");
}

TEST(Fields, RefusesAnotherFormat) {
    EXPECT_EQ(fields_fault({{"format", 2}}, [](Fields& f) { f.format(); }), "/format: /format must be 1");
    EXPECT_EQ(fields_fault({{"format", "1"}}, [](Fields& f) { f.format(); }), "/format: /format must be 1");
}

TEST(Fields, KeepsASentenceShortAndPrintableWhateverTheMemberIsCalled) {
    json document;
    document[std::string(1u << 20, 'x') + "\r\n"] = 1;
    const std::string sentence = fault([&] {
        try {
            Fields(document, "", WFC_INVALID_INPUT).done();
        } catch (const Problem& problem) {
            EXPECT_LT(std::string_view(problem.what()).size(), 300u);
            throw Problem(problem.status(), {}, problem.what());
        }
    });
    EXPECT_NE(sentence.find("... is not a known member"), std::string::npos);
}

TEST(Fields, PointsIntoNestedDocuments) {
    const json document{{"b", 1}};
    EXPECT_EQ(fault([&] { Fields(document, "/a/0", WFC_INVALID_INPUT).done(); }),
              "/a/0/b: /a/0/b is not a known member");
}

}  // namespace
