// One component, many threads: the manifest says "parallel", so invoke runs on all of them at once.
#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "inbox/inbox.hpp"
#include "support/loaded_mail_send.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int thread_count = 16;
constexpr int messages_each = 8;

std::size_t stored_messages(const fs::path& store) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(store))
        count += entry.path().extension() == ".eml" ? 1 : 0;
    return count;
}

class ParallelInvoke : public ::testing::Test {
  protected:
    inbox::Options storing() const {
        inbox::Options options;
        options.store = scratch.path();
        return options;
    }

    /// Sends on all threads; the number of accepted messages.
    int send_all(test::LoadedMailSend& mail_send) {
        std::atomic<int> accepted{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < thread_count; ++t) {
            threads.emplace_back([&, t] {
                for (int m = 0; m < messages_each; ++m) {
                    wfc::testhost::TestCall call("send", test::short_message());
                    call.id("call-" + std::to_string(t) + "-" + std::to_string(m));
                    if (mail_send.component.invoke(*call.table()) == WFC_OK) ++accepted;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        return accepted;
    }

    wfc::test::Scratch scratch;  // outlives the server
};

TEST_F(ParallelInvoke, SendsEveryMessageOnceInClear) {
    inbox::Inbox server(storing());
    test::LoadedMailSend mail_send;
    mail_send.configure(test::LoadedMailSend::in_clear(server.port()));
    EXPECT_EQ(send_all(mail_send), thread_count * messages_each);
    EXPECT_EQ(stored_messages(scratch.path()), static_cast<std::size_t>(thread_count * messages_each));
}

TEST_F(ParallelInvoke, SharesOneTrustAmongHandshakes) {
    inbox::Inbox server(storing());
    test::LoadedMailSend mail_send;
    mail_send.host.file("ca.pem", {.bytes = server.ca_pem()});
    mail_send.host.secret("alice", "secret");
    nlohmann::json settings = test::LoadedMailSend::in_clear(server.port());
    settings["server"]["host"] = "localhost";
    settings["server"]["security"] = "starttls";
    settings["tls"]["ca_file"] = "ca.pem";
    settings["auth"] = {{"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "alice"}}}};
    mail_send.configure(settings);
    EXPECT_EQ(send_all(mail_send), thread_count * messages_each);
    EXPECT_EQ(stored_messages(scratch.path()), static_cast<std::size_t>(thread_count * messages_each));
}

TEST_F(ParallelInvoke, CancelsOneCallWithoutTouchingTheOthers) {
    inbox::Inbox server(storing());
    test::LoadedMailSend mail_send;
    mail_send.configure(test::LoadedMailSend::in_clear(server.port()));
    std::thread cancelled([&] {
        for (int i = 0; i < messages_each; ++i) {
            wfc::testhost::TestCall call("send", test::short_message());
            call.cancel();
            EXPECT_EQ(mail_send.component.invoke(*call.table()), WFC_CANCELLED);
        }
    });
    EXPECT_EQ(send_all(mail_send), thread_count * messages_each);
    cancelled.join();
    EXPECT_EQ(stored_messages(scratch.path()), static_cast<std::size_t>(thread_count * messages_each));
}

}  // namespace
