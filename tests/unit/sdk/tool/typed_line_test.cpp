#include "tool/typed_line.hpp"

#include <gmock/gmock.h>
#include <string>

namespace wfc::tool {
namespace {

using Key = TypedLine::Key;

Key type(TypedLine& line, std::string_view keys) {
    Key last = Key::more;
    for (const char key : keys) last = line.take(key);
    return last;
}

std::string typed(std::string_view keys) {
    TypedLine line;
    EXPECT_EQ(Key::done, type(line, keys));
    return std::string(line.text().reveal());
}

TEST(TypedLine, EndsWithReturnAndHoldsWhatWasTyped) {
    EXPECT_EQ("abc", typed("abc\r"));
    EXPECT_EQ("abc", typed("abc\n"));
    EXPECT_EQ("abc", typed("abc\x04"));
    EXPECT_EQ("", typed("\n"));
}

TEST(TypedLine, TakesBackCharactersAndAllOfThem) {
    EXPECT_EQ("ab", typed("ab日\x7f\n"));
    EXPECT_EQ("b", typed("a\x08\x08"
                         "b\n"));
    EXPECT_EQ("b", typed("aaa\x15"
                         "b\n"));
}

TEST(TypedLine, LeavesOutKeysWithoutACharacter) {
    EXPECT_EQ("ab", typed("a\x1b[A\x1b[1;5C\x1bOP\x1bx\x1a\x01\tb\n"));
    EXPECT_EQ("a", typed("a\x1b[200~\n")) << "what terminals put around what is pasted";
    TypedLine line;
    EXPECT_EQ(Key::ignored, line.take('\t'));
}

TEST(TypedLine, IsLeftByTheKeysThatLeave) {
    for (const char* keys : {"a\x03", "a\x1c", "\x04"}) {
        TypedLine line;
        EXPECT_EQ(Key::leave, type(line, keys));
    }
}

TEST(TypedLine, HoldsSixtyFourKibibytes) {
    TypedLine line;
    EXPECT_EQ(Key::more, type(line, std::string(std::size_t{64} << 10, 'x')));
    EXPECT_EQ(Key::too_long, line.take('x'));
    EXPECT_EQ(Key::done, line.take('\n'));
    EXPECT_EQ(std::size_t{64} << 10, line.text().size());
    EXPECT_EQ(Key::done, type(line, "next\n"));
    EXPECT_EQ("next", line.text().reveal());
}

}  // namespace
}  // namespace wfc::tool
