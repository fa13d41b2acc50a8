#include "batch_bench.hpp"

namespace {

using test::BatchBench;
using test::BatchLeft;
using test::json;
using testing::HasSubstr;
using testing::Not;

using SendBatch = BatchBench;
using SendBatchAgain = BatchBench;
using SendBatchEnds = BatchBench;

TEST_F(SendBatch, SendsARowToEachOfItsRecipientsWithItsOwnValues) {
    serve();
    input["payload"] = {{"company", "Example"}};
    input["message"]["text"] = "Dear {{name}} of {{company}}";
    const BatchLeft left = run(rows_to(40));
    EXPECT_EQ(left.status, WFC_OK);
    EXPECT_EQ(left.document["outcome"], "accepted") << left.document;
    EXPECT_EQ(left.count("total"), 40);
    EXPECT_EQ(left.count("accepted"), 40);
    EXPECT_EQ(left.rows.size(), 40u);
    EXPECT_EQ(left.rows.at(7)["accepted"], json({"user7@example.test"}));
    EXPECT_EQ(left.rows.at(7)["reply"]["code"], 250);
    EXPECT_EQ(arrived().size(), 40u);
    EXPECT_THAT(messages(), HasSubstr("Dear User 7 of Example"));
}

TEST_F(SendBatch, LetsARowsValueBeatThatOfTheBatch) {
    serve();
    input["payload"] = {{"name", "everybody"}};
    run(R"({"to":"a@example.test"})"
        "\n"
        R"({"to":"b@example.test","payload":{"name":"Bob"}})");
    EXPECT_THAT(messages(), HasSubstr("Dear everybody"));
    EXPECT_THAT(messages(), HasSubstr("Dear Bob"));
}

TEST_F(SendBatch, MakesEachBadRowAResultOfItsOwn) {
    serve("rcpt <refused@example.test> reply 550 5.1.1 No such user\n");
    const BatchLeft left =
        run("{\"to\": \"broken\n"
            "\n"
            R"({"to":"nobody","payload":{"name":"x"}})"
            "\n"
            R"({"to":"a@example.test"})"
            "\n" +
            std::string((1 << 20) + 1, 'x') + "\n" +
            R"({"to":"refused@example.test","payload":{"name":"x"}})"
            "\n[1]\n" +
            rows_to(8, 8));
    EXPECT_EQ(left.status, WFC_OK);
    EXPECT_EQ(left.document["outcome"], "partial");
    EXPECT_EQ(left.count("total"), 7);
    EXPECT_EQ(left.count("invalid"), 5);
    EXPECT_EQ(left.count("rejected"), 1);
    EXPECT_EQ(left.count("accepted"), 1);
    EXPECT_THAT(left.rows.at(1)["error"]["message"].get<std::string>(), HasSubstr("not valid JSON"));
    EXPECT_EQ(left.rows.at(3)["error"]["pointer"], "/to");
    EXPECT_EQ(left.rows.at(4)["error"]["pointer"], "/payload/name");
    EXPECT_THAT(left.rows.at(5)["error"]["message"].get<std::string>(), HasSubstr("longer than 1 MiB"));
    EXPECT_EQ(left.rows.at(6)["rejected"][0]["error"]["smtp"]["enhanced"], "5.1.1");
    EXPECT_EQ(left.rows.at(7)["outcome"], "invalid");
    EXPECT_EQ(left.rows.at(8)["outcome"], "accepted");
    EXPECT_FALSE(left.rows.at(6)["error"].contains("explanation"));
    for (const json& trouble : left.document["batch"]["troubles"])
        EXPECT_TRUE(trouble["error"].contains("explanation"));
    EXPECT_EQ(left.document["batch"]["first_rows"].size(), 6u);
}

TEST_F(SendBatch, OpensBlobsAndFilesForItsRows) {
    serve();
    input["message"]["attachments"] = json::array({{{"blob", "terms"}, {"name", "terms.txt"}}});
    host.file("1.txt", {.bytes = "the file of row 1"});
    std::string rows = R"({"to":"a@example.test","payload":{"name":"A"}})";
    rows += "\n" + json{{"to", "b@example.test"},
                        {"payload", {{"name", "B"}}},
                        {"attachments", {{{"path", "1.txt"}, {"type", "text/plain"}}}}}
                       .dump();
    const BatchLeft left =
        run(rows, [](wfc::testhost::TestCall& call) { call.blob("terms", {.bytes = "the terms of all"}); });
    EXPECT_EQ(left.document["outcome"], "accepted") << left.document;
    EXPECT_THAT(messages(), HasSubstr("filename=terms.txt"));
    EXPECT_THAT(messages(), HasSubstr("filename=1.txt"));
}

TEST_F(SendBatch, ReadsRecipientsFromAFileToo) {
    serve();
    input["recipients"] = {{"path", "rows.jsonl"}};
    host.file("rows.jsonl", {.bytes = rows_to(3)});
    EXPECT_EQ(run({}).count("accepted"), 3);
    input["recipients"] = {{"path", "missing.jsonl"}};
    const auto problem = test::problem_of([&] { run({}); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/recipients/path");
}

TEST_F(SendBatch, IsAcceptedWithoutAnyRow) {
    serve();
    const BatchLeft left = run("\n\n");
    EXPECT_EQ(left.status, WFC_OK);
    EXPECT_EQ(left.document["outcome"], "accepted");
    EXPECT_EQ(left.count("total"), 0);
}

TEST_F(SendBatch, TellsHowFarItIs) {
    serve();
    const BatchLeft left = run(rows_to(5));
    const json last = json::parse(left.progress.back());
    EXPECT_EQ(last["done"], 5);
    EXPECT_EQ(last["failed"], 0);
    EXPECT_GT(last["rate"].get<double>(), 0);
}

TEST_F(SendBatch, GoesOnWhereTheHostTakesNoResults) {
    serve();
    const BatchLeft left = run(rows_to(3), [](wfc::testhost::TestCall& call) { call.refuse_emitting(); });
    EXPECT_EQ(left.document["outcome"], "accepted");
    EXPECT_FALSE(left.document["batch"].contains("results"));
}

TEST_F(SendBatchAgain, SendsNothingTwice) {
    serve();
    EXPECT_EQ(run(rows_to(20)).count("accepted"), 20);
    const BatchLeft again = run(rows_to(20), [](wfc::testhost::TestCall& call) { call.id("another"); });
    EXPECT_EQ(again.count("already_sent"), 20);
    EXPECT_EQ(again.document["outcome"], "accepted");
    EXPECT_EQ(again.rows.at(3)["duplicate"], true);
    EXPECT_EQ(arrived().size(), 20u);
}

TEST_F(SendBatchAgain, SendsOnlyWhatIsNewWhereTheListHasGrownAndIsInAnotherOrder) {
    serve();
    run(rows_to(5));
    std::string rows = rows_to(6, 7) + R"({"payload":{"name":"User 3"}, "to" : "user3@example.test"})";
    const BatchLeft again = run(rows);
    EXPECT_EQ(again.count("accepted"), 2);
    EXPECT_EQ(again.count("already_sent"), 1);
    EXPECT_EQ(arrived().size(), 7u);
}

TEST_F(SendBatchAgain, SendsTheSameRowOnceAlsoWithinAList) {
    serve();
    const BatchLeft left = run(rows_to(1) + rows_to(1));
    EXPECT_EQ(left.count("accepted") + left.count("already_sent"), 2);
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(SendBatchAgain, SendsAgainWithAnotherKeyAndRefusesAnotherMessageUnderTheSame) {
    serve();
    run(rows_to(2));
    input["idempotency_key"] = "another";
    EXPECT_EQ(run(rows_to(2)).count("accepted"), 2);
    input["message"]["text"] = "Something else, {{name}}";
    const BatchLeft changed = run(rows_to(2));
    EXPECT_EQ(changed.count("invalid"), 2);
    EXPECT_EQ(changed.rows.at(1)["error"]["id"], "ledger.key_reused");
    EXPECT_EQ(arrived().size(), 4u);
}

TEST_F(SendBatchAgain, KnowsARowByItsOwnKeyAlsoWithoutOneOfTheBatch) {
    serve();
    input.erase("idempotency_key");
    const std::string row = R"({"to":"a@example.test","payload":{"name":"A"},"idempotency_key":"invoice-7"})";
    EXPECT_EQ(run(row).rows.at(1)["idempotency_key"], "invoice-7");
    const BatchLeft again = run(row, [](wfc::testhost::TestCall& call) { call.id("another"); });
    EXPECT_EQ(again.count("already_sent"), 1);
}

TEST_F(SendBatchEnds, AfterOneTryWhereTheServerRefusesToSignIn) {
    serve("auth reply 535 5.7.8 Authentication failed\n");
    settings["auth"] = {{"method", "password"},
                        {"username", "alice"},
                        {"password", {{"$secret", "p"}}},
                        {"allow_cleartext", true}};
    const BatchLeft left = run(rows_to(200));
    EXPECT_EQ(left.status, WFC_FAILED);
    EXPECT_EQ(left.document["outcome"], "failed");
    EXPECT_EQ(left.document["error"]["stage"], "auth");
    EXPECT_EQ(left.count("failed"), 1);
    EXPECT_EQ(left.count("not_attempted"), 199);
    EXPECT_EQ(left.count("total"), 200);
    EXPECT_EQ(left.document["batch"]["first_rows"][0]["row"], 1);
}

TEST_F(SendBatchEnds, WhereNobodyListens) {
    serve();
    server->stop();
    const BatchLeft left = run(rows_to(50));
    EXPECT_EQ(left.document["outcome"], "failed");
    EXPECT_EQ(left.count("failed") + left.count("not_attempted"), 50);
    EXPECT_LE(left.count("failed"), 3);
}

TEST_F(SendBatchEnds, AtASecretThatTheHostLacks) {
    serve();
    settings["auth"] = {{"method", "password"},
                        {"username", "alice"},
                        {"password", {{"$secret", "missing"}}},
                        {"allow_cleartext", true}};
    const BatchLeft left = run(rows_to(5));
    EXPECT_EQ(left.status, WFC_INVALID_SETTINGS);
    EXPECT_EQ(left.document["error"]["id"], "secret.missing");
    EXPECT_EQ(left.count("not_attempted"), 4);
}

TEST_F(SendBatchEnds, AtAnAttachmentOfAllRowsThatIsNotThere) {
    serve();
    input["message"]["attachments"] = json::array({{{"path", "missing.pdf"}}});
    const BatchLeft left = run(rows_to(5));
    EXPECT_EQ(left.status, WFC_INVALID_INPUT);
    EXPECT_EQ(left.document["error"]["pointer"], "/message/attachments/0/path");
    EXPECT_EQ(left.count("not_attempted"), 4);
}

TEST_F(SendBatchEnds, WhenTheHostCancelsAndCanBeTakenUpAgain) {
    serve("dot delay 50ms\n");
    const BatchLeft left = run(rows_to(400), [&](wfc::testhost::TestCall& call) {
        host.on_event([&call](const wfc::testhost::LogEvent& event) {
            if (event.id == "send.finished") call.cancel();
        });
    });
    host.on_event([](const auto&) {});
    EXPECT_EQ(left.status, WFC_CANCELLED);
    EXPECT_EQ(left.document["outcome"], "cancelled");
    EXPECT_EQ(left.document["error"]["id"], "cancelled");
    EXPECT_GT(left.count("not_attempted"), 0);
    serve();
    input["on_unknown"] = "report";
    const BatchLeft again = run(rows_to(400));
    EXPECT_EQ(again.count("accepted") + again.count("already_sent") + again.count("unknown"), 400);
    const auto all = arrived();
    for (const std::string& address : all) EXPECT_EQ(all.count(address), 1u) << address;
}

TEST_F(SendBatchEnds, AtItsDeadlineAndKeepsWhatWasDone) {
    serve("dot #1 delay 100ms\n");
    const BatchLeft left =
        run(rows_to(2'000), [&](wfc::testhost::TestCall& call) { call.deadline_ms(host.now_ms() + 700); });
    EXPECT_EQ(left.status, WFC_OK);
    EXPECT_EQ(left.document["outcome"], "partial") << left.document;
    EXPECT_EQ(left.document["error"]["id"], "deadline.passed");
    EXPECT_GT(left.count("accepted"), 0);
    EXPECT_EQ(left.document["batch"]["read_to_end"], false);
}

TEST_F(SendBatchEnds, AtItsDeadlineAlsoWhereRowsWaitForAConnectionUntilThen) {
    serve("dot #2 delay 10s\n");
    settings["delivery"]["max_connections"] = 1;
    const BatchLeft left =
        run(rows_to(100), [&](wfc::testhost::TestCall& call) { call.deadline_ms(host.now_ms() + 3'000); });
    EXPECT_EQ(left.document["error"]["id"], "deadline.passed") << left.document;
    EXPECT_EQ(left.count("accepted"), 1);
}

TEST_F(SendBatchEnds, WhereItsResultsCannotBeWritten) {
    serve();
    const BatchLeft left =
        run(rows_to(2'000), [](wfc::testhost::TestCall& call) { call.emit_fails_at(40'000); });
    EXPECT_EQ(left.document["error"]["id"], "host.files");
    EXPECT_LT(left.count("accepted"), 2'000);
}

TEST_F(SendBatchEnds, WhereItsRecipientsCannotBeReadOn) {
    serve();
    const std::string rows = rows_to(10);
    const BatchLeft left = run({}, [&](wfc::testhost::TestCall& call) {
        call.blob("rows", {.bytes = rows, .chunk = 100, .fail_at = 300});
    });
    EXPECT_EQ(left.document["error"]["pointer"], "/recipients");
    EXPECT_EQ(left.document["batch"]["read_to_end"], false);
}

}  // namespace
