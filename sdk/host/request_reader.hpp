/// One HTTP/1.x request of a browser, read as its bytes come (RFC 9112).
///
/// Guarantees: bounded (head 32 KiB, body 64 KiB); the request line and the body, which may hold secrets, are
/// kept in wiped memory alone; what could be read in two ways (two Host fields, a transfer coding, a line
/// without CR) is refused. Reads no second request.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wfc/secret.hpp"

namespace wfc {

class RequestReader {
  public:
    static constexpr std::size_t most_head = 32 * 1024;
    static constexpr std::size_t most_body = 64 * 1024;

    enum class Progress { more, whole, refused };
    /// Takes the next bytes; none are to follow once it is whole or refused.
    Progress take(std::string_view bytes);

    /// The status of the answer to a refused request: 400, 411, 413, 431 or 505.
    int refusal() const noexcept { return refusal_; }
    bool empty() const noexcept { return bytes_.empty(); }

    // Of a whole request; what is borrowed lives as long as this.
    std::string_view method() const noexcept { return part(method_); }
    std::string_view path() const noexcept { return part(path_); }    ///< as it was sent, not decoded
    std::string_view query() const noexcept { return part(query_); }  ///< without the question mark
    std::string_view body() const noexcept { return part(body_); }
    const std::string& host() const noexcept { return host_; }
    const std::string& media_type() const noexcept {
        return media_type_;
    }  ///< in small letters, no parameters
    /// Also of a refused request, where its head could be read.
    const std::string& accept_language() const noexcept { return accept_language_; }

  private:
    struct Span {
        std::size_t at = 0, size = 0;
    };
    std::string_view part(Span span) const noexcept { return bytes_.reveal().substr(span.at, span.size); }
    Progress refuse(int status) noexcept;
    Progress read_head(std::size_t size);
    int read_request_line(std::string_view line) noexcept;
    int read_fields(std::string_view fields);

    SecretString bytes_{};
    std::size_t searched_ = 0;
    Span method_{}, path_{}, query_{}, body_{};
    bool head_read_ = false;
    int refusal_ = 0;
    std::string host_{}, media_type_{}, accept_language_{};
};

/// Of the statuses that answers to such requests have (RFC 9110 section 15).
std::string_view reason_phrase(int status) noexcept;

}  // namespace wfc
