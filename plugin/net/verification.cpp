#include "net/verification.hpp"

#include <algorithm>
#include <ctime>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "net/certificate.hpp"

namespace mailsend::net {
namespace {

constexpr std::size_t most_faults = 16;
constexpr unsigned int name_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;

/// Certificates name hosts without the dot of the root.
std::string without_root(const std::string& host) {
    return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

Verification* verification_of(X509_STORE_CTX* store) {
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    return ssl == nullptr ? nullptr : static_cast<Verification*>(SSL_get_app_data(ssl));
}

CertificateFault fault_of(int code, int depth, const X509* certificate) {
    CertificateFault fault;
    fault.code = code;
    fault.depth = depth;
    if (certificate != nullptr) {
        fault.issuer = issuer_of(certificate);
        fault.not_before = utc_text(not_before(certificate));
        fault.not_after = utc_text(not_after(certificate));
    }
    return fault;
}

/// Notes a fault and lets OpenSSL go on looking; the verdict falls in verify_chain.
int note_fault(int fine, X509_STORE_CTX* store) noexcept {
    // Lists are heeded where there are some: an issuer without one has revoked nothing that is known here.
    if (fine == 1 || X509_STORE_CTX_get_error(store) == X509_V_ERR_UNABLE_TO_GET_CRL) return 1;
    Verification* const verification = verification_of(store);
    if (verification == nullptr || verification->faults.size() == most_faults) return 0;
    verification->faults.push_back(fault_of(X509_STORE_CTX_get_error(store),
                                            X509_STORE_CTX_get_error_depth(store),
                                            X509_STORE_CTX_get_current_cert(store)));
    return 1;
}

int verify_chain(X509_STORE_CTX* store, void* /*argument*/) noexcept {
    Verification* const verification = verification_of(store);
    if (verification == nullptr) return 0;
    auto& faults = verification->faults;
    faults.clear();
    const X509* const leaf = X509_STORE_CTX_get0_cert(store);
    if (leaf != nullptr) {
        verification->names = names_of(leaf);
        verification->fingerprint = fingerprint_of(leaf);
    }
    const auto* sent = X509_STORE_CTX_get0_untrusted(store);
    verification->certificates_sent = sent == nullptr ? 0 : sk_X509_num(sent);
    if (verification->unproven) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    if (!verification->pin_alone && X509_verify_cert(store) != 1 && faults.empty()) {
        faults.push_back({X509_STORE_CTX_get_error(store), 0, {}, {}, {}});
    }
    if (!verification->pin.empty() && verification->fingerprint != verification->pin) {
        faults.push_back(fault_of(CertificateFault::wrong_pin, 0, leaf));
    }
    // The alert that the peer gets follows from it.
    const int first = faults.empty() ? X509_V_OK : faults.front().code;
    X509_STORE_CTX_set_error(
        store, first == CertificateFault::wrong_pin ? X509_V_ERR_APPLICATION_VERIFICATION : first);
    return faults.empty() ? 1 : 0;
}

/// Lets OpenSSL show the certificate that the context has, if any, and remembers the peer's question.
int note_request(SSL* ssl, void* /*argument*/) noexcept {
    if (auto* verification = static_cast<Verification*>(SSL_get_app_data(ssl))) {
        verification->asked_for_ours = true;
        verification->showed_ours = SSL_get_certificate(ssl) != nullptr;
    }
    return 1;
}

struct Meaning {
    int code;
    const char* condition;
};

/// The most telling first: while the peer is not the one that was asked for, its other faults matter little.
constexpr Meaning meanings[] = {
    {CertificateFault::wrong_pin, "cert.pin_mismatch"},
    {X509_V_ERR_CERT_REVOKED, "cert.revoked"},
    {X509_V_ERR_HOSTNAME_MISMATCH, "cert.host_mismatch"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, "cert.host_mismatch"},
    {X509_V_ERR_CERT_HAS_EXPIRED, "cert.expired"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "cert.not_yet_valid"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "cert.self_signed"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "cert.self_signed_chain"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "cert.unknown_ca"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "cert.unknown_ca"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "cert.unknown_ca"},
    {X509_V_ERR_EE_KEY_TOO_SMALL, "cert.weak"},
    {X509_V_ERR_CA_KEY_TOO_SMALL, "cert.weak"},
    {X509_V_ERR_CA_MD_TOO_WEAK, "cert.weak"},
};

std::size_t rank(const CertificateFault& fault) {
    const auto* found = std::find_if(std::begin(meanings), std::end(meanings),
                                     [&](const Meaning& meaning) { return meaning.code == fault.code; });
    return static_cast<std::size_t>(found - std::begin(meanings));
}

std::string condition_of(const CertificateFault& fault) {
    const std::size_t at = rank(fault);
    return at < std::size(meanings) ? meanings[at].condition : "cert.invalid";
}

std::string day(const std::string& moment) {
    return moment.substr(0, moment.find('T'));
}

/// Of faults that say nothing of the certificate.
bool is_about_the_list(int code) {
    switch (code) {
        case X509_V_ERR_CRL_HAS_EXPIRED:
        case X509_V_ERR_CRL_NOT_YET_VALID:
        case X509_V_ERR_CRL_SIGNATURE_FAILURE:
        case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
        case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
        case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
        case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
        case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
        case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
        case X509_V_ERR_DIFFERENT_CRL_SCOPE:
        case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
            return true;
        default:
            return false;
    }
}

std::string sentence_of(const std::string& condition, const CertificateFault& fault,
                        const Verification& verification, const std::string& host) {
    const std::string of =
        fault.depth == 0 ? "the certificate of " + host : "a certificate in the chain of " + host;
    if (condition == "cert.pin_mismatch") {
        return "the certificate of " + host + " is not the pinned one; its SHA-256 fingerprint is " +
               verification.fingerprint;
    }
    if (condition == "cert.host_mismatch") {
        return "the certificate of " + host + " is made out to " +
               (verification.names.empty() ? "nobody" : verification.names) + ", not to " + host;
    }
    if (condition == "cert.expired") return of + " expired on " + day(fault.not_after);
    if (condition == "cert.not_yet_valid") return of + " is not valid before " + day(fault.not_before);
    if (condition == "cert.self_signed") {
        return "the certificate of " + host + " is signed by itself, not by a trusted authority";
    }
    if (condition == "cert.self_signed_chain" || condition == "cert.unknown_ca") {
        return "the certificate of " + host + " was issued by \"" + fault.issuer +
               "\", an authority that is not trusted here";
    }
    if (condition == "cert.revoked") return of + " has been revoked by its authority";
    if (is_about_the_list(fault.code)) {
        const bool over = fault.code == X509_V_ERR_CRL_HAS_EXPIRED;
        return of + " cannot be checked: the revocation list of \"" + fault.issuer + "\" in tls.ca_file " +
               (over ? "is out of date"
                     : std::string("cannot be used: ") + X509_verify_cert_error_string(fault.code));
    }
    if (condition == "cert.weak") return of + " uses a key or signature that is too weak";
    return of + " is not acceptable: " + X509_verify_cert_error_string(fault.code);
}

}  // namespace

void install_verification(SSL_CTX* context) {
    SSL_CTX_set_cert_verify_callback(context, verify_chain, nullptr);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, note_fault);
}

bool would_pass(X509* certificate, const std::string& host, const Verification& verification) {
    if (certificate == nullptr) return false;
    if (verification.unproven) return true;
    if (!verification.pin.empty() && fingerprint_of(certificate) != verification.pin) return false;
    if (verification.pin_alone) return true;
    const std::time_t now = std::time(nullptr);
    if (not_before(certificate) > now || not_after(certificate) <= now) return false;
    const int by_address = X509_check_ip_asc(certificate, host.c_str(), 0);
    constexpr int not_an_address = -2;
    if (by_address != not_an_address) return by_address == 1;
    const std::string name = without_root(host);
    return !name.empty() && X509_check_host(certificate, name.data(), name.size(), name_flags, nullptr) == 1;
}

bool attach_verification(SSL* ssl, const std::string& host, Verification& verification) {
    SSL_set_app_data(ssl, &verification);
    SSL_set_cert_cb(ssl, note_request, nullptr);
    X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return true;
    const std::string name = without_root(host);
    X509_VERIFY_PARAM_set_hostflags(parameters, name_flags);
    // An empty name would switch the check off.
    return !name.empty() && SSL_set1_host(ssl, name.c_str()) == 1 &&
           SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

Failure certificate_failure(const Verification& verification, const std::string& host) {
    std::vector<CertificateFault> faults = verification.faults;
    std::stable_sort(faults.begin(), faults.end(),
                     [](const auto& a, const auto& b) { return rank(a) < rank(b); });
    const CertificateFault& leading = faults.front();
    const std::string condition = condition_of(leading);
    std::string also;
    for (const CertificateFault& fault : faults) {
        const std::string other = condition_of(fault);
        if (other == condition || also.find(other) != std::string::npos) continue;
        also += (also.empty() ? "" : ", ") + other;
    }
    Failure failure(Stage::tls, condition, sentence_of(condition, leading, verification, host));
    auto& details = failure.facts().details;
    details = {{"host", host},
               {"names", verification.names},
               {"issuer", leading.issuer},
               {"not_before", leading.not_before},
               {"not_after", leading.not_after},
               {"now", utc_text(std::time(nullptr))},
               {"fingerprint", verification.fingerprint},
               {"chain_length", std::to_string(verification.certificates_sent)}};
    if (!also.empty()) details["also"] = also;
    return failure;
}

}  // namespace mailsend::net
