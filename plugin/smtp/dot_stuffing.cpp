#include "smtp/dot_stuffing.hpp"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <bit>
#include <emmintrin.h>
#endif

namespace mailsend::smtp {
namespace {

/// As next_leading_dot, for `at` > 0. Dots are rarer than lines in what is encoded, and as rare in text.
std::size_t dot_behind_line_feed(std::string_view text, std::size_t at) noexcept {
    while (at < text.size()) {
        const void* const dot = std::memchr(text.data() + at, '.', text.size() - at);
        if (dot == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const char*>(dot) - text.data());
        if (text[at - 1] == '\n') return at;
        ++at;
    }
    return text.size();
}

#if defined(__SSE2__)

/// Sixteen octets in a step, whatever they are: every x86-64 has SSE2.
std::size_t dot_behind_line_feed_by_16(std::string_view text, std::size_t at) noexcept {
    constexpr std::size_t step = 16;
    const __m128i line_feeds = _mm_set1_epi8('\n');
    const __m128i dots = _mm_set1_epi8('.');
    const auto octets = [&](std::size_t from) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
    };
    for (; at + step <= text.size(); at += step) {
        const __m128i found =
            _mm_and_si128(_mm_cmpeq_epi8(octets(at), dots), _mm_cmpeq_epi8(octets(at - 1), line_feeds));
        const auto places = static_cast<unsigned>(_mm_movemask_epi8(found));
        if (places != 0) return at + static_cast<std::size_t>(std::countr_zero(places));
    }
    return dot_behind_line_feed(text, at);
}

#endif

}  // namespace

std::size_t next_leading_dot(std::string_view text, std::size_t from, bool at_line_start) noexcept {
    if (from == 0 && !text.empty()) {
        if (at_line_start && text.front() == '.') return 0;
        from = 1;
    }
#if defined(__SSE2__)
    return dot_behind_line_feed_by_16(text, from);
#else
    return dot_behind_line_feed(text, from);
#endif
}

void DotStuffing::append(std::string_view chunk, std::string& out) {
    if (chunk.empty()) return;
    std::size_t done = 0;
    for (std::size_t at = next_leading_dot(chunk, 0, at_line_start_); at < chunk.size();
         at = next_leading_dot(chunk, at + 1, at_line_start_)) {
        out.append(chunk.substr(done, at - done)).push_back('.');
        done = at;
    }
    out.append(chunk.substr(done));
    at_line_start_ = chunk.back() == '\n';
}

}  // namespace mailsend::smtp
