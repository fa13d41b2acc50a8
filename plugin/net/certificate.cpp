#include "net/certificate.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <memory>
#include <openssl/bio.h>
#include <openssl/x509v3.h>
#include <string_view>

namespace mailsend::net {
namespace {

constexpr std::size_t longest_text = 256;
constexpr int most_names = 20;
constexpr int most_issuers = 8;

std::string printable_ascii(std::string_view raw) {
    std::string text;
    for (const char c : raw.substr(0, longest_text)) text += c >= ' ' && c <= '~' ? c : '?';
    return text;
}

std::string text_of(const ASN1_STRING* string) {
    if (string == nullptr) return {};
    return printable_ascii({reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
                            static_cast<std::size_t>(ASN1_STRING_length(string))});
}

std::string entry(const X509_NAME* name, int nid) {
    const int index = X509_NAME_get_index_by_NID(name, nid, -1);
    if (index < 0) return {};
    return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
}

std::string address_text(const ASN1_OCTET_STRING* address) {
    const int size = ASN1_STRING_length(address);
    if (size != 4 && size != 16) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(address), text.data(), text.size());
    return text.data();
}

std::time_t moment_of(const ASN1_TIME* time) {
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? ::timegm(&parts) : 0;
}

}  // namespace

std::string utc_text(std::time_t moment) {
    std::tm parts{};
    ::gmtime_r(&moment, &parts);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

std::string subject_of(const X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    if (bio == nullptr) return {};
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    return printable_ascii({bytes, static_cast<std::size_t>(size)});
}

std::string issuer_of(const X509* certificate) {
    const X509_NAME* issuer = X509_get_issuer_name(certificate);
    const std::string common = entry(issuer, NID_commonName);
    return common.empty() ? entry(issuer, NID_organizationName) : common;
}

std::vector<std::string> issuers_of(const STACK_OF(X509) * chain) {
    std::vector<std::string> issuers;
    const int count = chain == nullptr ? 0 : std::min(sk_X509_num(chain), most_issuers);
    for (int i = 0; i < count; ++i) {
        std::string issuer = issuer_of(sk_X509_value(chain, i));
        if (!issuer.empty() && (issuers.empty() || issuers.back() != issuer)) {
            issuers.push_back(std::move(issuer));
        }
    }
    return issuers;
}

std::string names_of(const X509* certificate) {
    std::string list;
    const auto add = [&](const std::string& name) {
        if (!name.empty()) list += (list.empty() ? "" : ", ") + name;
    };
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &GENERAL_NAMES_free);
    const int count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names.get());
    for (int i = 0; i < count && i < most_names; ++i) {
        int type = 0;
        const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
        if (type == GEN_DNS) add(text_of(static_cast<const ASN1_STRING*>(value)));
        if (type == GEN_IPADD) add(address_text(static_cast<const ASN1_OCTET_STRING*>(value)));
    }
    if (list.empty()) add(entry(X509_get_subject_name(certificate), NID_commonName));
    return list;
}

std::string fingerprint_of(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        if (i > 0) text += ':';
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 15U];
    }
    return text;
}

std::time_t not_before(const X509* certificate) {
    return moment_of(X509_get0_notBefore(certificate));
}
std::time_t not_after(const X509* certificate) {
    return moment_of(X509_get0_notAfter(certificate));
}

}  // namespace mailsend::net
