/// A socket as OpenSSL sees it: a BIO of our own.
///
/// Guarantees: sending never raises SIGPIPE (OpenSSL's own socket BIO does), nothing blocks, errno is kept
/// where OpenSSL cannot lose it, the first bytes of the peer stay readable for the diagnosis of a handshake
/// that failed. Takes what the socket has in one call, so that OpenSSL's two reads for each record, and the
/// records of a flight, cost one.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <openssl/bio.h>
#include <string>

namespace mailsend::net {

/// What the BIO works on; outlives the BIO. Does not own the descriptor. Whoever reads may fill `input` while
/// another writes; everything else is for one thread at a time.
struct Wire {
    int descriptor = -1;
    int error = 0;  ///< errno of the operation that failed last, 0 when it did not
    struct Input {
        std::array<char, 8192> bytes;
        std::size_t begin = 0;
        std::size_t end = 0;
        int error = 0;  ///< what taking more ended with; the kernel tells it once
        bool empty() const noexcept { return begin == end; }
    } input;
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
