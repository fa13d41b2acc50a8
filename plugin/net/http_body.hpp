/// The body of an HTTP answer (RFC 9112 section 6), read without Poco's streams, which take a damaged chunk
/// for the end and keep copies.
///
/// Guarantees: no more than `limit` bytes are ever held; a body that breaks off or is framed badly is a
/// failure. Trailers are read over. Knows no transfer coding but chunked.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "wfc/secret.hpp"

namespace mailsend::net {

/// How the head says that the body ends.
struct HttpFraming {
    bool none = false;     ///< there is no body, whatever the fields say
    bool chunked = false;  ///< before `length`
    std::optional<std::uint64_t> length;
};

class HttpBody {
  public:
    /// Up to `most` bytes, at least one; 0 at the end of the connection.
    using Source = std::function<std::size_t(char* into, std::size_t most)>;

    /// `host` is for the words of failures.
    HttpBody(Source source, std::string host, std::size_t limit);

    /// Once. Throws Failure http.closed, http.garbage, http.too_large, and what the source throws.
    wfc::SecretString read(const HttpFraming& framing);

  private:
    void take(std::uint64_t size);
    void take_to_end();
    void take_chunks();
    std::string line();
    std::uint64_t chunk_size();
    void need_room(std::uint64_t size) const;

    Source source_;
    std::string host_;
    std::size_t limit_;
    std::size_t framing_ = 0;  ///< bytes of lines between chunks
    wfc::SecretString body_;
};

}  // namespace mailsend::net
