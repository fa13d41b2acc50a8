#include "serve/line_reader.hpp"

#include <gmock/gmock.h>
#include <thread>

#include "pipe.hpp"

namespace wfc::serve {
namespace {

using testing::ElementsAre;

/// What comes of the bytes, to the end of the input: lines, or what is wrong with them.
std::vector<std::string> read_all(const std::string& bytes, std::size_t longest = longest_line) {
    test::Pipe pipe;
    std::thread writer([&] {
        for (std::size_t at = 0; at < bytes.size(); at += 1000) pipe.write(bytes.substr(at, 1000));
        pipe.in.reset();
    });
    LineReader reader(pipe.out.get(), longest);
    std::vector<std::string> out;
    for (bool more = true; more;) {
        more = reader.fill();
        while (const auto line = reader.next()) {
            out.emplace_back(line->fault == LineReader::Fault::too_long     ? "too long"
                             : line->fault == LineReader::Fault::unfinished ? "unfinished"
                                                                            : line->text.reveal());
        }
    }
    writer.join();
    return out;
}

TEST(LineReader, GivesEachLineWithoutItsEnd) {
    EXPECT_THAT(read_all("one\n\ntwo\r\n"), ElementsAre("one", "", "two\r"));
    EXPECT_THAT(read_all(""), ElementsAre());
    EXPECT_THAT(read_all(std::string("a\0b\n", 4)), ElementsAre(std::string("a\0b", 3)));
}

TEST(LineReader, JoinsALineOfManyReads) {
    const std::string line(200'000, 'x');
    EXPECT_THAT(read_all(line + "\nend\n"), ElementsAre(line, "end"));
}

TEST(LineReader, SkipsTheRestOfALineThatIsTooLongAndSaysSoOnce) {
    EXPECT_THAT(read_all("12345\n123456\n12345\n", 5), ElementsAre("12345", "too long", "12345"));
    EXPECT_THAT(read_all(std::string(300'000, 'x') + "\nend\n", 5), ElementsAre("too long", "end"));
    EXPECT_THAT(read_all(std::string(300'000, 'x'), 5), ElementsAre("too long"));
}

TEST(LineReader, SaysThatTheLastLineHasNoEnd) {
    EXPECT_THAT(read_all("one\ntw"), ElementsAre("one", "unfinished"));
}

TEST(LineReader, EndsWhereTheInputCannotBeRead) {
    LineReader reader(-1);
    EXPECT_FALSE(reader.fill());
    EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace wfc::serve
