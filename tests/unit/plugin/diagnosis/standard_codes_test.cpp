// The codes of the standards, with words that tell nothing: the code alone must lead to the entry of its
// meaning.
#include "code_rows.hpp"

namespace mailsend {
namespace {

/// IANA, "SMTP Enhanced Status Codes", the classes 4 and 5 as registered. X.1.5, X.1.9 and X.3.6 are
/// successes.
TEST(StandardCodes, OfAddressesAndMailboxesHaveTheirEntries) {
    expect_all({{Stage::dot, "451 4.0.0", "generic.server.local_error"},
                {Stage::dot, "554 5.0.0", "generic.data.refused"},
                {Stage::rcpt, "450 4.1.0", "generic.rcpt.unverified"},
                {Stage::rcpt, "550 5.1.0", "enhanced.5_1_0"},
                {Stage::mail, "550 5.1.0", "enhanced.5_1.mail"},
                {Stage::rcpt, "450 4.1.1", "generic.rcpt.unverified"},
                {Stage::rcpt, "550 5.1.1", "generic.rcpt.unknown"},
                {Stage::rcpt, "550 5.1.2", "generic.rcpt.domain"},
                {Stage::rcpt, "501 5.1.3", "generic.rcpt.syntax"},
                {Stage::rcpt, "550 5.1.4", "generic.fallback.5_1"},
                {Stage::rcpt, "551 5.1.6", "enhanced.5_1_6"},
                {Stage::mail, "501 5.1.7", "generic.mail.sender_syntax"},
                {Stage::mail, "451 4.1.8", "enhanced.4_1_8"},
                {Stage::mail, "501 5.1.8", "generic.mail.sender_refused"},
                {Stage::rcpt, "556 5.1.10", "generic.rcpt.null_mx"},
                {Stage::rcpt, "450 4.2.0", "generic.rcpt.busy"},
                {Stage::rcpt, "550 5.2.0", "enhanced.5_2"},
                {Stage::rcpt, "450 4.2.1", "generic.rcpt.busy"},
                {Stage::rcpt, "550 5.2.1", "generic.rcpt.disabled"},
                {Stage::rcpt, "452 4.2.2", "generic.rcpt.full"},
                {Stage::rcpt, "552 5.2.2", "generic.rcpt.full_status"},
                {Stage::rcpt, "552 5.2.3", "generic.data.too_large"},
                {Stage::rcpt, "450 4.2.4", "enhanced.4_2_4"},
                {Stage::rcpt, "550 5.2.4", "enhanced.5_2_4"}});
}

TEST(StandardCodes, OfMailSystemsAndRoutesHaveTheirEntries) {
    expect_all({{Stage::mail, "451 4.3.0", "generic.server.lookup"},
                {Stage::dot, "554 5.3.0", "enhanced.5_3_0"},
                {Stage::mail, "452 4.3.1", "generic.server.storage"},
                {Stage::mail, "453 4.3.2", "generic.server.busy"},
                {Stage::mail, "521 5.3.2", "generic.server.not_accepting"},
                {Stage::mail, "504 5.3.3", "enhanced.5_3_3"},
                {Stage::mail, "552 5.3.4", "generic.data.too_large"},
                {Stage::mail, "451 4.3.5", "generic.server.config"},
                {Stage::mail, "550 5.3.5", "generic.server.config_permanent"},
                {Stage::rcpt, "451 4.4.0", "generic.server.lookup"},
                {Stage::rcpt, "550 5.4.0", "enhanced.5_4"},
                {Stage::rcpt, "451 4.4.1", "generic.route.no_answer"},
                {Stage::dot, "421 4.4.2", "generic.server.timeout"},
                {Stage::rcpt, "451 4.4.3", "generic.server.lookup"},
                {Stage::rcpt, "451 4.4.4", "generic.route.no_answer"},
                {Stage::rcpt, "550 5.4.4", "generic.route.none"},
                {Stage::mail, "451 4.4.5", "generic.server.busy"},
                {Stage::dot, "554 5.4.6", "generic.loop"},
                {Stage::dot, "554 5.4.7", "generic.route.expired"}});
}

TEST(StandardCodes, OfCommandsAndContentHaveTheirEntries) {
    expect_all({{Stage::mail, "451 4.5.0", "generic.server.lookup"},
                {Stage::mail, "502 5.5.0", "generic.proto.syntax"},
                {Stage::mail, "503 5.5.1", "generic.proto.sequence"},
                {Stage::data, "500 5.5.1", "generic.proto.syntax"},
                {Stage::rcpt, "500 5.5.2", "generic.proto.syntax"},
                {Stage::rcpt, "452 4.5.3", "generic.rcpt.too_many"},
                {Stage::rcpt, "550 5.5.3", "generic.rcpt.too_many"},
                {Stage::ehlo, "501 5.5.4", "generic.ehlo.refused"},
                {Stage::rcpt, "555 5.5.4", "basic.555"},
                {Stage::mail, "554 5.5.5", "enhanced.5_5_5"},
                {Stage::auth, "500 5.5.6", "generic.auth.line_too_long"},
                {Stage::dot, "554 5.6.0", "generic.data.conversion"},
                {Stage::dot, "554 5.6.1", "enhanced.5_6_1"},
                {Stage::dot, "554 5.6.2", "enhanced.5_6_2"},
                {Stage::dot, "554 5.6.3", "enhanced.5_6_3"},
                {Stage::dot, "554 5.6.4", "enhanced.5_6_4"},
                {Stage::dot, "451 4.6.5", "enhanced.4_6_5"},
                {Stage::dot, "554 5.6.5", "enhanced.5_6_5"},
                {Stage::dot, "451 4.6.6", "enhanced.4_6_6"},
                {Stage::dot, "554 5.6.6", "enhanced.5_6_6"},
                {Stage::rcpt, "553 5.6.7", "generic.rcpt.smtputf8"},
                {Stage::rcpt, "553 5.6.8", "enhanced.5_6_8"},
                {Stage::dot, "550 5.6.9", "generic.rcpt.smtputf8"},
                {Stage::rcpt, "553 5.6.10", "enhanced.5_6_8"}});
}

TEST(StandardCodes, OfSecurityAndPolicyHaveTheirEntries) {
    expect_all({{Stage::auth, "454 4.7.0", "generic.auth.temporary_status"},
                {Stage::dot, "451 4.7.0", "generic.policy.temporary"},
                {Stage::dot, "550 5.7.0", "generic.fallback.5_7"},
                {Stage::rcpt, "451 4.7.1", "generic.policy.temporary"},
                {Stage::auth, "550 5.7.1", "enhanced.5_7.auth"},
                {Stage::mail, "550 5.7.1", "enhanced.5_7.mail"},
                {Stage::rcpt, "550 5.7.1", "enhanced.5_7.rcpt"},
                {Stage::dot, "550 5.7.1", "generic.fallback.5_7"},
                {Stage::rcpt, "550 5.7.2", "generic.policy.recipient_consent"},
                {Stage::mail, "550 5.7.3", "enhanced.5_7_3"},
                {Stage::auth, "504 5.7.4", "generic.auth.mechanism"},
                {Stage::mail, "550 5.7.4", "generic.auth.method_refused"},
                {Stage::dot, "451 4.7.5", "enhanced.4_7_5"},
                {Stage::dot, "554 5.7.5", "enhanced.5_7_5"},
                {Stage::dot, "554 5.7.6", "enhanced.5_7_6"},
                {Stage::dot, "451 4.7.7", "enhanced.4_7_7"},
                {Stage::dot, "554 5.7.7", "enhanced.5_7_7"},
                {Stage::auth, "535 5.7.8", "generic.auth.failed"},
                {Stage::auth, "554 5.7.8", "enhanced.5_7_8"},
                {Stage::auth, "534 5.7.9", "generic.auth.too_weak"},
                {Stage::auth, "550 5.7.9", "generic.auth.stronger_needed"},
                {Stage::auth, "523 5.7.10", "generic.auth.encryption_needed"},
                {Stage::auth, "538 5.7.11", "generic.auth.encryption_needed"},
                {Stage::auth, "432 4.7.12", "generic.auth.transition"},
                {Stage::auth, "454 4.7.12", "enhanced.4_7_12"},
                {Stage::auth, "525 5.7.13", "generic.auth.account_disabled"},
                {Stage::auth, "535 5.7.14", "enhanced.5_7_14"},
                {Stage::mail, "450 4.7.15", "enhanced.4_7_15"},
                {Stage::mail, "550 5.7.15", "enhanced.5_7_15"},
                {Stage::mail, "452 4.7.16", "enhanced.4_7_16"},
                {Stage::mail, "552 5.7.16", "enhanced.5_7_16"},
                {Stage::rcpt, "550 5.7.17", "enhanced.5_7_17"},
                {Stage::rcpt, "550 5.7.18", "enhanced.5_7_18"},
                {Stage::rcpt, "550 5.7.19", "enhanced.5_7_19"},
                {Stage::dot, "550 5.7.20", "generic.policy.dkim"},
                {Stage::dot, "550 5.7.21", "generic.policy.dkim"},
                {Stage::dot, "550 5.7.22", "generic.policy.dkim"},
                {Stage::mail, "550 5.7.23", "generic.policy.spf"},
                {Stage::mail, "451 4.7.24", "enhanced.4_7_24"},
                {Stage::mail, "550 5.7.24", "enhanced.5_7_24"},
                {Stage::mail, "550 5.7.25", "generic.policy.rdns_status"},
                {Stage::dot, "550 5.7.26", "generic.policy.unauthenticated"},
                {Stage::mail, "550 5.7.27", "generic.policy.sender_null_mx"},
                {Stage::mail, "452 4.7.28", "enhanced.4_7_28"},
                {Stage::dot, "550 5.7.28", "generic.policy.flood"},
                {Stage::dot, "550 5.7.29", "enhanced.5_7_29"},
                {Stage::rcpt, "550 5.7.30", "enhanced.5_7_30"}});
}

TEST(StandardCodes, ThatNobodyRegisteredAreReadByTheirSubject) {
    expect_all({{Stage::mail, "450 4.1.99", "enhanced.4_1.mail"},
                {Stage::rcpt, "450 4.1.99", "generic.rcpt.unverified"},
                {Stage::rcpt, "550 5.1.99", "generic.fallback.5_1"},
                {Stage::rcpt, "550 5.1.90", "enhanced.5_1_90"},
                {Stage::rcpt, "450 4.2.99", "generic.rcpt.busy"},
                {Stage::dot, "554 5.2.99", "enhanced.5_2"},
                {Stage::dot, "451 4.3.99", "generic.server.lookup"},
                {Stage::dot, "554 5.3.99", "enhanced.5_3"},
                {Stage::dot, "451 4.4.317", "generic.server.lookup"},
                {Stage::dot, "554 5.4.317", "enhanced.5_4"},
                {Stage::dot, "550 5.4.5", "enhanced.5_4_5"},
                {Stage::rcpt, "450 4.4.8", "enhanced.x_4_8"},
                {Stage::mail, "451 4.5.99", "enhanced.4_5"},
                {Stage::mail, "554 5.5.99", "generic.proto.status"},
                {Stage::dot, "451 4.6.99", "enhanced.4_6"},
                {Stage::dot, "554 5.6.99", "generic.data.conversion"},
                {Stage::dot, "421 4.7.32", "enhanced.x_7_32"},
                {Stage::dot, "450 4.7.321", "enhanced.4_7_321"},
                {Stage::dot, "550 5.7.325", "enhanced.5_7_321"},
                {Stage::dot, "451 4.7.99", "generic.policy.temporary"},
                {Stage::dot, "550 5.7.499", "generic.fallback.5_7"}});
}

TEST(StandardCodes, ThatSayNothingLeaveTheWordToTheCodeAndItsStage) {
    expect_all({{Stage::greeting, "554 5.7.1", "greet.refused"},
                {Stage::greeting, "554 5.0.0", "greet.refused"},
                {Stage::starttls, "454 4.7.0", "starttls.454"},
                {Stage::auth, "535 5.0.0", "generic.auth.failed"},
                {Stage::auth, "530 5.7.0", "basic.530.auth"},
                {Stage::mail, "530 5.5.1", "generic.auth.required_code"},
                {Stage::mail, "530 5.7.0", "generic.auth.required_code"},
                {Stage::rcpt, "550 5.5.0", "generic.rcpt.refused"},
                {Stage::rcpt, "550 5.0.0", "generic.rcpt.refused"},
                {Stage::rcpt, "551 5.0.0", "basic.551.rcpt"},
                {Stage::rcpt, "553 5.3.0", "generic.rcpt.refused"},
                {Stage::rcpt, "451 4.0.0", "generic.server.local_error"},
                // A status of the other class is no status.
                {Stage::rcpt, "550 4.7.28", "generic.rcpt.refused"},
                {Stage::mail, "450 5.7.26", "basic.450.mail"}});
}

TEST(StandardCodes, ThatLieAboutTheirClassAreNotBelieved) {
    for (const char* never_clears : {"401", "403", "436", "440", "453", "456", "421 4.7.26", "421 4.7.32"})
        EXPECT_EQ(diagnosis_of(Stage::mail, never_clears).error_class, ErrorClass::permanent) << never_clears;
    for (const char* clears_alone : {"550 5.4.5", "550 5.1.90", "552 5.2.2"})
        EXPECT_EQ(diagnosis_of(Stage::dot, clears_alone).error_class, ErrorClass::transient) << clears_alone;
    for (const char* gone : {"550 5.1.1", "551 5.1.6", "556", "559", "561"})
        EXPECT_EQ(diagnosis_of(Stage::rcpt, gone).advice, Advice::never) << gone;
}

}  // namespace
}  // namespace mailsend
