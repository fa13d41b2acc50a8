#include <gmock/gmock.h>

#include "message/message.hpp"
#include "outcome/failure.hpp"
#include "ready_call.hpp"

namespace {

using mailsend::preview;
using test::ReadyCall;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string input =
    R"({"to":"bob@example.test","bcc":"carol@example.test","subject":"Report","text":"Hello","attachments":[{"blob":"b"}]})";

TEST(Preview, GivesTheMessageAsABlobAndAsksForNoSecretAndNoConnection) {
    ReadyCall ready("preview", input);
    ready.call.blob("b", {.bytes = "1234"});
    EXPECT_EQ(ready.run(preview), WFC_OK);
    const auto blobs = ready.call.emitted();
    ASSERT_EQ(blobs.size(), 1u);
    EXPECT_EQ(blobs[0].name, "message.eml");
    EXPECT_EQ(blobs[0].media_type, "message/rfc822");
    EXPECT_EQ(ready.document["preview"]["size"], blobs[0].content.size());
    EXPECT_EQ(ready.document["preview"]["envelope"]["to"],
              nlohmann::json({"bob@example.test", "carol@example.test"}));
    EXPECT_THAT(blobs[0].content, HasSubstr("Subject: Report\r\n"));
    EXPECT_THAT(blobs[0].content, Not(HasSubstr("carol")));
    EXPECT_THAT(ready.host.secrets_asked(), IsEmpty());
    EXPECT_THAT(ready.host.egress_asked(), IsEmpty());
}

TEST(Preview, IsTheSameForTheSameCallIdAndTellsNothingAboutIt) {
    std::vector<std::string> contents;
    for (const char* id : {"order-4711", "order-4711", "order-4712"}) {
        ReadyCall ready("preview", input);
        ready.call.blob("b", {.bytes = "1234"});
        ready.call.id(id);
        ready.run(preview);
        contents.push_back(ready.call.emitted().at(0).content);
        EXPECT_THAT(contents.back(), Not(HasSubstr("order-471")));
    }
    EXPECT_EQ(contents[0], contents[1]);
    EXPECT_NE(contents[0], contents[2]);
}

TEST(Preview, NamesTheBlobAndTheFileThatAreNotThere) {
    ReadyCall blob("preview", input);
    auto problem = test::problem_of([&] { blob.run(preview); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->status(), WFC_INVALID_INPUT);
    EXPECT_EQ(problem->pointer(), "/attachments/0/blob");

    const std::pair<wfc_status, const char*> answers[] = {{WFC_NOT_FOUND, "was not found"},
                                                          {WFC_DENIED, "may not be opened"},
                                                          {WFC_UNAVAILABLE, "could not be opened"}};
    for (const auto& [status, words] : answers) {
        ReadyCall file("preview", R"({"to":"bob@example.test","text":"x","attachments":[{"path":"a.pdf"}]})");
        file.host.file_status("a.pdf", status);
        problem = test::problem_of([&] { file.run(preview); });
        ASSERT_TRUE(problem);
        EXPECT_EQ(problem->pointer(), "/attachments/0/path");
        EXPECT_THAT(problem->what(), HasSubstr(words));
    }
}

TEST(Preview, EndsWhenTheHostTakesNoMoreBytes) {
    ReadyCall ready("preview", input);
    ready.call.blob("b", {.bytes = std::string(1 << 16, 'x'), .repeat = 64});
    ready.call.emit_fails_at(100'000);
    EXPECT_THROW(ready.run(preview), wfc::StreamFailed);
    EXPECT_LT(ready.call.sources().bytes_read, 1u << 20);
    EXPECT_TRUE(ready.call.sources().clean());
}

TEST(Preview, EndsSoonAfterItIsCancelled) {
    ReadyCall ready("preview", input);
    ready.call.blob("b", {.bytes = std::string(1 << 16, 'x'), .repeat = 1 << 10});
    ready.call.cancel_after_polls(3);
    EXPECT_THROW(ready.run(preview), mailsend::Cancelled);
    EXPECT_LT(ready.call.sources().bytes_read, 8u << 20);
}

}  // namespace
