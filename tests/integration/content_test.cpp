// Attachments that do not keep their promise: the message must not be completed.
#include <chrono>
#include <filesystem>
#include <thread>

#include "inbox/inbox.hpp"
#include "support/loaded_mail_send.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;

class ChangingContent : public ::testing::Test {
  protected:
    ChangingContent() {
        inbox::Options options;
        options.store = scratch.path();
        options.log = [this](const std::string& line) {
            const std::lock_guard lock(mutex);
            log += line + "\n";
        };
        server.emplace(std::move(options));
        mail_send.configure(test::LoadedMailSend::in_clear(server->port()));
    }

    nlohmann::json send(wfc::testhost::Content content, wfc_status expected) {
        wfc::testhost::TestCall call(
            "send",
            R"({"to": "bob@example.test", "text": "x", "attachments": [{"blob": "b", "name": "b.bin"}]})");
        call.blob("b", std::move(content));
        EXPECT_EQ(mail_send.component.invoke(*call.table()), expected);
        return nlohmann::json::parse(call.result());
    }

    /// Once the server has stopped, nothing more can arrive.
    std::size_t stored() {
        server.reset();
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(scratch.path()))
            count += entry.path().extension() == ".eml" ? 1 : 0;
        return count;
    }

    std::mutex mutex;
    std::string log;
    wfc::test::Scratch scratch;  // outlives the server
    std::optional<inbox::Inbox> server;
    test::LoadedMailSend mail_send;
};

TEST_F(ChangingContent, StopsWhenAFileHasShrunk) {
    const auto document = send({.bytes = std::string(200'000, 'x'), .reported_size = 300'000}, WFC_FAILED);
    EXPECT_EQ(document["outcome"], "failed");
    EXPECT_EQ(document["error"]["id"], "content.size_changed");
    EXPECT_EQ(document["error"]["pointer"], "/attachments/0") << document.dump(1);
    EXPECT_EQ(stored(), 0u) << "the final dot was sent";
}

TEST_F(ChangingContent, StopsWhenAFileHasGrown) {
    const auto document = send({.bytes = std::string(300'000, 'x'), .reported_size = 200'000}, WFC_FAILED);
    EXPECT_EQ(document["error"]["id"], "content.size_changed");
    EXPECT_EQ(stored(), 0u) << "the final dot was sent";
}

TEST_F(ChangingContent, StopsWhenASourceFails) {
    const auto document = send({.bytes = std::string(300'000, 'x'), .fail_at = 150'000}, WFC_FAILED);
    EXPECT_EQ(document["outcome"], "failed");
    EXPECT_EQ(document["error"]["id"], "content.source_failed") << document.dump(1);
    EXPECT_EQ(stored(), 0u) << "the final dot was sent";
}

TEST_F(ChangingContent, SendsASourceThatDoesNotKnowItsSize) {
    const auto document =
        send({.bytes = std::string(300'000, 'x'), .chunk = 4093, .size_known = false}, WFC_OK);
    EXPECT_EQ(document["outcome"], "accepted");
    EXPECT_EQ(stored(), 1u);
}

TEST_F(ChangingContent, SendsASourceThatComesByteByByte) {
    const auto document = send({.bytes = std::string(5'000, 'x'), .chunk = 1}, WFC_OK);
    EXPECT_EQ(document["outcome"], "accepted");
    EXPECT_EQ(stored(), 1u);
}

}  // namespace
