#include "smtp/body_buffer.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <stdexcept>
#include <string>

#include "smtp/dot_stuffing.hpp"

namespace mailsend::smtp {
namespace {

using Form = BodyBuffer::Form;

/// Gives a text in pieces of at most `piece` octets.
struct Source {
    std::size_t operator()(char* to, std::size_t most) {
        const std::size_t count = std::min({most, piece, text.size() - at});
        text.copy(to, count, at);
        at += count;
        return count;
    }
    std::string text;
    std::size_t piece = 1000;
    std::size_t at = 0;
};

/// All of it, as it goes over the wire, in pieces of `octets`.
std::string sent(BodyBuffer& buffer, Form form, Source source) {
    std::string out;
    buffer.start(form);
    for (;;) {
        buffer.fill(source);
        if (buffer.ended()) break;
        out += buffer.view();
    }
    if (form == Form::dot_stuffed) buffer.end_of_data();
    return out.append(buffer.view());
}

std::string stuffed(const std::string& text) {
    DotStuffing stuffing;
    std::string out;
    stuffing.append(text, out);
    return out.append(stuffing.end());
}

TEST(BodyBuffer, EndsADotStuffedMessageInTheSamePieceAsItsLastOctets) {
    BodyBuffer buffer;
    buffer.start(Form::dot_stuffed);
    buffer.fill(Source{"a\r\n.b\r\n"});
    ASSERT_TRUE(buffer.ended());
    EXPECT_EQ(buffer.octets(), 8u);
    buffer.end_of_data();
    EXPECT_EQ(buffer.view(), "a\r\n..b\r\n.\r\n");
    EXPECT_EQ(buffer.octets(), 8u) << "the end of data is not the message's";
}

TEST(BodyBuffer, LeavesAPlainMessageAsItIs) {
    BodyBuffer buffer;
    EXPECT_EQ(sent(buffer, Form::plain, {".a\r\n.\r\n"}), ".a\r\n.\r\n");
}

TEST(BodyBuffer, EndsALastLineThatHasNoEndInBothForms) {
    BodyBuffer buffer;
    EXPECT_EQ(sent(buffer, Form::plain, {"a"}), "a\r\n");
    EXPECT_EQ(sent(buffer, Form::dot_stuffed, {"a"}), "a\r\n.\r\n");
    EXPECT_EQ(sent(buffer, Form::plain, {""}), "");
    EXPECT_EQ(sent(buffer, Form::dot_stuffed, {""}), ".\r\n");
}

TEST(BodyBuffer, PutsCommandsInFrontAndBehindWithoutMovingTheMessage) {
    BodyBuffer buffer;
    buffer.start(Form::plain);
    buffer.fill(Source{"a\r\n"});
    const char* const body = buffer.view().data();
    EXPECT_TRUE(buffer.put_in_front("BDAT 3 LAST\r\n"));
    EXPECT_TRUE(buffer.put_in_front("RCPT\r\n"));
    EXPECT_TRUE(buffer.put_behind("QUIT\r\n"));
    EXPECT_EQ(buffer.view(), "RCPT\r\nBDAT 3 LAST\r\na\r\nQUIT\r\n");
    EXPECT_EQ(buffer.view().data() + 19, body);
    EXPECT_EQ(buffer.octets(), 3u);
}

TEST(BodyBuffer, SaysSoWhereThereIsNoRoomForCommands) {
    BodyBuffer buffer(100);
    buffer.start(Form::dot_stuffed);
    buffer.fill(Source{"a\r\n"});
    EXPECT_FALSE(buffer.put_in_front(std::string(BodyBuffer::spare + 1, 'x')));
    EXPECT_FALSE(buffer.put_behind(std::string(5000, 'x')));
    EXPECT_EQ(buffer.view(), "a\r\n");
}

TEST(BodyBuffer, HasRoomForAMessageOfDotsAloneAndTheCommandsBehindIt) {
    for (const std::size_t octets : {1u, 2u, 3u, 64u, 65u}) {
        BodyBuffer buffer(octets);
        std::string dots;
        while (dots.size() < 500) dots += ".\n";
        Source source{dots};
        std::string out;
        buffer.start(Form::dot_stuffed);
        while (!buffer.ended()) {
            buffer.fill(source);
            out += buffer.view();
        }
        buffer.drop();
        buffer.end_of_data();
        EXPECT_TRUE(buffer.put_behind(std::string(BodyBuffer::spare, 'x')));
        out += buffer.view().substr(0, 3);
        EXPECT_EQ(out, stuffed(dots));
    }
}

TEST(BodyBuffer, SendsRandomMessagesAsDotStuffingDoesWhateverThePieces) {
    std::mt19937 random(3030);
    for (int round = 0; round < 500; ++round) {
        BodyBuffer buffer(1 + random() % 100);
        for (int message = 0; message < 3; ++message) {  // used again
            std::string text(random() % 400, ' ');
            for (char& octet : text) octet = ".\n\rx"[random() % 4];
            ASSERT_EQ(sent(buffer, Form::dot_stuffed, {text, 1 + random() % 90}), stuffed(text));
            text += '\n';
            ASSERT_EQ(sent(buffer, Form::plain, {text}), text);
        }
    }
}

TEST(BodyBuffer, LetsOutWhatTheSourceThrowsAndTakesAnotherMessage) {
    BodyBuffer buffer;
    buffer.start(Form::dot_stuffed);
    const auto broken = [](char*, std::size_t) -> std::size_t { throw std::runtime_error("gone"); };
    EXPECT_THROW(buffer.fill(broken), std::runtime_error);
    EXPECT_EQ(sent(buffer, Form::dot_stuffed, {"b\r\n"}), "b\r\n.\r\n");
}

}  // namespace
}  // namespace mailsend::smtp
