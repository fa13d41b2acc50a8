#include "net/http_body.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "net/http_failure.hpp"

namespace mailsend::net {
namespace {

constexpr std::size_t longest_line = 4096;
/// One byte a chunk is odd but allowed; lines for nothing but themselves are not.
constexpr std::size_t free_framing = 64U << 10U;
constexpr std::size_t framing_for_a_byte = 8;

using Block = std::array<char, 4096>;

}  // namespace

HttpBody::HttpBody(Source source, std::string host, std::size_t limit)
    : source_(std::move(source)), host_(std::move(host)), limit_(limit) {}

wfc::SecretString HttpBody::read(const HttpFraming& framing) {
    if (framing.none) return {};
    if (framing.chunked) {
        take_chunks();
    } else if (framing.length) {
        need_room(*framing.length);
        take(*framing.length);
    } else {
        take_to_end();
    }
    return std::move(body_);
}

void HttpBody::need_room(std::uint64_t size) const {
    if (size > limit_ - body_.size()) throw http_too_large("the answer of " + host_, limit_);
}

void HttpBody::take(std::uint64_t size) {
    Block block;
    while (size > 0) {
        const std::size_t count = source_(block.data(), std::min<std::uint64_t>(size, block.size()));
        if (count == 0) throw http_closed(host_);
        body_.append(block.data(), count);
        wfc::wipe(block.data(), count);
        size -= count;
    }
}

void HttpBody::take_to_end() {
    Block block;
    while (const std::size_t count = source_(block.data(), block.size())) {
        const bool fits = count <= limit_ - body_.size();
        if (fits) body_.append(block.data(), count);
        wfc::wipe(block.data(), count);
        if (!fits) need_room(count);
    }
}

void HttpBody::take_chunks() {
    while (const std::uint64_t size = chunk_size()) {
        need_room(size);
        take(size);
        if (!line().empty()) throw http_garbage(host_);
    }
    while (!line().empty()) {
    }
}

/// Up to a line feed, without it and a carriage return before it.
std::string HttpBody::line() {
    std::string text;
    for (;;) {
        char byte = 0;
        if (source_(&byte, 1) == 0) throw http_closed(host_);
        if (++framing_ > free_framing + framing_for_a_byte * body_.size()) throw http_garbage(host_);
        if (byte == '\n') break;
        if (text.size() == longest_line) throw http_garbage(host_);
        text += byte;
    }
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
}

/// RFC 9112 section 7.1: hexadecimal, perhaps with extensions behind a semicolon.
std::uint64_t HttpBody::chunk_size() {
    const std::string text = line();
    std::uint64_t size = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, size, 16);
    const bool ended = rest == end || *rest == ';' || *rest == ' ' || *rest == '\t';
    if (error == std::errc::result_out_of_range) throw http_too_large("the answer of " + host_, limit_);
    if (error != std::errc() || !ended) throw http_garbage(host_);
    return size;
}

}  // namespace mailsend::net
