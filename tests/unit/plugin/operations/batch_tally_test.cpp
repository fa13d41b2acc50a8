#include "operations/batch_tally.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"

namespace mailsend {
namespace {

RowResult row(RowFate fate, std::uint64_t number = 1) {
    RowResult out{number, 10, fate};
    if (fate != RowFate::not_attempted)
        out.text = R"({"row":)" + std::to_string(number) + R"(,"outcome":"x"})";
    return out;
}

RowResult row(RowFate fate, Facts facts, std::uint64_t number = 1) {
    RowResult out = row(fate, number);
    out.error = explained(std::move(facts), Reader(Language::en));
    return out;
}

Facts refusal(Stage stage, const char* line) {
    Facts facts;
    facts.stage = stage;
    facts.reply = Reply{static_cast<int>(std::strtol(line, nullptr, 10)), {line}};
    return facts;
}

Facts condition(Stage stage, const char* id) {
    return Failure(stage, id, "a sentence").facts();
}

BatchTally tally_of(std::initializer_list<RowFate> fates) {
    BatchTally tally;
    for (const RowFate fate : fates) tally.add(row(fate));
    return tally;
}

TEST(TallyOfABatch, IsAcceptedWhenEveryRowIsNowOrWasBefore) {
    EXPECT_EQ(tally_of({}).verdict(), Verdict::accepted);
    EXPECT_EQ(tally_of({RowFate::accepted, RowFate::already_sent}).verdict(), Verdict::accepted);
}

TEST(TallyOfABatch, IsPartialWhenSomebodyHasGotAMessage) {
    EXPECT_EQ(tally_of({RowFate::accepted, RowFate::invalid}).verdict(), Verdict::partial);
    EXPECT_EQ(tally_of({RowFate::partial}).verdict(), Verdict::partial);
    EXPECT_EQ(tally_of({RowFate::already_sent, RowFate::unknown}).verdict(), Verdict::partial);
}

TEST(TallyOfABatch, SaysOtherwiseWhatMostConcernsItsRows) {
    EXPECT_EQ(tally_of({RowFate::rejected, RowFate::unknown, RowFate::failed}).verdict(), Verdict::unknown);
    EXPECT_EQ(tally_of({RowFate::rejected, RowFate::invalid}).verdict(), Verdict::rejected);
    EXPECT_EQ(tally_of({RowFate::invalid}).verdict(), Verdict::failed);
}

TEST(TallyOfABatch, EndsAtOnceWhereNoOtherRowCouldDoBetter) {
    BatchTally signed_out;
    signed_out.add(row(RowFate::failed, refusal(Stage::auth, "535 5.7.8 Authentication failed")));
    EXPECT_TRUE(signed_out.ended_by());

    BatchTally limited;
    limited.add(row(RowFate::accepted));
    limited.add(row(RowFate::failed, condition(Stage::mail, "limit.messages_per_day")));
    EXPECT_TRUE(limited.ended_by());
    EXPECT_EQ(limited.verdict(), Verdict::partial);

    BatchTally of_all;
    RowResult missing = row(RowFate::failed, condition(Stage::input, "input.invalid"));
    missing.for_all = true;
    of_all.add(std::move(missing));
    EXPECT_TRUE(of_all.ended_by());
}

TEST(TallyOfABatch, EndsWhenNoServerCanBeReachedForSeveralRowsInTurn) {
    BatchTally tally;
    unsigned rows = 0;
    for (; !tally.ended_by() && rows < 100; ++rows) {
        tally.add(row(RowFate::failed, condition(Stage::connect, "conn.timeout")));
    }
    EXPECT_LE(rows, BatchTally::most_in_turn);

    BatchTally between;
    for (int i = 0; i < 10; ++i) {
        between.add(row(RowFate::failed, refusal(Stage::mail, "451 4.3.0 Try later")));
        between.add(row(RowFate::accepted));
    }
    EXPECT_FALSE(between.ended_by());
}

TEST(TallyOfABatch, GoesOnWhenRowsAreRefusedForThemselves) {
    BatchTally tally;
    for (int i = 0; i < 10; ++i) {
        tally.add(row(RowFate::rejected, refusal(Stage::rcpt, "550 5.1.1 No such user")));
        tally.add(row(RowFate::invalid, condition(Stage::input, "input.invalid")));
        tally.add(row(RowFate::failed, condition(Stage::host, "deadline.passed")));
    }
    EXPECT_FALSE(tally.ended_by());
}

TEST(TallyOfABatch, TellsEachTroubleOnceWithTheNumberOfItsRowsAndTheFirst) {
    BatchTally tally;
    tally.add(row(RowFate::rejected, refusal(Stage::rcpt, "550 5.1.1 No such user"), 9));
    tally.add(row(RowFate::rejected, refusal(Stage::rcpt, "550 5.1.1 Nobody here"), 4));
    tally.add(row(RowFate::invalid, Failure(Stage::input, "input.invalid", "wrong").at("/to").facts(), 5));
    tally.add(row(RowFate::invalid, Failure(Stage::input, "input.invalid", "wrong").at("/cc").facts(), 6));
    const auto document = tally.document();
    ASSERT_EQ(document["troubles"].size(), 3u);
    EXPECT_EQ(document["troubles"][0]["rows"], 2);
    EXPECT_EQ(document["troubles"][0]["first_row"], 4);
    EXPECT_FALSE(document["troubles"][0]["error"]["explanation"]["title"].get<std::string>().empty());
    EXPECT_EQ(document["troubles"][1]["error"]["pointer"], "/to");
}

TEST(TallyOfABatch, StaysSmallWhateverTheNumberOfRowsAndTroubles) {
    BatchTally tally;
    for (std::uint64_t i = 1; i <= 1000; ++i) {
        RowResult one =
            row(RowFate::invalid,
                Failure(Stage::input, "input.invalid", "wrong").at("/" + std::to_string(i)).facts(), i);
        one.warnings = {"warning " + std::to_string(i)};
        tally.add(std::move(one));
    }
    const auto document = tally.document();
    EXPECT_EQ(document["troubles"].size(), BatchTally::most_troubles);
    EXPECT_EQ(document["other_troubles"], 1000 - BatchTally::most_troubles);
    EXPECT_EQ(document["first_rows"].size(), BatchTally::most_first_rows);
    EXPECT_EQ(document["first_rows"][0]["row"], 1);
    EXPECT_EQ(tally.warnings().size(), BatchTally::most_warnings);
    EXPECT_EQ(document["total"], 1000);
    EXPECT_EQ(document["invalid"], 1000);
}

}  // namespace
}  // namespace mailsend
