#include "crypto/digest.hpp"

#include <gtest/gtest.h>
#include <set>

#include "ledger/digested_message.hpp"
#include "ledger/draft_digest.hpp"
#include "unit/plugin/message/memory_source.hpp"

namespace mailsend::ledger {
namespace {

Draft draft() {
    Draft out;
    out.from = parse_mailbox("Alice <alice@example.test>");
    out.to = parse_mailbox_list("bob@example.test, carol@example.test");
    out.subject = "Hello";
    out.text = "text";
    AttachmentSpec spec;
    spec.blob = "report";
    spec.pointer = "/attachments/0";
    out.attachments.push_back(spec);
    return out;
}

TEST(DraftDigest, ChangesWithEverythingThatAReaderWouldNotice) {
    const std::vector<void (*)(Draft&)> changes = {
        [](Draft& d) { d.from = parse_mailbox("Alicia <alice@example.test>"); },
        [](Draft& d) { d.from = parse_mailbox("Alice <alice@example.org>"); },
        [](Draft& d) { d.sender = parse_mailbox("bob@example.test"); },
        [](Draft& d) { std::swap(d.to[0], d.to[1]); },
        [](Draft& d) { d.to.pop_back(); },
        [](Draft& d) { d.cc.push_back(d.to.back()), d.to.pop_back(); },
        [](Draft& d) { d.bcc.push_back(d.to.back()), d.to.pop_back(); },
        [](Draft& d) { d.bcc = parse_mailbox_list("dave@example.test"); },
        [](Draft& d) { d.reply_to = parse_mailbox_list("dave@example.test"); },
        [](Draft& d) { d.subject += '!'; },
        [](Draft& d) { d.text = "texts"; },
        [](Draft& d) { d.text.reset(); },
        [](Draft& d) { d.html = "text"; },
        [](Draft& d) { std::swap(d.text, d.html); },
        [](Draft& d) { d.priority = Priority::high; },
        [](Draft& d) {
            d.date = ZonedTime{1'700'000'000, 0};
        },
        [](Draft& d) {
            d.date = ZonedTime{1'700'000'000, 60};
        },
        [](Draft& d) {
            d.headers = {{"X-A", "b"}};
        },
        [](Draft& d) {
            d.headers = {{"X-", "Ab"}};
        },
        [](Draft& d) { d.attachments[0].name = "other"; },
        [](Draft& d) { d.attachments[0].type = "text/plain"; },
        [](Draft& d) { d.attachments[0].content_id = "logo"; },
        [](Draft& d) { d.attachments.push_back(d.attachments[0]); },
        [](Draft& d) { d.attachments.clear(); }};
    std::set<std::string> seen = {draft_digest(draft())};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Draft changed = draft();
        changes[i](changed);
        EXPECT_TRUE(seen.insert(draft_digest(changed)).second) << "change " << i;
    }
    EXPECT_EQ(draft_digest(draft()), draft_digest(draft()));
    EXPECT_TRUE(draft_digest(draft()).starts_with("draft1:"));
}

TEST(DraftDigest, DoesNotDependOnWhereAnAttachmentLies) {
    Draft one = draft(), other = draft();
    one.attachments[0].name = other.attachments[0].name = "report.pdf";
    other.attachments[0].blob = "blob-17";
    EXPECT_EQ(draft_digest(one), draft_digest(other));
    other.attachments[0].blob.clear();
    other.attachments[0].name.clear();
    other.attachments[0].path = "/srv/a/report.pdf";
    EXPECT_EQ(draft_digest(one), draft_digest(other));
}

TEST(DraftDigest, ComparesOnlyWhatCanBeCompared) {
    EXPECT_TRUE(different_content("draft1:aa", "draft1:bb"));
    EXPECT_FALSE(different_content("draft1:aa", "draft1:aa"));
    EXPECT_FALSE(different_content("draft1:aa", "draft2:bb"));
    EXPECT_FALSE(different_content("", "draft1:aa"));
    EXPECT_FALSE(different_content("draft1:aa", ""));
    EXPECT_FALSE(different_content("aa", "bb"));
}

DigestedMessage message(std::int64_t now_unix_ms, const std::string& attached,
                        std::size_t promised = std::string::npos) {
    const auto script = std::make_shared<test::Script>();
    script->bytes = attached;
    if (promised == 0) script->rewinds = false;
    Circumstances circumstances;
    circumstances.message_id = "id@example.test";
    circumstances.boundary_seed = "seed";
    circumstances.now_unix_ms = now_unix_ms;
    return DigestedMessage(
        compose(draft(), circumstances, [&](const AttachmentSpec&) { return test::open(script); }));
}

std::string read_all(Message& message, std::size_t capacity) {
    std::string out, buffer(capacity, '\0');
    while (const std::size_t n = message.read(buffer.data(), capacity)) out.append(buffer, 0, n);
    return out;
}

TEST(DigestedMessage, HashesTheBodyHoweverItIsReadAndLeavesTheHeadersOut) {
    DigestedMessage whole = message(0, std::string(10'000, 'x'));
    const std::string bytes = read_all(whole, 1u << 20);
    EXPECT_EQ(whole.digest(),
              "body1:" + crypto::sha256_hex(std::string_view(bytes).substr(bytes.find("\r\n\r\n") + 4)));
    for (const std::size_t capacity : {1u, 2u, 3u, 7u, 4096u}) {
        DigestedMessage pieces = message(86'400'000, std::string(10'000, 'x'));
        EXPECT_NE(read_all(pieces, capacity), bytes) << "the date is another one";
        EXPECT_EQ(pieces.digest(), whole.digest()) << capacity;
    }
}

TEST(DigestedMessage, ChangesWithABitOfAnAttachment) {
    DigestedMessage one = message(0, "one"), other = message(0, "onf");
    read_all(one, 100), read_all(other, 100);
    EXPECT_NE(one.digest(), other.digest());
}

TEST(DigestedMessage, BeginsAnewWhenItGoesBack) {
    DigestedMessage one = message(0, "attached");
    read_all(one, 100);
    const std::string first = one.digest();
    EXPECT_TRUE(one.rewind());
    EXPECT_NE(one.digest(), first);
    read_all(one, 33);
    EXPECT_EQ(one.digest(), first);
    EXPECT_EQ(one.envelope().forward_paths.size(), 2U);
    DigestedMessage stuck = message(0, "attached", 0);
    read_all(stuck, 100);
    EXPECT_FALSE(stuck.rewind());
    EXPECT_EQ(stuck.digest(), first);
}

}  // namespace
}  // namespace mailsend::ledger
