#include "tool/shareable_settings.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wfc::tool {
namespace {

const std::string schema =
    R"({"type":"object","definitions":{"s":{"type":"object","properties":{"$secret":{"type":"string"}}}},
  "properties":{"host":{"type":"string"},"word":{"$ref":"#/definitions/s","x-secret":true},
    "words":{"type":"object","x-content":true},"free":{"type":"object"},"who":{"type":["string","array"],"items":{"type":"string"}},
    "auth":{"oneOf":[{"properties":{"kind":{"const":"none"}}},
                     {"properties":{"kind":{"const":"key"},"key":{"$ref":"#/definitions/s","x-secret":true}}}]}}})";

std::string shared(const std::string& settings) {
    return nlohmann::json::parse(shareable_settings(schema, settings).document).dump();
}

TEST(ShareableSettings, HaveWhatTheSchemaKnows) {
    EXPECT_EQ(shared(R"j({"host":"h","who":["a","b"],"auth":{"kind":"key","key":{"$secret":"k"}},)j"
                     R"j("nope":{"a":"b"},"free":{"x":"y"}})j"),
              R"j({"auth":{"key":{"$secret":"k"},"kind":"key"},"free":{"x":"(left out)"},"host":"h",)j"
              R"j("nope":"(left out)","who":["a","b"]})j");
}

TEST(ShareableSettings, LeaveOutWhatPeopleWrote) {
    EXPECT_EQ(shared(R"j({"words":{"a":"Dear Bob"}})j"), R"j({"words":"(left out)"})j");
    EXPECT_EQ(shared(R"j({"words":"Dear Bob"})j"), R"j({"words":"(left out)"})j");
}

TEST(ShareableSettings, LeaveOutTheNameBesideAnAddress) {
    EXPECT_EQ(shared(R"j({"who":"Alice Smith <alice@example.test>"})j"),
              R"j({"who":"(left out) <alice@example.test>"})j");
    EXPECT_EQ(shared(R"j({"who":["<alice@example.test>","a <b>"]})j"),
              R"j({"who":["<alice@example.test>","a <b>"]})j");
}

TEST(ShareableSettings, FindASecretThatStandsInTheOpen) {
    const ShareableSettings open = shareable_settings(
        schema, R"j({"word":"hunter2","auth":{"kind":"none","key":{"$secret":{"a":"inner"},"b":12345}}})j");
    EXPECT_EQ(nlohmann::json::parse(open.document).dump(),
              R"j({"auth":{"key":"(left out)","kind":"none"},"word":"(left out)"})j");
    std::string found;
    for (const SecretString& each : open.misplaced) found += std::string(each.reveal()) + " ";
    EXPECT_EQ(found, "inner 12345 hunter2 ");
}

TEST(ShareableSettings, LeaveOutASecretInThePlaceOfItsName) {
    const ShareableSettings open = shareable_settings(schema, R"j({"word":{"$secret":"Tr0ub4dor&3zz9"}})j");
    EXPECT_EQ(open.document.find("Tr0ub4dor"), std::string::npos);
    ASSERT_EQ(open.misplaced.size(), 1u);
    EXPECT_EQ(open.misplaced[0].reveal(), "Tr0ub4dor&3zz9");
}

TEST(ShareableSettings, LeaveOutWhatTheSchemaDoesNotAllow) {
    EXPECT_EQ(shared(R"j({"host":5,"auth":"hunter2","who":"https://h.test/a?key=hunter2"})j"),
              R"j({"auth":"(left out)","host":"(left out)","who":"https://h.test/a?(left out)"})j");
}

TEST(ShareableSettings, AreAWordWhereNothingIsKnown) {
    EXPECT_EQ(shareable_settings("", R"j({"host":"h"})j").document, "\"(left out)\"");
    EXPECT_EQ(shared("{broken"), "\"(left out: they cannot be read as settings)\"");
}

}  // namespace
}  // namespace wfc::tool
