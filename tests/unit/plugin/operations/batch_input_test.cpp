#include "operations/batch_input.hpp"

#include <gtest/gtest.h>

#include "ready_call.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

std::string refusal(const json& input) {
    const auto problem = test::problem_of([&] { parse_batch_input(input.dump()); });
    return problem ? problem->pointer() : "accepted";
}

TEST(InputOfABatch, NeedsOneSourceOfRecipients) {
    EXPECT_EQ(refusal({{"recipients", {{"blob", "rows"}}}}), "accepted");
    EXPECT_EQ(refusal({{"recipients", {{"path", "rows.jsonl"}}}}), "accepted");
    EXPECT_EQ(refusal(json::object()), "/recipients");
    EXPECT_EQ(refusal({{"recipients", json::object()}}), "/recipients");
    EXPECT_EQ(refusal({{"recipients", {{"blob", "a"}, {"path", "b"}}}}), "/recipients");
    EXPECT_EQ(refusal({{"recipients", {{"blob", ""}}}}), "/recipients/blob");
    EXPECT_EQ(refusal({{"recipients", "rows"}}), "/recipients");
}

TEST(InputOfABatch, IsRefusedWithTheMemberAtFault) {
    const json sound = {{"recipients", {{"blob", "rows"}}}};
    const auto with = [&](const char* member, json value) {
        json input = sound;
        input[member] = std::move(value);
        return refusal(input);
    };
    EXPECT_EQ(with("to", "bob@example.test"), "/to") << "recipients are rows";
    EXPECT_EQ(with("message", {{"subject", "{{"}}), "/message/subject");
    EXPECT_EQ(with("results", ""), "/results");
    EXPECT_EQ(with("idempotency_key", "a\nb"), "/idempotency_key");
    EXPECT_EQ(with("on_unknown", "again"), "/on_unknown");
    EXPECT_EQ(with("format", 2), "/format");
}

TEST(InputOfABatch, HasAResultsBlobByItself) {
    const BatchInput input = parse_batch_input(R"({"recipients":{"blob":"rows"},"payload":{"a":1}})");
    EXPECT_EQ(input.results, "results.jsonl");
    EXPECT_EQ(input.blob, "rows");
    EXPECT_EQ(input.payload["a"], 1);
    EXPECT_FALSE(input.idempotency_key);
}

}  // namespace
}  // namespace mailsend
