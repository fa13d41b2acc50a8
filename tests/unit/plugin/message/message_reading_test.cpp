#include <gmock/gmock.h>

#include "message/message.hpp"
#include "unit/plugin/message/composed.hpp"
#include "unit/plugin/message/memory_source.hpp"
#include "unit/plugin/message/wire_lines.hpp"

namespace mailsend {
namespace {

using test::all;
using test::attach;
using test::composed;
using test::draft;
using test::refused_at;
using test::Scripts;
using testing::HasSubstr;

TEST(Message, HasTheSameBytesForTheSameSeedWhateverTheReads) {
    Draft d = draft();
    d.text = "text";
    d.html = "<p>日本</p>";
    attach(d, "a.bin");
    Scripts scripts = {{"a.bin", test::script(std::string(70001, '\x5a'))}};
    const auto message = composed(d, scripts);
    const std::string whole = all(*message, 1 << 20);
    EXPECT_EQ(message->size(), whole.size());
    scripts["a.bin"]->chunk = 7;
    for (const std::size_t capacity : {1U, 2U, 3U, 1000U}) {
        ASSERT_TRUE(message->rewind());
        EXPECT_EQ(all(*message, capacity), whole);
    }
    EXPECT_EQ(all(*composed(d, scripts)), whole);
    EXPECT_TRUE(test::disciplined(whole, 78));
}

TEST(Message, IsTheSameWhateverRoomTheReaderHasAndWhereverTheSourceEnds) {
    for (const std::size_t size :
         {0U, 1U, 56U, 57U, 58U, 114U, 115U, 29127U, 29183U, 29184U, 29185U, 29241U}) {
        Draft d = draft();
        attach(d, "a.pdf");
        std::string bytes;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 7919 >> 3);
        const auto message = composed(d, {{"a.pdf", test::script(bytes)}});
        const std::string whole = all(*message, 1 << 20);
        EXPECT_EQ(whole.size(), message->size());
        for (const std::size_t capacity : {1U, 75U, 76U, 77U, 78U, 79U, 155U, 156U, 4095U, 39936U}) {
            ASSERT_TRUE(message->rewind());
            ASSERT_EQ(all(*message, capacity), whole) << size << " bytes, read by " << capacity;
        }
    }
}

TEST(Message, HoldsNoAttachmentInMemory) {
    Draft d = draft();
    attach(d, "big.bin");
    const auto big = test::script(std::string(8 << 20, 'x'));
    const auto message = composed(d, {{"big.bin", big}});
    EXPECT_LE(big->delivered, 16U) << "compose read more than the first bytes";
    char buffer[1000];
    message->read(buffer, sizeof buffer);
    EXPECT_LE(big->delivered, 64U << 10);
    EXPECT_LE(big->most_asked, 64U << 10);
}

TEST(Message, EndsWithSourceBrokenWhenASourceBreaksItsPromise) {
    for (const std::int64_t size : {0, 1, 56, 57, 58, 29183, 29184, 29185, 58368, 100000}) {
        for (const std::int64_t difference : {-1, 1, 5000}) {
            if (size + difference < 0) continue;
            Draft d = draft();
            attach(d, "a.pdf");
            const auto liar = test::script(std::string(static_cast<std::size_t>(size), 'x'));
            liar->promised = size + difference;
            const auto message = composed(d, {{"a.pdf", liar}});
            try {
                all(*message);
                ADD_FAILURE() << size << " bytes passed for " << size + difference;
            } catch (const SourceBroken& changed) {
                EXPECT_EQ(changed.pointer(), "/attachments/0");
                EXPECT_THAT(changed.what(), HasSubstr(difference < 0 ? "more" : "fewer"));
            }
        }
    }
}

TEST(Message, EndsWithSourceBrokenWhenASourceFails) {
    Draft d = draft();
    attach(d, "a.pdf");
    const auto broken = test::script(std::string(50000, 'x'));
    broken->fails_at = 20000;
    const auto message = composed(d, {{"a.pdf", broken}});
    EXPECT_THROW(all(*message), SourceBroken);
    attach(d, "unknown");
    const auto unreadable = test::script("x");
    unreadable->fails_at = 0;
    EXPECT_EQ(refused_at(d, {{"a.pdf", broken}, {"unknown", unreadable}}), "/attachments/1/blob");
}

TEST(Message, KnowsItsSizeOnlyWhenEverySourceDoes) {
    Draft d = draft();
    attach(d, "a.pdf");
    const auto silent = test::script("abc");
    silent->promised = -1;
    silent->rewinds = false;
    const auto message = composed(d, {{"a.pdf", silent}});
    EXPECT_EQ(message->size(), std::nullopt);
    EXPECT_THAT(all(*message), HasSubstr("\r\n\r\nYWJj\r\n--=_1_"));
    EXPECT_FALSE(message->rewind());
}

}  // namespace
}  // namespace mailsend
