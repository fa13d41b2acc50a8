#include <gmock/gmock.h>

#include "inbox/certificates.hpp"
#include "ready_call.hpp"

namespace {

using mailsend::validate;
using test::ReadyCall;
using testing::HasSubstr;

/// "error /tls/ca_file: The …" for each problem.
std::vector<std::string> problems(const ReadyCall& ready) {
    std::vector<std::string> out;
    for (const auto& problem : ready.document.at("problems"))
        out.push_back(problem.at("severity").get<std::string>() + " " +
                      problem.at("pointer").get<std::string>() + ": " +
                      problem.at("message").get<std::string>());
    return out;
}

TEST(Validate, FindsNothingWrongWithAnOrdinaryAccountAndConnectsToNobody) {
    ReadyCall ready("validate");
    EXPECT_EQ(ready.run(validate), WFC_OK);
    EXPECT_EQ(ready.document["outcome"], "succeeded");
    EXPECT_TRUE(ready.document["problems"].is_array());
    EXPECT_TRUE(ready.document["problems"].empty()) << ready.document;
    EXPECT_TRUE(ready.host.egress_asked().empty());
}

TEST(Validate, NamesTheSecretThatTheHostLacks) {
    ReadyCall ready("validate");
    ready.host.secret_status("p", WFC_NOT_FOUND);
    EXPECT_EQ(ready.run(validate), WFC_OK);
    EXPECT_THAT(problems(ready), testing::ElementsAre(HasSubstr("error /auth/password: ")));
}

TEST(Validate, FindsAPasswordThatSendingWouldRefuse) {
    for (const std::string& value :
         {std::string("correct horse\n"), std::string("a\rb"), std::string("a\0b", 3), std::string()}) {
        ReadyCall ready("validate");
        ready.host.secret("p", value);
        EXPECT_EQ(ready.run(validate), WFC_OK);
        EXPECT_THAT(problems(ready), testing::ElementsAre(HasSubstr("error /auth/password: ")));
        ReadyCall sent("send-test", R"({"to":"bob@example.test"})");
        sent.host.secret("p", value);
        const auto problem = test::problem_of([&] { sent.run(mailsend::send_test); });
        ASSERT_TRUE(problem);
        EXPECT_EQ(problem->status(), WFC_INVALID_SETTINGS);
        EXPECT_EQ(problem->pointer(), "/auth/password");
    }
}

TEST(Validate, NamesAClientCertificateThatTheHostLacksOrThatCannotBeShown) {
    const nlohmann::json with_certificate = {
        {"tls", {{"pin_sha256", std::string(64, 'a')}, {"client_certificate", {{"$secret", "cert"}}}}}};
    ReadyCall lacking("validate");
    EXPECT_EQ(lacking.with(with_certificate).run(validate), WFC_OK);
    EXPECT_THAT(problems(lacking), testing::ElementsAre(HasSubstr("error /tls/client_certificate: ")));
    for (const char* language : {"en", "ja"}) {
        ReadyCall broken("validate");
        broken.host.secret("cert", "oops");
        EXPECT_EQ(broken.with(with_certificate).with({{"language", language}}).run(validate), WFC_OK);
        EXPECT_THAT(problems(broken),
                    testing::ElementsAre(testing::AllOf(HasSubstr("error /tls/client_certificate: "),
                                                        HasSubstr("cert"), HasSubstr("PEM"))));
    }
    ReadyCall good("validate");
    const inbox::Certificate issued = inbox::Authority().issue_client("alice");
    good.host.secret("cert", issued.certificate_pem + issued.key_pem);
    EXPECT_EQ(good.with(with_certificate).run(validate), WFC_OK);
    EXPECT_THAT(problems(good), testing::IsEmpty());
}

TEST(Validate, DoesNotCallAStoreThatIsBusyALackOfSecrets) {
    ReadyCall ready("validate");
    ready.with({{"tls", {{"client_certificate", {{"$secret", "cert"}}}}}});
    ready.host.secret_status("p", WFC_UNAVAILABLE);
    ready.host.secret_status("cert", WFC_UNAVAILABLE);
    EXPECT_EQ(ready.run(validate), WFC_OK);
    EXPECT_TRUE(ready.document["problems"].empty());
}

TEST(Validate, IsDoneAlsoForAHostThatTakesNoDocument) {
    ReadyCall ready("validate");
    ready.call.result_fails_at(0);
    EXPECT_EQ(ready.run(validate), WFC_OK);
}

TEST(Validate, TakesNoInput) {
    ReadyCall ready("validate", R"({"to":"bob@example.test"})");
    const auto problem = test::problem_of([&] { ready.run(validate); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/to");
}

}  // namespace
