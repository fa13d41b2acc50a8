#include "smtp/transaction.hpp"

#include <gtest/gtest.h>
#include <utility>

namespace mailsend::smtp {
namespace {

Reply reply(std::string line) {
    Reply out;
    out.code = std::stoi(line);
    out.lines.push_back(std::move(line));
    return out;
}

TEST(Transaction, TellsTooManyRecipientsFromOtherTrouble) {
    for (const char* line : {"452 4.5.3 too many", "452 too many", "452", "451 4.5.3 later"})
        EXPECT_TRUE(too_many_recipients(reply(line))) << line;
    for (const char* line :
         {"452 4.2.2 mailbox full", "452 4.3.1 disk full", "451 later", "552 5.5.3 too many", "250 ok"})
        EXPECT_FALSE(too_many_recipients(reply(line))) << line;
}

TEST(Transaction, IsUndecidedAsLongAsSomebodyMayGetTheMessage) {
    Transaction transaction;
    EXPECT_FALSE(transaction.decided());
    transaction.forward_paths = {"a@example.test", "b@example.test"};
    EXPECT_FALSE(transaction.decided());
    transaction.asked = 2;
    transaction.course.answered = 1;
    EXPECT_FALSE(transaction.decided()) << "one was refused, the other may be accepted";
    transaction.course.answered = 2;
    EXPECT_TRUE(transaction.decided()) << "nobody gets it";
    transaction.course.accepted = 1;
    EXPECT_FALSE(transaction.decided());
    transaction.all_or_nothing = true;
    EXPECT_TRUE(transaction.decided());
    transaction.forget();
    EXPECT_FALSE(transaction.decided());
    transaction.refusal = reply("554 no");
    EXPECT_TRUE(transaction.decided());
}

TEST(Transaction, ForgetsWhatWasAnsweredAndKeepsWhatIsToBeSaid) {
    Transaction transaction;
    transaction.reverse_path = "a@example.test";
    transaction.forward_paths = {"b@example.test"};
    transaction.probe = true;
    transaction.begun = transaction.end_of_data_begun = transaction.shut_out = transaction.done = true;
    transaction.answered(reply("250 ok"));
    transaction.accepted_by = reply("250 ok");
    transaction.forget();
    EXPECT_EQ(transaction.reverse_path, "a@example.test");
    EXPECT_EQ(transaction.forward_paths.size(), 1u);
    EXPECT_TRUE(transaction.probe);
    EXPECT_FALSE(transaction.begun || transaction.end_of_data_begun || transaction.shut_out ||
                 transaction.done);
    EXPECT_TRUE(transaction.recipient_replies.empty());
    EXPECT_FALSE(transaction.accepted_by);
}

TEST(Transaction, KeepsAReplyOnceThatComesForOneRecipientAfterTheOther) {
    Transaction transaction;
    transaction.forward_paths = {"a@example.test", "b@example.test", "c@example.test", "d@example.test"};
    for (const char* line : {"250 ok", "250 ok", "550 no", "250 ok"}) transaction.answered(reply(line));
    const auto& replies = transaction.recipient_replies;
    ASSERT_EQ(replies.size(), 4u);
    EXPECT_EQ(&*replies[0], &*replies[1]);
    EXPECT_EQ(replies[2]->lines.front(), "550 no");
    EXPECT_EQ(replies[3]->lines.front(), "250 ok");
}

}  // namespace
}  // namespace mailsend::smtp
