#include "sasl/scram.hpp"

#include <gmock/gmock.h>
#include <gsasl.h>
#include <string>

namespace mailsend::sasl {
namespace {

/// libgsasl's own server with one user.
class Server {
  public:
    Server(ScramHash hash, std::string password, const char* iterations = "4096")
        : password_(std::move(password)), iterations_(iterations) {
        EXPECT_EQ(gsasl_init(&library_), GSASL_OK);
        gsasl_callback_hook_set(library_, this);
        gsasl_callback_set(library_, [](Gsasl* library, Gsasl_session* session, Gsasl_property property) {
            const auto* server = static_cast<const Server*>(gsasl_callback_hook_get(library));
            if (property == GSASL_PASSWORD)
                return gsasl_property_set(session, property, server->password_.c_str());
            if (property == GSASL_SCRAM_ITER)
                return gsasl_property_set(session, property, server->iterations_);
            return static_cast<int>(GSASL_NO_CALLBACK);
        });
        const char* name = hash == ScramHash::sha256 ? "SCRAM-SHA-256" : "SCRAM-SHA-1";
        EXPECT_EQ(gsasl_server_start(library_, name, &session_), GSASL_OK);
    }
    ~Server() {
        gsasl_finish(session_);
        gsasl_done(library_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// What it says to that; `status()` is the library's.
    std::string hears(std::string_view message) {
        char* output = nullptr;
        std::size_t size = 0;
        status_ = gsasl_step(session_, message.data(), message.size(), &output, &size);
        std::string said(output == nullptr ? "" : output, output == nullptr ? 0 : size);
        gsasl_free(output);
        return said;
    }
    int status() const { return status_; }
    const char* user() const { return gsasl_property_fast(session_, GSASL_AUTHID); }

  private:
    std::string password_;
    const char* iterations_;
    Gsasl* library_ = nullptr;
    Gsasl_session* session_ = nullptr;
    int status_ = GSASL_OK;
};

Credentials alice(std::string_view password = "böb s3cret") {
    return {"alice@example.test", wfc::SecretString(password)};
}

std::string condition_of(Mechanism& mechanism, std::string_view challenge) {
    try {
        mechanism.next(challenge);
    } catch (const ChallengeRefused& refused) {
        return refused.condition();
    }
    return "none";
}

class ScramOfBothHashes : public testing::TestWithParam<ScramHash> {};

TEST_P(ScramOfBothHashes, SignsInAndIsSatisfiedOnlyWithTheServersProof) {
    Server server(GetParam(), "böb s3cret");
    const auto client = scram(GetParam(), alice(), true);
    const std::string first = server.hears(client->initial_response()->reveal());
    const std::string proof = server.hears(client->next(first)->reveal());
    EXPECT_EQ(server.status(), GSASL_OK);
    EXPECT_STREQ(server.user(), "alice@example.test");
    EXPECT_FALSE(client->satisfied()) << "the server has proven nothing yet";
    EXPECT_TRUE(client->next(proof)->empty());
    EXPECT_TRUE(client->satisfied());
    EXPECT_FALSE(client->next("more?")) << "there is nothing more to say";
}

TEST_P(ScramOfBothHashes, IsRefusedWithAWrongPassword) {
    Server server(GetParam(), "another");
    const auto client = scram(GetParam(), alice(), true);
    const std::string first = server.hears(client->initial_response()->reveal());
    server.hears(client->next(first)->reveal());
    EXPECT_EQ(server.status(), GSASL_AUTHENTICATION_ERROR);
}

TEST_P(ScramOfBothHashes, DoesNotBelieveAServerThatOnlyPretendsToKnowThePassword) {
    Server server(GetParam(), "böb s3cret");
    const auto client = scram(GetParam(), alice(), true);
    client->next(server.hears(client->initial_response()->reveal()));
    EXPECT_EQ(condition_of(*client, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), "auth.server_unproven");
    EXPECT_FALSE(client->satisfied());
}

TEST_P(ScramOfBothHashes, NeverPutsThePasswordOnTheWire) {
    Server server(GetParam(), "böb s3cret");
    const auto client = scram(GetParam(), alice(), true);
    const wfc::SecretString first = *client->initial_response();
    const wfc::SecretString last = *client->next(server.hears(first.reveal()));
    for (const auto* message : {&first, &last})
        EXPECT_THAT(std::string(message->reveal()), testing::Not(testing::HasSubstr("s3cret")));
}

INSTANTIATE_TEST_SUITE_P(Scram, ScramOfBothHashes, testing::Values(ScramHash::sha1, ScramHash::sha256),
                         [](const auto& given) {
                             return given.param == ScramHash::sha1 ? "Sha1" : "Sha256";
                         });

/// A server-first message that fits the client's nonce.
std::string server_first(std::string_view client_first, std::string_view rounds) {
    const std::string nonce(client_first.substr(client_first.find(",r=") + 3));
    return "r=" + nonce + "server,s=QSXCR+Q6sek8bf92,i=" + std::string(rounds);
}

TEST(Scram, DoesNotWorkForeverForAHostileServer) {
    for (const char* rounds : {"100001", "99999999999", "99999999999999999999999", "0", "-1", "4096x", ""}) {
        const auto client = scram(ScramHash::sha256, alice(), true);
        const wfc::SecretString first = *client->initial_response();
        EXPECT_EQ(condition_of(*client, server_first(first.reveal(), rounds)), "auth.iterations") << rounds;
    }
}

TEST(Scram, RefusesAChallengeThatIsNone) {
    const auto client = scram(ScramHash::sha256, alice(), true);
    client->initial_response();
    EXPECT_EQ(condition_of(*client, "hello"), "auth.challenge");
}

TEST(Scram, RefusesAServerThatIgnoresOurNonce) {
    const auto client = scram(ScramHash::sha256, alice(), true);
    client->initial_response();
    EXPECT_EQ(condition_of(*client, "r=theirs,s=QSXCR+Q6sek8bf92,i=4096"), "auth.challenge");
}

TEST(Scram, RefusesInClearWhatWouldMakeThePasswordCheapToGuess) {
    for (const char* rounds : {"1", "4095"}) {
        const auto in_clear = scram(ScramHash::sha256, alice(), false);
        const wfc::SecretString first = *in_clear->initial_response();
        EXPECT_EQ(condition_of(*in_clear, server_first(first.reveal(), rounds)), "auth.iterations") << rounds;
        const auto encrypted = scram(ScramHash::sha256, alice(), true);
        const wfc::SecretString same = *encrypted->initial_response();
        EXPECT_EQ(condition_of(*encrypted, server_first(same.reveal(), rounds)), "none") << rounds;
    }
    const auto in_clear = scram(ScramHash::sha256, alice(), false);
    const wfc::SecretString first = *in_clear->initial_response();
    EXPECT_EQ(condition_of(*in_clear, server_first(first.reveal(), "4096")), "none");
}

TEST(Scram, TakesTheServersRefusalInAChallengeForARefusalAndNotForAFalseServer) {
    const auto client = scram(ScramHash::sha256, alice(), true);
    const wfc::SecretString first = *client->initial_response();
    ASSERT_TRUE(client->next(server_first(first.reveal(), "4096")));
    EXPECT_FALSE(client->refusal());
    EXPECT_TRUE(client->next("e=invalid-proof")->empty()) << "the server's own reply is to follow";
    ASSERT_TRUE(client->refusal());
    EXPECT_EQ(client->refusal()->condition(), "auth.refused_in_challenge");
    EXPECT_STREQ(client->refusal()->what(), "the server broke SCRAM-SHA-256 off with \"invalid-proof\"");
    EXPECT_FALSE(client->satisfied());
    EXPECT_FALSE(client->next("more?"));
}

TEST(Scram, QuotesOfARefusalOnlyWhatLooksLikeOne) {
    const auto what = [](std::string_view challenge) {
        const auto client = scram(ScramHash::sha256, alice(), true);
        client->next(challenge);
        return std::string(client->refusal()->what());
    };
    EXPECT_THAT(what("e=unknown-user,x=1"), testing::HasSubstr("\"unknown-user\""));
    for (const std::string& odd : {std::string("e="), std::string("e=\x1b[2J"), "e=" + std::string(65, 'a')})
        EXPECT_THAT(what(odd), testing::HasSubstr("\"an error\""));
}

TEST(Scram, RefusesWhatItCannotExpressBeforeAnythingIsSent) {
    // NUL, a control character, two characters that Unicode 3.2 does not have, Latin-1, nothing once
    // prepared, nothing at all
    for (const std::string& text :
         {std::string("a\0b", 3), std::string("a\tb"), std::string("\xf0\x9f\x98\x80"),
          std::string("\xe3\x8b\xbf"), std::string("caf\xe9"), std::string("\xc2\xad"), std::string()}) {
        EXPECT_THROW(scram(ScramHash::sha256, {text, wfc::SecretString("x")}, true), std::invalid_argument)
            << text;
        EXPECT_THROW(scram(ScramHash::sha256, {"a", wfc::SecretString(text)}, true), std::invalid_argument)
            << text;
    }
}

TEST(Scram, TakesWhatSaslprepMapsOntoSomethingElse) {
    EXPECT_EQ(scram(ScramHash::sha256, {"\xe2\x85\xa3", wfc::SecretString("\xc2\xa0 1")}, true)
                  ->initial_response()
                  ->reveal()
                  .substr(0, 7),
              "n,,n=IV")
        << "ROMAN NUMERAL FOUR";
}

}  // namespace
}  // namespace mailsend::sasl
