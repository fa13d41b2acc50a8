#include "serve/request.hpp"

#include <gmock/gmock.h>

namespace wfc::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

Request read(std::string_view line) {
    return read_request(SecretString(line));
}

template <class Asked>
Asked asked(std::string_view line) {
    return std::get<Asked>(read(line).asked);
}

Refusal refusal(std::string_view line) {
    try {
        read(line);
    } catch (const Refusal& refused) {
        return refused;
    }
    return {"", "it was taken"};
}

TEST(Request, IsReadIntoItsType) {
    EXPECT_EQ(read(R"({"id":9007199254740991,"type":"release","of":1})").id, 9007199254740991u);
    EXPECT_EQ(asked<Hello>(R"({"id":1,"type":"hello","protocol":1})").log, 2);
    EXPECT_EQ(asked<Hello>(R"({"id":1,"type":"hello","protocol":1,"log":"off"})").log, 5);
    EXPECT_EQ(asked<Load>(R"({"id":1,"type":"load","component":"a","of":"b"})").of, "b");
    EXPECT_EQ(asked<Unload>(R"({"id":1,"type":"unload","component":"a"})").component, "a");
    EXPECT_EQ(asked<Cancel>(R"({"id":1,"type":"cancel","of":7})").of, 7u);
    EXPECT_EQ(asked<Answer>(R"({"id":1,"type":"answer","of":7,"pasted":"x"})").pasted.reveal(), "x");
}

TEST(Request, HasDocumentsAsText) {
    const auto configure = asked<Configure>(
        R"({"id":1,"type":"configure","component":"a","settings":{"a":[1]},"secrets":{"s":"v"}})");
    EXPECT_EQ(configure.settings, R"({"a":[1]})");
    ASSERT_EQ(configure.secrets.size(), 1u);
    EXPECT_EQ(configure.secrets.at("s").reveal(), "v");
    const auto invoke = asked<Invoke>(
        R"({"id":1,"type":"invoke","component":"a","operation":"o","input":{},"call":"c","timeout_ms":5,)"
        R"("blobs":{"in":"f"},"save":["x","y"]})");
    EXPECT_EQ(invoke.input, "{}");
    EXPECT_EQ(invoke.call, "c");
    EXPECT_EQ(invoke.timeout, std::chrono::milliseconds(5));
    EXPECT_THAT(invoke.blobs, ElementsAre(Pair("in", "f")));
    EXPECT_THAT(invoke.save, ElementsAre("x", "y"));
}

TEST(Request, ThatIsWrongIsRefusedWithItsIdWhereItHasOne) {
    EXPECT_EQ(refusal("{").error(), "malformed");
    EXPECT_EQ(refusal("{").id(), std::nullopt);
    EXPECT_EQ(refusal(R"({"type":"load"})").id(), std::nullopt);
    EXPECT_EQ(refusal(R"({"id":"1","type":"load"})").id(), std::nullopt);
    EXPECT_EQ(refusal(R"({"id":7,"type":"load"})").id(), 7u);
    EXPECT_THAT(refusal(R"({"id":7,"type":"load"})").what(), HasSubstr("/component is missing"));
    EXPECT_THAT(refusal(R"({"id":7,"type":"load","component":"a","of":"b","tpye":1})").what(),
                HasSubstr("did you mean \"type\"?"));
    EXPECT_EQ(refusal(R"({"id":7,"type":"laod"})").error(), "unknown-type");
    EXPECT_THAT(refusal(R"({"id":7,"type":"laod"})").what(), HasSubstr("did you mean \"load\"?"));
    EXPECT_EQ(refusal(R"({"id":7,"type":"hello","protocol":2})").error(), "protocol");
}

TEST(Request, IsBounded) {
    EXPECT_EQ(refusal("{\"id\":1,\"type\":\"" + std::string(100, '[')).error(), "malformed");
    EXPECT_THAT(refusal(std::string(100, '[')).what(), HasSubstr("deeper than 64"));
    EXPECT_THAT(
        refusal(R"({"id":1,"type":"answer","of":1,"pasted":")" + std::string(65537, 'x') + "\"}").what(),
        HasSubstr("64 KiB"));
    std::string blobs;
    for (int i = 0; i < 1025; ++i) blobs += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"f\"";
    EXPECT_THAT(refusal(R"({"id":1,"type":"invoke","component":"a","operation":"o","input":{},"blobs":{)" +
                        blobs + "}}")
                    .what(),
                HasSubstr("at most 1024"));
}

TEST(Request, KeepsSecretsOutOfSentences) {
    for (const char* line :
         {R"({"id":1,"type":"configure","component":"a","settings":{},"secrets":{"s":["canary"]}})",
          R"({"id":1,"type":"configure","component":"a","settings":{},"secrets":"canary"})",
          R"({"id":1,"type":"answer","of":"canary","pasted":"canary"})",
          R"({"id":1,"secrets":{"s":"canary)"}) {
        EXPECT_THAT(refusal(line).what(), Not(HasSubstr("canary"))) << line;
        EXPECT_EQ(refusal(line).error(), "malformed");
    }
}

TEST(PlainName, IsOfAFewCharacters) {
    EXPECT_TRUE(plain_name("a.B-9_"));
    EXPECT_FALSE(plain_name(""));
    EXPECT_FALSE(plain_name("a/b"));
    EXPECT_FALSE(plain_name(std::string(129, 'a')));
}

}  // namespace
}  // namespace wfc::serve
