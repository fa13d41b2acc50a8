/// Certificates that inbox::Authority does not make: RSA keys of any length, old digests, intermediate
/// authorities, and lists of those that were revoked.
///
/// Guarantees: everything stays in memory. Valid from an hour ago for a day.
#pragma once

#include <string>
#include <vector>

#include "inbox/certificates.hpp"

namespace test {

struct CertificateTerms {
    std::string name{};                ///< common name; of a server, the name that it answers for
    bool authority = false;            ///< may sign others
    unsigned rsa_bits = 0;             ///< 0: a P-256 key
    std::string digest = "SHA256";     ///< of the signature
    std::string usage = "serverAuth";  ///< extendedKeyUsage
};

/// Signed by `issuer`, or by itself. Throws std::runtime_error when OpenSSL fails.
inbox::Certificate make_certificate(const CertificateTerms& terms,
                                    const inbox::Certificate* issuer = nullptr);

/// A list of revoked certificates (PEM, each among `revoked`) that `issuer` signed. The offsets are seconds
/// from now. Throws std::runtime_error when OpenSSL fails.
std::string revocation_list(const inbox::Certificate& issuer, const std::vector<std::string>& revoked,
                            long last_update_offset_s = -3600, long next_update_offset_s = 86400);

}  // namespace test
