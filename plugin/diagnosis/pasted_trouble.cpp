#include "diagnosis/pasted_trouble.hpp"

#include <algorithm>

#include "diagnosis/pasted_lines.hpp"
#include "outcome/document.hpp"

namespace mailsend::diagnosis {
namespace {

struct Sign {
    std::string_view words;  ///< in lower case
    Stage stage;
    const char* condition;
};

// The first that is found counts: certificates before TLS, TLS before sockets, since each error names what it
// rests on as well ("certificate verify failed: certificate has expired").
constexpr Sign signs[] = {
    {"self-signed certificate in certificate chain", Stage::tls, "cert.self_signed_chain"},
    {"self signed certificate in certificate chain", Stage::tls, "cert.self_signed_chain"},
    {"self_signed_cert_in_chain", Stage::tls, "cert.self_signed_chain"},
    {"x509_v_err_self_signed_cert_in_chain", Stage::tls, "cert.self_signed_chain"},
    {"self-signed certificate", Stage::tls, "cert.self_signed"},
    {"self signed certificate", Stage::tls, "cert.self_signed"},
    {"depth_zero_self_signed_cert", Stage::tls, "cert.self_signed"},
    {"certificate has expired or is not yet valid", Stage::tls, "cert.expired"},
    {"certificate is not yet valid", Stage::tls, "cert.not_yet_valid"},
    {"cert_not_yet_valid", Stage::tls, "cert.not_yet_valid"},
    {"certificatenotyetvalid", Stage::tls, "cert.not_yet_valid"},
    {"certificate has expired", Stage::tls, "cert.expired"},
    {"certificate expired", Stage::tls, "cert.expired"},
    {"cert_has_expired", Stage::tls, "cert.expired"},
    {"certificateexpiredexception", Stage::tls, "cert.expired"},
    {"certificate verify failed: 10", Stage::tls, "cert.expired"},
    {"certificate revoked", Stage::tls, "cert.revoked"},
    {"cert_revoked", Stage::tls, "cert.revoked"},
    {"does not match certificate", Stage::tls, "cert.host_mismatch"},
    {"err_tls_cert_altname_invalid", Stage::tls, "cert.host_mismatch"},
    {"hostname mismatch", Stage::tls, "cert.host_mismatch"},
    {"ip address mismatch", Stage::tls, "cert.host_mismatch"},
    {"certificate is not valid for", Stage::tls, "cert.host_mismatch"},
    {"certificate is valid for", Stage::tls, "cert.host_mismatch"},
    {"no subject alternative", Stage::tls, "cert.host_mismatch"},
    {"remotecertificatenamemismatch", Stage::tls, "cert.host_mismatch"},
    {"no name matching", Stage::tls, "cert.host_mismatch"},
    {"hostname doesn't match", Stage::tls, "cert.host_mismatch"},
    {"unable to get local issuer certificate", Stage::tls, "cert.unknown_ca"},
    {"unable to get issuer certificate", Stage::tls, "cert.unknown_ca"},
    {"certificate not trusted", Stage::tls, "cert.unknown_ca"},
    {"unable to verify the first certificate", Stage::tls, "cert.unknown_ca"},
    {"unable_to_get_issuer_cert", Stage::tls, "cert.unknown_ca"},
    {"unable_to_verify_leaf_signature", Stage::tls, "cert.unknown_ca"},
    {"certificate signed by unknown authority", Stage::tls, "cert.unknown_ca"},
    {"unable to find valid certification path", Stage::tls, "cert.unknown_ca"},
    {"pkix path building failed", Stage::tls, "cert.unknown_ca"},
    {"remotecertificatechainerrors", Stage::tls, "cert.unknown_ca"},
    {"certificate key too weak", Stage::tls, "cert.weak"},
    {"digest algorithm too weak", Stage::tls, "cert.weak"},
    {"0a00010b", Stage::tls, "tls.plaintext_server"},
    {"wrong version number", Stage::tls, "tls.plaintext_server"},
    {"wrong_version_number", Stage::tls, "tls.plaintext_server"},
    {"first record does not look like a tls handshake", Stage::tls, "tls.plaintext_server"},
    {"unsupported or unrecognized ssl message", Stage::tls, "tls.plaintext_server"},
    {"plaintext connection?", Stage::tls, "tls.plaintext_server"},
    {"packet length too long", Stage::tls, "tls.plaintext_server"},
    {"0a00042e", Stage::tls, "tls.version_server"},
    {"alert protocol version", Stage::tls, "tls.version_server"},
    {"protocol version not supported", Stage::tls, "tls.version_server"},
    {"0a000102", Stage::tls, "tls.version_local"},
    {"0a0000bf", Stage::tls, "tls.version_local"},
    {"unsupported protocol", Stage::tls, "tls.version_local"},
    {"no protocols available", Stage::tls, "tls.version_local"},
    {"no appropriate protocol", Stage::tls, "tls.version_local"},
    {"0a00045c", Stage::tls, "tls.client_cert"},
    {"alert certificate required", Stage::tls, "tls.client_cert"},
    {"0a000418", Stage::tls, "tls.client_cert_refused"},
    {"alert unknown ca", Stage::tls, "tls.client_cert_refused"},
    {"0a00018a", Stage::tls, "tls.weak_server"},
    {"dh key too small", Stage::tls, "tls.weak_server"},
    {"0a00018e", Stage::tls, "tls.weak_server"},
    {"ca md too weak", Stage::tls, "tls.weak_server"},
    {"0a000172", Stage::tls, "tls.weak_server"},
    {"wrong signature type", Stage::tls, "tls.weak_server"},
    {"unsafe legacy renegotiation", Stage::tls, "tls.weak_server"},
    {"0a000410", Stage::tls, "tls.no_cipher"},
    {"alert handshake failure", Stage::tls, "tls.no_cipher"},
    {"handshake_failure", Stage::tls, "tls.no_cipher"},
    {"no cipher suites in common", Stage::tls, "tls.no_cipher"},
    {"0a000126", Stage::tls, "tls.eof"},
    {"unexpected eof while reading", Stage::tls, "tls.eof"},
    {"eof occurred in violation of protocol", Stage::tls, "tls.eof"},
    {"disconnected before secure tls connection", Stage::tls, "tls.eof"},
    {"remote host terminated the handshake", Stage::tls, "tls.eof"},
    {"tls handshake timeout", Stage::tls, "tls.timeout"},
    {"certificate verify failed", Stage::tls, "cert.invalid"},
    {"0a000086", Stage::tls, "cert.invalid"},
    {"tls handshake", Stage::tls, "tls.handshake"},
    {"ssl handshake", Stage::tls, "tls.handshake"},
    {"starttls is not supported", Stage::starttls, "starttls.missing"},
    {"starttls extension not supported", Stage::starttls, "starttls.missing"},
    {"server does not support starttls", Stage::starttls, "starttls.missing"},
    {"starttls is required but", Stage::starttls, "starttls.missing"},
    {"tls is required, but was not offered", Stage::starttls, "starttls.missing"},
    {"smtp auth extension not supported", Stage::auth, "auth.not_offered"},
    {"server doesn't support auth", Stage::auth, "auth.not_offered"},
    {"no suitable authentication method found", Stage::auth, "auth.no_mechanism"},
    {"exceeds size limit", Stage::mail, "mail.size_exceeded"},
    {"eai_again", Stage::resolve, "dns.temporary"},
    {"temporary failure in name resolution", Stage::resolve, "dns.temporary"},
    {"host not found, try again", Stage::resolve, "dns.temporary"},
    {"enotfound", Stage::resolve, "dns.nxdomain"},
    {"nxdomain", Stage::resolve, "dns.nxdomain"},
    {"name or service not known", Stage::resolve, "dns.nxdomain"},
    {"host or domain name not found", Stage::resolve, "dns.nxdomain"},
    {"nodename nor servname provided", Stage::resolve, "dns.nxdomain"},
    {"no such host", Stage::resolve, "dns.nxdomain"},
    {"unknownhostexception", Stage::resolve, "dns.nxdomain"},
    {"eai_noname", Stage::resolve, "dns.nxdomain"},
    {"getaddrinfo failed", Stage::resolve, "dns.nxdomain"},
    {"wsahost_not_found", Stage::resolve, "dns.nxdomain"},
    {"unknown host", Stage::resolve, "dns.nxdomain"},
    {"host not found", Stage::resolve, "dns.nxdomain"},
    {"could not resolve host", Stage::resolve, "dns.nxdomain"},
    {"no address associated with hostname", Stage::resolve, "dns.nodata"},
    {"eai_nodata", Stage::resolve, "dns.nodata"},
    {"wsano_data", Stage::resolve, "dns.nodata"},
    {"enodata", Stage::resolve, "dns.nodata"},
    {"servfail", Stage::resolve, "dns.temporary"},
    {"wsatry_again", Stage::resolve, "dns.temporary"},
    {"edns", Stage::resolve, "dns.temporary"},
    {"eai_fail", Stage::resolve, "dns.fail"},
    {"non-recoverable failure in name resolution", Stage::resolve, "dns.fail"},
    {"econnrefused", Stage::connect, "conn.refused"},
    {"connection refused", Stage::connect, "conn.refused"},
    {"actively refused it", Stage::connect, "conn.refused"},
    {"10061", Stage::connect, "conn.refused"},
    {"enetunreach", Stage::connect, "net.unreachable"},
    {"network is unreachable", Stage::connect, "net.unreachable"},
    {"ehostunreach", Stage::connect, "net.host_unreachable"},
    {"no route to host", Stage::connect, "net.host_unreachable"},
    {"greeting never received", Stage::greeting, "greet.timeout"},
    {"receiving the initial server greeting", Stage::greeting, "greet.eof"},
    {"timed out while receiving the initial", Stage::greeting, "greet.timeout"},
    {"etimedout", Stage::connect, "conn.timeout"},
    {"connection timed out", Stage::connect, "conn.timeout"},
    {"connect timed out", Stage::connect, "conn.timeout"},
    {"connection timeout", Stage::connect, "conn.timeout"},
    {"failed to respond", Stage::connect, "conn.timeout"},
    {"i/o timeout", Stage::connect, "conn.timeout"},
    {"10060", Stage::connect, "conn.timeout"},
    {"timeouterror", Stage::connect, "conn.timeout"},
    {"could not connect to smtp host", Stage::connect, "conn.timeout"},
    {"operation timed out", Stage::connect, "conn.timeout"},
    {"smtp connect() failed", Stage::connect, "conn.timeout"},
    {"curl: (7) failed to connect", Stage::connect, "conn.refused"},
    {"econnreset", Stage::connect, "conn.reset"},
    {"connection reset by peer", Stage::connect, "conn.reset"},
    {"connection reset", Stage::connect, "conn.reset"},
    {"epipe", Stage::connect, "conn.reset"},
    {"broken pipe", Stage::connect, "conn.reset"},
    {"connection unexpectedly closed", Stage::connect, "conn.closed"},
    {"connection closed unexpectedly", Stage::connect, "conn.closed"},
    {"smtpserverdisconnected", Stage::connect, "conn.closed"},
    {"unexpected socket close", Stage::connect, "conn.closed"},
    {"eacces", Stage::connect, "conn.denied_locally"},
    {"permission denied", Stage::connect, "conn.denied_locally"},
    {"eperm", Stage::connect, "conn.denied_locally"},
};

constexpr std::string_view of_sockets[] = {"connect", "socket", "bind ", "bind(", "dial ", "sockopen"};

struct ApiSentence {
    std::string_view words;  ///< in lower case
    const char* api;
    const char* http_status;
    const char* code;
};

constexpr ApiSentence api_sentences[] = {
    {"delegation denied for", "gmail", "403", ""},
    {"over its mailboxconcurrency limit", "graph", "429", ""},
    {"invalidauthenticationtoken", "graph", "401", "InvalidAuthenticationToken"},
};

bool part_of_word(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}

/// Whether `words` stand in `text` as words of their own.
bool stands_in(std::string_view text, std::string_view words) {
    for (std::size_t at = text.find(words); at != text.npos; at = text.find(words, at + 1)) {
        const bool begins = at == 0 || !part_of_word(text[at - 1]) || !part_of_word(words.front());
        const std::size_t end = at + words.size();
        const bool ends = end >= text.size() || !part_of_word(text[end]) || words.size() > 8;
        if (begins && ends) return true;
    }
    return false;
}

/// "ENOTFOUND smtp.example.test", "ECONNREFUSED 192.0.2.1:587": what was looked for, and its port.
void add_place(Facts& facts, std::string_view text, std::size_t at) {
    std::string_view place = trimmed(text.substr(std::min(at, text.size())));
    place = place.substr(0, place.find_first_of(" \t\n,;()'\""));
    const std::size_t colon = place.find(':');
    const std::string_view host = place.substr(0, colon);
    const bool plain =
        std::all_of(host.begin(), host.end(), [](char c) { return part_of_word(c) || c == '.' || c == '-'; });
    if (!plain || host.find('.') == host.npos || host.starts_with('.') || host.size() > 253) return;
    facts.details["host"] = host;
    if (colon == place.npos) return;
    const std::string_view port = place.substr(colon + 1);
    if (!port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos)
        facts.details["port"] = port;
}

/// A permission may as well be that of a file.
bool of_a_socket(std::string_view line) {
    return std::any_of(std::begin(of_sockets), std::end(of_sockets),
                       [&](std::string_view word) { return line.find(word) != line.npos; });
}

/// The line that holds the words, for the person to recognise.
std::string line_of(std::string_view text, std::string_view low, std::string_view words) {
    const std::size_t at = std::min(low.find(words), text.size());
    const std::size_t feed = at == 0 ? text.npos : text.rfind('\n', at - 1);
    const std::size_t begin = feed == text.npos ? 0 : feed + 1;
    std::string_view line = text.substr(begin);
    line = trimmed(line.substr(0, line.find('\n')));
    while (line.ends_with('.')) line.remove_suffix(1);
    return printable(line, 300);
}

}  // namespace

std::optional<Facts> api_in_text(std::string_view text) {
    const std::string low = lowered(text);
    for (const ApiSentence& sentence : api_sentences) {
        if (!stands_in(low, sentence.words)) continue;
        Facts facts;
        facts.stage = Stage::api;
        facts.condition = "api.refused";
        facts.sentence = line_of(text, low, sentence.words);
        facts.details = {
            {"api", sentence.api}, {"http_status", sentence.http_status}, {"api_message", facts.sentence}};
        if (*sentence.code != '\0') facts.details["api_code"] = sentence.code;
        return facts;
    }
    return std::nullopt;
}

std::optional<Facts> trouble_in_text(std::string_view text) {
    const std::string low = lowered(text);
    for (const Sign& sign : signs) {
        if (!stands_in(low, sign.words)) continue;
        Facts facts;
        facts.stage = sign.stage;
        facts.condition = sign.condition;
        facts.sentence = line_of(text, low, sign.words);
        if (facts.condition == "conn.denied_locally" && !of_a_socket(lowered(facts.sentence))) continue;
        if (sign.stage != Stage::tls) add_place(facts, text, low.find(sign.words) + sign.words.size());
        return facts;
    }
    return std::nullopt;
}

}  // namespace mailsend::diagnosis
