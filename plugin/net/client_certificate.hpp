/// The certificate that a client shows to servers that ask for one.
///
/// Guarantees: the key's text is read where it lies and not copied here; no failure quotes it. OpenSSL's own
/// working buffers are not ours to wipe. Does not look at dates, issuer or purpose: whether a certificate is
/// good enough is for the server to say.
#pragma once

#include <openssl/ssl.h>
#include <string_view>

namespace mailsend::net {

/// Lets `context` show the certificate of `pem`, which holds PEM blocks in any order: certificates, the one
/// key that belongs to one of them, and whatever else. The other certificates are sent with it as far as they
/// are its issuers, each followed by its own; not those that issued themselves, which a server knows or does
/// not believe, and none that `pem` does not hold.
/// Throws Failure(settings, "tls.client_certificate") at /tls/client_certificate with a sentence that goes on
/// from "it".
void show_certificate(SSL_CTX* context, std::string_view pem);

}  // namespace mailsend::net
