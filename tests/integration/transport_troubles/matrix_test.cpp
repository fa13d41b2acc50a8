// Which test produces which trouble: an entry of the catalogue that nobody ever saw is a guess.
#include <fstream>
#include <gmock/gmock.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace {

using testing::HasSubstr;

struct Produced {
    const char* id;
    const char* file;  ///< below tests/
    const char* test;
};

constexpr const char* names = "integration/transport_troubles/names_test.cpp";
constexpr const char* reaching = "integration/transport_troubles/reaching_test.cpp";
constexpr const char* greeting = "integration/transport_troubles/greeting_test.cpp";
constexpr const char* handshake = "integration/transport_troubles/tls_handshake_test.cpp";
constexpr const char* certificate = "integration/transport_troubles/certificate_test.cpp";
constexpr const char* starttls = "integration/transport_troubles/starttls_test.cpp";
constexpr const char* dialogue = "integration/transport_troubles/time_outs_test.cpp";
constexpr const char* proxy = "integration/proxy_test.cpp";
constexpr const char* http = "unit/plugin/net/http_trouble_test.cpp";

constexpr Produced matrix[] = {
    {"dns.nxdomain", names, "ANameThatDoesNotExistIsSpelledOut"},
    {"dns.nodata", names, "ADomainWithoutAddressIsToldFromOneThatDoesNotExist"},
    {"dns.temporary", names, "ANameServerInTroubleIsTemporary"},
    {"dns.fail", names, "AnAnswerWithoutSenseIsTheNameServersFailure"},
    {"dns.timeout", names, "ANameServerThatNeverAnswersIsATimeOut"},
    {"dns.all_local", names, "ANameThatLeadsOnlyToThisMachineIsToldWhereNobodyAnswers"},
    {"net.unreachable", reaching, "ARouteIntoABlackHoleIsNoWayEither"},
    {"net.unreachable", reaching, "WithoutARouteTheNetworkIsUnreachable"},
    {"net.host_unreachable", reaching, "ARouterThatKnowsNoWayIsTold"},
    {"net.source_address", reaching, "ASourceAddressOfAnotherMachineIsASettingToMend"},
    {"conn.refused", reaching, "AClosedPortIsNamedWithEveryAddressThatRefused"},
    {"conn.timeout", reaching, "APortThatSwallowsWhoeverKnocksIsATimeOut"},
    {"conn.denied_locally", reaching, "AMachineThatForbidsTheConnectionIsTold"},
    {"conn.port25_blocked", reaching, "ASilentPort25BesideAnOpen587IsABlockedPort"},
    {"greet.timeout", greeting, "SilenceIsATimeOut"},
    {"greet.timeout_465", greeting, "SilenceOnPort465IsTheWrongSecurity"},
    {"greet.eof", greeting, "AnEndBeforeAnyWordIsToldFromAReset"},
    {"greet.reset", greeting, "AnEndBeforeAnyWordIsToldFromAReset"},
    {"greet.not_smtp", greeting, "OtherProtocolsAreQuotedAndNamed"},
    {"greet.tls_alert", greeting, "ATlsAlertIsTheWrongSecurity"},
    {"greet.refused", greeting, "ARefusalIsReadInTheServersWordsAlthoughItHangsUp"},
    {"tls.plaintext_server", handshake, "AServerThatSpeaksInClearIsQuoted"},
    {"tls.eof", handshake, "AnEndIsToldFromAReset"},
    {"tls.reset", handshake, "AnEndIsToldFromAReset"},
    {"tls.timeout", handshake, "SilenceIsATimeOut"},
    {"tls.version_server", handshake, "AServerOfYesterdayHasNoVersionInCommon"},
    {"tls.version_local", handshake, "AVersionThatWasNotOfferedIsNotAccepted"},
    {"tls.no_cipher", handshake, "AServerWithoutACommonCipherRefuses"},
    {"tls.client_cert", handshake, "AServerThatWantsAClientCertificateSaysSoUnderEitherVersion"},
    {"tls.client_cert_refused", handshake, "AClientCertificateOfSomebodyElseIsRefused"},
    {"tls.weak_server", handshake, "AKeyExchangeThatIsTooShortIsTheServersWeakness"},
    {"tls.ca_file", certificate, "ACaFileWithoutCertificatesIsASettingToMend"},
    {"tls.handshake", handshake, "AnotherAlertIsToldInItsOwnWords"},
    {"cert.expired", certificate, "AnExpiredOneShowsItsEndAndTheClockHere"},
    {"cert.not_yet_valid", certificate, "OneOfTheFutureShowsItsBeginningAndTheClockHere"},
    {"cert.host_mismatch", certificate, "OneForAnotherNameListsItsNames"},
    {"cert.host_mismatch", certificate, "OneForAnotherAddressListsItsAddresses"},
    {"cert.self_signed", certificate, "OneThatVouchesForItselfIsToldFromAPrivateAuthority"},
    {"cert.self_signed_chain", certificate, "OneThatVouchesForItselfIsToldFromAPrivateAuthority"},
    {"cert.unknown_ca", certificate, "AMissingIntermediateIsToldByItsName"},
    {"cert.unknown_ca", certificate, "AWholeChainToAnUnknownAuthorityMissesNoIntermediate"},
    {"cert.revoked", certificate, "ARevokedOneIsRefusedByTheListInTheCaFile"},
    {"cert.weak", certificate, "ShortKeysAndOldDigestsAreTooWeak"},
    {"cert.invalid", certificate, "OneForClientsIsNotAcceptableInAServer"},
    {"cert.invalid", certificate, "ARevocationListThatIsOverProvesNothing"},
    {"cert.pin_mismatch", certificate, "AnotherThanThePinnedOneShowsItsFingerprint"},
    {"starttls.missing", starttls, "NoneOfferedEndsTheSessionBeforeTheLogin"},
    {"starttls.454", starttls, "AServerThatCannotEncryptNowIsLeft"},
    {"starttls.injection", starttls, "BytesBehindTheConsentAreAnAttack"},
    {"idle.timeout", dialogue, "SilenceBeforeTheMessageIsATimeOutOfItsStage"},
    {"conn.closed", dialogue, "AnEndBeforeTheMessageIsClosedAtItsStage"},
    {"conn.reset", dialogue, "AResetBeforeTheMessageIsAResetAtItsStage"},
    {"data.timeout", dialogue, "SilenceInsteadOfTheGoAheadHandsNothingOver"},
    {"data.timeout", dialogue, "AServerThatStopsReadingTheMessageIsATimeOut"},
    {"data.reset", dialogue, "AResetInTheMiddleOfTheMessageDeliversNothing"},
    {"data.timeout_final", dialogue, "SilenceBehindTheFinalDotLeavesTheOutcomeUnknown"},
    {"outcome.unknown", dialogue, "AnEndOrAResetBehindTheFinalDotLeavesTheOutcomeUnknown"},
    {"proxy.not_found", proxy, "TheProxysOwnNameIsLookedUp"},
    {"proxy.unreachable", proxy, "AnAbsentProxyIsNamed"},
    {"proxy.auth_required", proxy, "ARefusalIsToldInTheProxysWords"},
    {"proxy.target_unreachable", proxy, "ATargetThatTheProxyCannotReachIsTemporary"},
    {"proxy.connect", proxy, "ARefusalIsToldInTheProxysWords"},
    {"proxy.unavailable", proxy, "ThatIsTooBusyIsTemporary"},
    {"proxy.garbage", proxy, "AMailServerIsNoProxy"},
    {"proxy.closed", proxy, "ARefusalIsToldInTheProxysWords"},
    {"proxy.timeout", "unit/plugin/net/tunnel_test.cpp", "IsGivenUpWhenTheAnswerDripsTooSlowly"},
    {"http.closed", http, "IsTheEndOfAConnectionBeforeThatOfTheAnswer"},
    {"http.garbage", http, "IsWhatIsNoHttp"},
    {"http.too_large", http, "IsAHeadThatIsTooLarge"},
    {"http.timeout", http, "IsAnAnswerThatDripsTooSlowly"},
};

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    EXPECT_TRUE(file.is_open()) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Conditions of the entries of a file of the catalogue.
std::set<std::string> conditions_in(const std::string& file) {
    const auto catalogue =
        nlohmann::json::parse(text_of(std::string(SOURCE_DIR) + "/manifests/errors/" + file));
    std::set<std::string> conditions;
    for (const auto& entry : catalogue.at("entries")) {
        const std::string condition = entry.at("match").value("condition", "");
        if (!condition.empty()) conditions.insert(condition);
    }
    return conditions;
}

/// From the name of a test to the next test; empty when there is none of the name.
std::string body_of(const std::string& source, const std::string& test) {
    const std::size_t begin = source.find(", " + test + ") {");
    if (begin == std::string::npos) return {};
    return source.substr(begin, source.find("\nTEST", begin) - begin);
}

TEST(TransportMatrix, EveryConditionOfTheNetworkAndOfTlsHasATestThatProducesIt) {
    std::set<std::string> known;
    for (const Produced& produced : matrix) known.insert(produced.id);
    for (const char* file : {"network.json", "tls.json"}) {
        for (const std::string& condition : conditions_in(file)) {
            EXPECT_EQ(known.count(condition), 1U)
                << condition << " of " << file << " needs a test that produces it, and a row in the matrix";
        }
    }
}

TEST(TransportMatrix, EveryRowNamesATestThatIsThereAndSpeaksOfItsTrouble) {
    std::map<std::string, std::string> sources;
    for (const Produced& produced : matrix) {
        std::string& source = sources[produced.file];
        if (source.empty()) source = text_of(std::string(SOURCE_DIR) + "/tests/" + produced.file);
        EXPECT_THAT(body_of(source, produced.test), HasSubstr('"' + std::string(produced.id) + '"'))
            << produced.file << " " << produced.test;
    }
}

}  // namespace
