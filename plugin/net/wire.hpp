/// A socket as OpenSSL sees it: a BIO of our own.
///
/// Guarantees: sending never raises SIGPIPE (OpenSSL's own socket BIO does), nothing blocks, errno is kept
/// where OpenSSL cannot lose it, the first bytes of the peer stay readable for the diagnosis of a handshake
/// that failed.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <openssl/bio.h>
#include <string>

namespace mailsend::net {

/// What the BIO works on; outlives the BIO. Does not own the descriptor.
struct Wire {
    int descriptor = -1;
    int error = 0;  ///< errno of the operation that failed last, 0 when it did not
    std::array<char, 16> first{};
    std::size_t first_size = 0;
};

struct FreeBioMethod {
    void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};
using BioMethod = std::unique_ptr<BIO_METHOD, FreeBioMethod>;

/// A method table of its own for each stream: OpenSSL stays loaded when this library is unloaded, so nothing
/// may be shared.
BioMethod new_wire_method();

/// A BIO on `wire`, owned by the caller. Null when memory is short.
BIO* new_wire_bio(const BIO_METHOD* method, Wire& wire);

/// What the peer said first, as text of one line; empty when it is not readable text. Looks also at bytes not
/// yet taken from the socket.
std::string first_words(const Wire& wire);

}  // namespace mailsend::net
