// The transcript of a send: what the log holds at each level, and what it never holds.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

#include "inbox/inbox.hpp"
#include "support/loaded_mail_send.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* password = "canary-password-71c0";
constexpr const char* body = "canary-body-93be";

class TheTranscript : public ::testing::Test {
  protected:
    /// A send to two recipients at `level`; the result document.
    nlohmann::json send(std::int32_t level, const std::string& script, bool hide_addresses = false) {
        inbox::Options options;
        options.store = scratch / "mail";
        options.script = scratch / "script";
        std::ofstream(options.script) << script;
        server.emplace(std::move(options));
        mail_send.host.log_level(level);
        mail_send.host.file("ca.pem", {.bytes = server->ca_pem()});
        mail_send.host.secret("alice", password);
        nlohmann::json settings = test::LoadedMailSend::in_clear(server->port());
        settings["server"]["host"] = "localhost";
        settings["server"]["security"] = "starttls";
        settings["tls"]["ca_file"] = "ca.pem";
        settings["auth"] = {{"method", "password"},
                            {"username", "alice@example.test"},
                            {"password", {{"$secret", "alice"}}},
                            {"mechanism", "PLAIN"}};
        settings["privacy"]["hide_addresses"] = hide_addresses;
        settings["delivery"]["chunking"] = "off";
        mail_send.configure(settings);
        wfc::testhost::TestCall call(
            "send",
            nlohmann::json{
                {"to", {"bob@example.test", "carol@example.test"}}, {"subject", "Test"}, {"text", body}}
                .dump());
        mail_send.component.invoke(*call.table());
        return nlohmann::json::parse(call.result());
    }

    /// Events as "smtp.command {…}".
    std::vector<std::string> events() const {
        std::vector<std::string> out;
        for (const auto& event : mail_send.host.events()) out.push_back(event.id + " " + event.fields);
        return out;
    }

    std::vector<std::string> dialogue() const {
        std::vector<std::string> out;
        for (std::string& event : events()) {
            if (event.starts_with("smtp.") || event.starts_with("net.") || event.starts_with("tls."))
                out.push_back(std::move(event));
        }
        return out;
    }

    wfc::test::Scratch scratch;  // outlives the server
    std::optional<inbox::Inbox> server;
    test::LoadedMailSend mail_send;
};

/// AUTH PLAIN as it goes over the wire: base64 of NUL alice@example.test NUL password.
constexpr const char* encoded = "AGFsaWNlQGV4YW1wbGUudGVzdABjYW5hcnktcGFzc3dvcmQtNzFjMA==";

TEST_F(TheTranscript, TellsTheWholeDialogueAtTraceLevel) {
    EXPECT_EQ(send(0, "")["outcome"], "accepted");
    const std::vector<std::string> told = dialogue();
    for (const char* part :
         {R"(net.connected {"stage":"connect","address":")", R"(smtp.reply {"stage":"greeting","line":"220 )",
          R"(smtp.command {"stage":"ehlo","line":"EHLO )",
          R"(smtp.command {"stage":"starttls","line":"STARTTLS"})",
          R"(tls.established {"stage":"tls","version":"TLSv1.3")",
          R"(smtp.command {"stage":"auth","line":"AUTH PLAIN ****"})",
          R"(smtp.command {"stage":"mail","line":"MAIL FROM:<alice@example.test>)",
          R"(smtp.command {"stage":"rcpt","line":"RCPT TO:<bob@example.test>"})",
          R"(smtp.command {"stage":"data","line":"DATA"})", R"(smtp.reply {"stage":"dot","line":"250 )"}) {
        EXPECT_THAT(told, Contains(HasSubstr(part)));
    }
}

TEST_F(TheTranscript, IsSilentAboveTraceLevel) {
    send(1, "");
    EXPECT_THAT(dialogue(), IsEmpty());
}

TEST_F(TheTranscript, HoldsNeitherPasswordNorContentAtAnyLevel) {
    for (const std::int32_t level : {0, 1, 2, 3, 4}) {
        // The server repeats what it was told; its words are in the result, too.
        const nlohmann::json document = send(level, std::string("rcpt reply 550 5.5.1 after AUTH PLAIN ") +
                                                        encoded + " comes " + password + "\n");
        const auto clean = AllOf(Not(HasSubstr(password)), Not(HasSubstr(encoded)), Not(HasSubstr(body)));
        EXPECT_THAT(events(), Each(clean));
        const nlohmann::json& line = document["error"]["smtp"]["lines"][0];
        EXPECT_THAT(line.get<std::string>(),
                    AllOf(HasSubstr("550 5.5.1 after AUTH PLAIN ****"), Not(HasSubstr(encoded))));
    }
}

TEST_F(TheTranscript, IsNoReasonToQuoteAPasswordThatTheServerAcceptsWith) {
    const nlohmann::json document = send(4, std::string("rcpt reply 250 2.1.5 ok ") + password +
                                                "\ndot reply 250 2.0.0 queued " + encoded + " " + password);
    EXPECT_EQ(document["outcome"], "accepted");
    EXPECT_THAT(document.dump(),
                AllOf(HasSubstr("queued ****"), Not(HasSubstr(password)), Not(HasSubstr(encoded))));
}

TEST_F(TheTranscript, ShowsNobodyElseWhereTheSettingsAskForIt) {
    const std::string script =
        "rcpt reply 550 5.1.1 <dave@example.test>: no such user, says postmaster@mail.example.test\n";
    const nlohmann::json document = send(0, script, true);
    const std::string said = document["error"].dump() + document["rejected"][0]["error"].dump();
    EXPECT_THAT(said, AllOf(HasSubstr("<****@example.test>: no such user, says ****@mail.example.test"),
                            Not(HasSubstr("dave@")), Not(HasSubstr("postmaster@"))));
    // What the flow needs stays.
    EXPECT_EQ(document["rejected"][0]["recipient"], "bob@example.test");
    const std::vector<std::string> told = dialogue();
    EXPECT_THAT(told, Contains(HasSubstr("MAIL FROM:<alice@example.test>")));
    EXPECT_THAT(told, Contains(HasSubstr("RCPT TO:<****@example.test>")));
    EXPECT_THAT(events(),
                Each(AllOf(Not(HasSubstr("bob@")), Not(HasSubstr("carol@")), Not(HasSubstr("dave@")))));
}

TEST_F(TheTranscript, ShowsAddressesOtherwise) {
    const nlohmann::json document = send(0, "rcpt reply 550 5.1.1 <dave@example.test>: no such user\n");
    EXPECT_THAT(document["error"]["message"].get<std::string>(), HasSubstr("<dave@example.test>"));
}

}  // namespace
