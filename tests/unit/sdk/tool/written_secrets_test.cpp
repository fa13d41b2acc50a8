#include "tool/written_secrets.hpp"

#include <gmock/gmock.h>

namespace wfc::tool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string schema = R"({
  "type": "object",
  "properties": {
    "auth": {
      "type": "object", "x-choice": "method",
      "oneOf": [
        {"type": "object", "properties": {"method": {"const": "password"}, "password": {"$ref": "#/definitions/secret", "x-secret": true}}},
        {"$ref": "#/definitions/tokens"}
      ]
    }
  },
  "definitions": {
    "secret": {"type": "object", "properties": {"$secret": {"type": "string"}}},
    "tokens": {"type": "object", "properties": {
      "method": {"const": "tokens"},
      "client": {"$ref": "#/definitions/secret", "x-secret": true},
      "kept": {"$ref": "#/definitions/secret", "x-secret": true, "x-written": true}}}
  }
})";

TEST(WrittenSecrets, AreThoseAtMembersThatTheComponentWrites) {
    EXPECT_THAT(
        written_secrets(schema,
                        R"({"auth":{"method":"tokens","client":{"$secret":"c"},"kept":{"$secret":"k"}}})"),
        ElementsAre("k"));
    EXPECT_THAT(written_secrets(schema, R"({"auth":{"method":"password","password":{"$secret":"p"}}})"),
                IsEmpty());
}

TEST(WrittenSecrets, OfWhatCannotBeReadAreNone) {
    for (const char* settings : {"", "[]", "{", R"({"auth":7})", R"({"auth":{"kept":"plain"}})",
                                 R"({"auth":{"kept":{"$secret":1}}})"})
        EXPECT_THAT(written_secrets(schema, settings), IsEmpty()) << settings;
    EXPECT_THAT(written_secrets("no json", R"({"auth":{"kept":{"$secret":"k"}}})"), IsEmpty());
    EXPECT_THAT(written_secrets("[]", "{}"), IsEmpty());
}

}  // namespace
}  // namespace wfc::tool
