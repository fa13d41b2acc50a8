// Texts as people paste them: what is read out of each, and by which entry it is explained.
#include <gmock/gmock.h>

#include "pasted_read.hpp"

namespace mailsend {
namespace {

using test::Read;
using test::read;
using testing::HasSubstr;

TEST(PastedText, AStageThatIsGivenBeatsWhatTheTextSays) {
    const Read was = read("550 5.1.1 no such user (in reply to RCPT TO command)", Stage::mail);
    EXPECT_EQ(was.facts.stage, Stage::mail);
}

TEST(PastedText, KnowsATokenFromTheWordsAroundAReply) {
    const Read was = read("AUTH XOAUTH2 ****\n535 5.7.3 Authentication unsuccessful [X.prod.outlook.com]");
    EXPECT_EQ(was.detail("proof"), "access_token");
    EXPECT_EQ(was.facts.stage, Stage::auth);
}

TEST(PastedText, DecodesTheChallengeThatRefusesAToken) {
    // {"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}
    const std::string challenge =
        "eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";
    const Read alone = read("334 " + challenge);
    EXPECT_EQ(alone.detail("challenge_status"), "400");
    EXPECT_THAT(alone.facts.challenge, HasSubstr("mail.google.com"));
    const Read both =
        read("334 " + challenge + "\n535-5.7.8 Username and Password not accepted.\n535 5.7.8 - gsmtp");
    EXPECT_EQ(both.facts.reply->code, 535);
    EXPECT_EQ(both.detail("challenge_status"), "400");
    EXPECT_EQ(both.detail("proof"), "access_token");
    EXPECT_EQ(read(R"({"status":"401","schemes":"bearer","scope":"x"})").detail("challenge_status"), "401");
    EXPECT_EQ(alone.id, "sasl.xoauth2.400");
    EXPECT_EQ(read(R"({"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"})").id,
              "sasl.xoauth2.401");
    EXPECT_EQ(read(R"({"status":"invalid_token","scope":"a","openid-configuration":"https://a.test/"})").id,
              "sasl.oauthbearer.invalid_token");
    EXPECT_EQ(read(R"({"status":"400","schemes":"bearer","scope":"x"})").id,
              "auth.refused_in_challenge_token");
    EXPECT_EQ(read("334 " + challenge, Stage::dot).id, "auth.refused_in_challenge_token");
}

TEST(PastedText, ReadsBodiesOfTokenEndpoints) {
    const Read body = read(
        R"({"error":"invalid_grant","error_description":"AADSTS50034: The user account does not exist.\r\nTrace ID: 0-1 Correlation ID: 0-2 Timestamp: 2026-11-22 03:00:00Z","error_codes":[50034]})");
    EXPECT_EQ(body.id, "microsoft.AADSTS50034");
    EXPECT_EQ(body.detail("trace_id"), "0-1");
    EXPECT_EQ(read("AADSTS50034: The user account {EUII Hidden} does not exist in the directory.").id,
              "microsoft.AADSTS50034");
    for (const char* text :
         {R"({ "error": "invalid_grant", "error_description": "Token has been expired or revoked." })",
          "invalid_grant: Token has been expired or revoked.",
          "oauth2: \"invalid_grant\" \"Token has been expired or revoked.\"",
          "GaxiosError: invalid_grant\n  error_description: 'Token has been expired or revoked.'"}) {
        EXPECT_EQ(read(text).id, "google.invalid_grant.expired_or_revoked") << text;
    }
    const Read redirect = read(
        "http://127.0.0.1:48888/callback?error=access_denied&error_description=The+user%20said+no&state=x");
    EXPECT_EQ(redirect.detail("endpoint"), "authorize");
    EXPECT_EQ(redirect.detail("oauth_error"), "access_denied");
    EXPECT_EQ(redirect.detail("oauth_description"), "The user said no");
}

TEST(PastedText, ReadsBodiesOfHttpApis) {
    const Read google = read(
        R"({"error":{"code":403,"message":"User-rate limit exceeded.","errors":[{"message":"x","domain":"usageLimits","reason":"rateLimitExceeded"}],"status":"PERMISSION_DENIED"}})");
    EXPECT_EQ(google.facts.condition, "api.refused");
    EXPECT_EQ(google.facts.stage, Stage::api);
    EXPECT_EQ(google.detail("api"), "gmail");
    EXPECT_EQ(google.detail("http_status"), "403");
    EXPECT_EQ(google.detail("api_code"), "rateLimitExceeded PERMISSION_DENIED");
    const Read graph = read(
        "HTTP/1.1 403 Forbidden\n\n"
        R"({"error":{"code":"ErrorSendAsDenied","message":"Send as denied.","innerError":{"code":"inner","request-id":"1"}}})");
    EXPECT_EQ(graph.detail("api"), "graph");
    EXPECT_EQ(graph.detail("http_status"), "403");
    EXPECT_EQ(graph.detail("api_code"), "ErrorSendAsDenied inner");
    EXPECT_EQ(graph.detail("api_message"), "Send as denied.");
}

TEST(PastedText, ReadsOurOwnDocumentBack) {
    const Read reply = read(
        R"({"format":1,"outcome":"failed","error":{"id":"generic.rcpt.unknown","stage":"rcpt","class":"permanent","retry":{"advice":"after-fix"},"message":"MailSend: failed to send mail: 550 5.1.1 User unknown","smtp":{"code":550,"enhanced":"5.1.1","text":"User unknown","lines":["550-5.1.1 User","550 5.1.1 unknown"]}}})");
    EXPECT_EQ(reply.facts.reply->lines.size(), 2u);
    EXPECT_EQ(reply.facts.stage, Stage::rcpt);
    const Read own = read(
        R"({"error":{"id":"dns.nxdomain","stage":"resolve","message":"MailSend: failed to send mail: the host mail.example.test does not exist"}})");
    EXPECT_EQ(own.id, "dns.nxdomain");
    EXPECT_EQ(own.facts.sentence, "the host mail.example.test does not exist");
    const Read token = read(
        R"({"error":{"id":"microsoft.AADSTS50034","stage":"token","class":"permanent","message":"x","oauth":{"error":"invalid_grant","codes":[50034],"endpoint":"token"}}})");
    EXPECT_EQ(token.id, "microsoft.AADSTS50034");
    const Read partial = read(
        R"({"outcome":"partial","rejected":[{"recipient":"b","error":{"id":"x","stage":"rcpt","message":"m","smtp":{"code":550,"text":"User unknown","lines":["550 5.1.1 User unknown"]}}}]})");
    EXPECT_EQ(partial.facts.reply->code, 550);
}

TEST(PastedText, KnowsErrorsOfResolversSocketsAndTls) {
    const std::pair<const char*, const char*> table[] = {
        {"connect ECONNREFUSED 127.0.0.1:587", "conn.refused"},
        {"dial tcp 192.0.2.1:587: connect: connection refused", "conn.refused"},
        {"getaddrinfo ENOTFOUND smtp.gmial.com", "dns.nxdomain"},
        {"status: NXDOMAIN", "dns.nxdomain"},
        {"socket.gaierror: [Errno -2] Name or service not known", "dns.nxdomain"},
        {"getaddrinfo EAI_AGAIN smtp.example.test", "dns.temporary"},
        {"connect ETIMEDOUT 192.0.2.1:25", "conn.timeout"},
        {"Error: certificate has expired\n code: 'CERT_HAS_EXPIRED'", "cert.expired"},
        {"x509: certificate has expired or is not yet valid: current time 2026", "cert.expired"},
        {"self-signed certificate", "cert.self_signed"},
        {"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate "
         "chain (_ssl.c:992)",
         "cert.self_signed_chain"},
        {"unable to get local issuer certificate", "cert.unknown_ca"},
        {"Hostname/IP does not match certificate's altnames: Host: mail.example.test.", "cert.host_mismatch"},
        {"error:0A00010B:SSL routines:tls_validate_record_header:wrong version number",
         "tls.plaintext_server"},
        {"error:0A00042E:SSL routines::tlsv1 alert protocol version", "tls.version_server"},
        {"java.net.UnknownHostException: smtp.example.test", "dns.nxdomain"},
        {"PKIX path building failed: unable to find valid certification path to requested target",
         "cert.unknown_ca"},
    };
    for (const auto& [text, id] : table) {
        const Read was = read(text);
        EXPECT_EQ(was.facts.condition, id) << text;
        EXPECT_EQ(was.id, id) << text;
    }
    EXPECT_EQ(read("getaddrinfo ENOTFOUND smtp.gmial.com").detail("host"), "smtp.gmial.com");
}

TEST(PastedText, TakesNoProgramsErrorForOneOfASignIn) {
    EXPECT_EQ(read(R"(send.finished {"outcome":"failed","total_ms":2,"error":"conn.refused"}
error: could not connect to 127.0.0.1: 127.0.0.1:1 connection refused)")
                  .id,
              "conn.refused");
    EXPECT_EQ(read(R"({"level":"error","error":"550 5.1.1 User unknown"})").facts.reply->code, 550);
}

TEST(PastedText, SaysSoWhereNothingLooksLikeAnAnswer) {
    for (const char* text : {"The weather is fine", "see line 535 of the file", "listening on port 587",
                             "took 450 ms", "version 3.11.2", "{}", "[1,2,3]", "{\"a\":1}", "1.2.3.4"}) {
        EXPECT_EQ(read(text).facts.condition, "explain.unrecognised") << text;
    }
}

TEST(PastedText, OfAServiceThatRefusesATokenIsNotOfTheSignInServer) {
    const Read refused = read("HTTP 400 WWW-Authenticate: Bearer error=\"invalid_request\"");
    EXPECT_EQ(refused.detail("endpoint"), "resource");
    EXPECT_EQ(refused.id, "rfc6750.invalid_request");
    EXPECT_EQ(read("invalid_request: no client_id").id, "rfc6749.invalid_request");
}

TEST(PastedText, OfMicrosoftWithoutTheNameOfTheErrorIsExplainedByItsNumber) {
    EXPECT_EQ(read("AADSTS90033: A transient error has occurred.").id, "microsoft.AADSTS90033");
    EXPECT_EQ(read("invalid_grant: AADSTS90033: A transient error.").id, "microsoft.AADSTS90033_refused");
    EXPECT_EQ(read("AADSTS50126: Error validating credentials.").id, "microsoft.AADSTS50126");
}

TEST(PastedText, KnowsSentencesOfApisWithoutTheirBodies) {
    EXPECT_EQ(read("Delegation denied for user@example.com").id, "gmailapi.delegation_denied");
    EXPECT_EQ(read("Application is over its MailboxConcurrency limit.").id,
              "graph.throttled_mailbox_concurrency");
}

TEST(PastedText, IsReadUpTo64KiBAndSaysWhereItWasCut) {
    const std::string reply = "550 5.1.1 User unknown\n";
    EXPECT_FALSE(read_pasted(reply + std::string(longest_pasted - reply.size(), 'x'), {}, {}).cut);
    const PastedText cut = read_pasted(reply + std::string(longest_pasted, 'x'), {}, {});
    EXPECT_TRUE(cut.cut);
    EXPECT_EQ(cut.facts.reply->code, 550);
    EXPECT_EQ(read_pasted(std::string(longest_pasted, 'x') + "\n" + reply, {}, {}).facts.condition,
              "explain.unrecognised");
}

TEST(PastedText, TakesAnyBytes) {
    unsigned state = 4711;
    const auto next = [&] { return state = state * 1664525u + 1013904223u, static_cast<char>(state >> 24); };
    const std::string_view pieces[] = {
        "535",  "-",   " ",      "5.7.8", "\n", "{\"error\":", "\"", "'", "}",
        "eyJ9", "\\n", "AADSTS", "(",     ")",  "?error=",     "%4", "[", "\x1b["};
    for (int turn = 0; turn < 300; ++turn) {
        std::string text;
        const int length = static_cast<unsigned char>(next());
        for (int i = 0; i < length; ++i) {
            if (next() & 1) {
                text += next();
            } else {
                text += pieces[static_cast<unsigned char>(next()) % std::size(pieces)];
            }
        }
        const Facts facts = read_pasted(text, {}, {}).facts;
        EXPECT_FALSE(diagnose(facts, Language::ja).id.empty());
    }
}

TEST(PastedText, IsReadableWhereThereIsALetterOrADigit) {
    for (const char* text : {"a", " 5", "日本語", "\xff\xfe x"}) EXPECT_TRUE(readable(text)) << text;
    for (const char* text : {"", "  \r\n\t", "...", "\xff\xfe", "\x01\x02"})
        EXPECT_FALSE(readable(text)) << text;
}

}  // namespace
}  // namespace mailsend
