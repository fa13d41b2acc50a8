// Templates of an account as a sign-in service keeps them, by usage and by type of content, sent through the
// loaded component to a server and read back.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>

#include "inbox/inbox.hpp"
#include "support/loaded_mail_send.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// One usage of the four that such a service needs, and what it says with the code 123456 in it.
struct Usage {
    const char* name;
    const char* subject;
    const char* content;
    const char* filled;
};

constexpr Usage usages[] = {
    {"Register", "Welcome", "Finish signing up with {{code}}.", "Finish signing up with 123456."},
    {"SignIn", "Your sign-in code", "Sign in with {{code}}.", "Sign in with 123456."},
    {"ForgotPassword", "Reset your password", "Reset it with {{code}}.", "Reset it with 123456."},
    {"Generic", "Your code", "The code is {{code}}.", "The code is 123456."},
};

json templates(const std::string& content_type) {
    json out = json::object();
    for (const Usage& usage : usages) {
        out[usage.name]["subject"] = usage.subject;
        if (content_type == "text/html") {
            out[usage.name]["html"] = "<p>" + std::string(usage.content) + "</p>";
        } else {
            out[usage.name]["text"] = usage.content;
        }
    }
    return out;
}

class SentTemplates : public ::testing::Test {
  protected:
    SentTemplates() {
        inbox::Options options;
        options.store = scratch.path();
        server.emplace(std::move(options));
    }

    void configure(const json& more) {
        json settings = test::LoadedMailSend::in_clear(server->port());
        settings.update(more);
        mail_send.configure(settings);
    }

    json send(const json& input, wfc_status expected) {
        wfc::testhost::TestCall call("send", input.dump());
        call.id("call-" + std::to_string(++calls));
        EXPECT_EQ(mail_send.component.invoke(*call.table()), expected) << call.result();
        return json::parse(call.result());
    }

    /// What has arrived since the last time.
    std::vector<std::string> arrived() {
        std::vector<std::string> messages;
        for (const auto& entry : fs::directory_iterator(scratch.path())) {
            if (entry.path().extension() != ".eml") continue;
            std::ifstream file(entry.path(), std::ios::binary);
            messages.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
            fs::remove(entry.path());
        }
        return messages;
    }

    std::string only_message() {
        const auto messages = arrived();
        EXPECT_EQ(messages.size(), 1u);
        return messages.empty() ? "" : messages.front();
    }

    wfc::test::Scratch scratch;  // outlives the server
    std::optional<inbox::Inbox> server;
    test::LoadedMailSend mail_send;
    int calls = 0;
};

TEST_F(SentTemplates, OfEveryUsageArriveWithTheirCodeAsTextAndAsHtml) {
    for (const std::string content_type : {"text/plain", "text/html"}) {
        configure({{"templates", templates(content_type)}});
        for (const Usage& usage : usages) {
            SCOPED_TRACE(usage.name + (" as " + content_type));
            send({{"to", "bob@example.test"}, {"template", usage.name}, {"payload", {{"code", "123456"}}}},
                 WFC_OK);
            const std::string message = only_message();
            EXPECT_THAT(message, HasSubstr("Subject: " + std::string(usage.subject) + "\r\n"));
            EXPECT_THAT(message, HasSubstr("Content-Type: " + content_type));
            EXPECT_THAT(message, HasSubstr(usage.filled));
            EXPECT_THAT(message, Not(HasSubstr("{{")));
            EXPECT_THAT(message, Not(HasSubstr("multipart")));
        }
    }
}

TEST_F(SentTemplates, OfAnUnknownNameAreTheGenericOne) {
    configure({{"templates", templates("text/plain")}});
    send({{"to", "bob@example.test"}, {"template", "MfaVerification"}, {"payload", {{"code", 7}}}}, WFC_OK);
    const std::string message = only_message();
    EXPECT_THAT(message, HasSubstr("Subject: Your code\r\n"));
    EXPECT_THAT(message, HasSubstr("The code is 7."));
}

TEST_F(SentTemplates, AreNotSentWithoutTheirCodeNorWithALineBreakInAHeader) {
    json own = templates("text/plain");
    own["SignIn"]["subject"] = "Code {{code}}";
    configure({{"templates", own}});
    json document = send({{"to", "bob@example.test"}, {"template", "SignIn"}, {"payload", {{"cod", "1"}}}},
                         WFC_INVALID_INPUT);
    EXPECT_EQ(document["error"]["pointer"], "/payload/code") << document.dump(1);
    EXPECT_THAT(document["error"]["message"].get<std::string>(), HasSubstr("/templates/SignIn/"));
    document = send({{"to", "bob@example.test"},
                     {"template", "SignIn"},
                     {"payload", {{"code", "1\r\nBcc: eve@example.test"}}}},
                    WFC_INVALID_INPUT);
    EXPECT_EQ(document["error"]["pointer"], "/subject") << document.dump(1);
    server->stop();
    EXPECT_THAT(arrived(), IsEmpty());
}

TEST_F(SentTemplates, TakeValuesAsDataInEveryPart) {
    configure({{"templates", {{"T", {{"text", "text {{v}}"}, {"html", "<p>{{v}}</p>"}}}}},
               {"message", {{"subject", "about {{v}}"}}}});
    send({{"to", "bob@example.test"}, {"template", "T"}, {"payload", {{"v", "{{> v}}<b>"}}}}, WFC_OK);
    const std::string message = only_message();
    EXPECT_THAT(message, HasSubstr("Subject: about {{> v}}<b>\r\n"));
    EXPECT_THAT(message, HasSubstr("text {{> v}}<b>"));
    EXPECT_THAT(message, HasSubstr("<p>{{&gt; v}}&lt;b&gt;</p>"));
}

TEST_F(SentTemplates, MayBeTheInputIfItSaysSoAndOnlyThen) {
    configure(json::object());
    json input = {{"to", "{{who}}@example.test"},
                  {"subject", "for {{who}}"},
                  {"text", "x"},
                  {"payload", {{"who", "bob"}}},
                  {"render", true}};
    const json document = send(input, WFC_OK);
    EXPECT_EQ(document["accepted"], json({"bob@example.test"}));
    EXPECT_THAT(only_message(), HasSubstr("Subject: for bob\r\n"));
    input.erase("render");
    input["to"] = "bob@example.test";
    send(input, WFC_OK);
    EXPECT_THAT(only_message(), HasSubstr("Subject: for {{who}}\r\n"));
}

TEST_F(SentTemplates, ThatAreFaultyAreRefusedWithTheSettings) {
    json settings = test::LoadedMailSend::in_clear(server->port());
    settings["templates"] = {{"SignIn", {{"text", "{{> footer}}"}}}};
    std::string problem;
    EXPECT_EQ(mail_send.component.configure(settings.dump(), problem), WFC_INVALID_SETTINGS);
    EXPECT_EQ(json::parse(problem)["error"]["pointer"], "/templates/SignIn/text") << problem;
}

TEST_F(SentTemplates, AreNamedWhenAFileOfTheirsIsMissing) {
    configure(
        {{"templates",
          {{"Fixed", {{"text", "x"}, {"attachments", {{{"path", "terms.pdf"}, {"name", "{{n}}.pdf"}}}}}},
           {"Chosen", {{"text", "x"}, {"attachments", {{{"path", "{{n}}.pdf"}}}}}}}}});
    json input = {{"to", "bob@example.test"}, {"template", "Fixed"}, {"payload", {{"n", "7"}}}};
    const json fixed = send(input, WFC_INVALID_SETTINGS);
    EXPECT_EQ(fixed["error"]["pointer"], "/templates/Fixed/attachments/0/path") << fixed.dump(1);
    input["template"] = "Chosen";
    const json chosen = send(input, WFC_INVALID_INPUT);
    EXPECT_EQ(chosen["error"]["pointer"], "/attachments/0/path") << chosen.dump(1);
    EXPECT_THAT(chosen["error"]["message"].get<std::string>(),
                HasSubstr("\"7.pdf\" (rendered from /templates/Chosen/attachments/0)"));
    server->stop();
    EXPECT_THAT(arrived(), IsEmpty());
}

TEST_F(SentTemplates, SendToEveryoneInAListOfThePayload) {
    configure({{"message", {{"subject", "s"}, {"text", "t"}, {"to", "{{people}}"}}}});
    const json list =
        send({{"payload", {{"people", {"b@example.test", {{"address", "c@example.test"}}}}}}}, WFC_OK);
    EXPECT_EQ(list["accepted"], json({"b@example.test", "c@example.test"}));
    const json text =
        send({{"payload", {{"people", "b@example.test, eve@example.test"}}}}, WFC_INVALID_INPUT);
    EXPECT_EQ(text["error"]["pointer"], "/to");
}

}  // namespace
