#include "crypto/base64_simd.hpp"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mailsend::crypto {

namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t line_end_size = 2;

void scalar_block(const char* bytes, std::size_t size, char* out) noexcept {
    for (std::size_t i = 0; i + 3 <= size; i += 3, out += 4) {
        const unsigned group = static_cast<unsigned>(static_cast<unsigned char>(bytes[i])) << 16 |
                               static_cast<unsigned>(static_cast<unsigned char>(bytes[i + 1])) << 8 |
                               static_cast<unsigned char>(bytes[i + 2]);
        out[0] = alphabet[group >> 18];
        out[1] = alphabet[group >> 12 & 63U];
        out[2] = alphabet[group >> 6 & 63U];
        out[3] = alphabet[group & 63U];
    }
}

void scalar_lines(const char* bytes, std::size_t count, char* out) noexcept {
    char line[base64_line_bytes];
    for (; count > 0; --count) {
        std::memcpy(line, bytes, sizeof line);
        std::memcpy(out, "\r\n", line_end_size);
        scalar_block(line, sizeof line, out + line_end_size);
        bytes += base64_line_bytes;
        out += line_end_size + base64_line_size;
    }
}

#if defined(__x86_64__)

#define MAILSEND_SSSE3 __attribute__((target("ssse3")))
#define MAILSEND_AVX2 __attribute__((target("avx2")))

constexpr std::size_t narrow = 12;  ///< bytes that become 16 characters
constexpr std::size_t wide = 24;    ///< bytes that become 32 characters

/// Where the last characters of a line begin: the whole register before its end, without a byte after it.
constexpr std::size_t last_bytes = base64_line_bytes - 16;
constexpr std::size_t last_characters = base64_line_size - 16;

MAILSEND_SSSE3 inline __m128i load(const char* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
MAILSEND_SSSE3 inline void store(char* to, __m128i characters) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), characters);
}

/// Bytes b c b a of each group, with which every sextet is one multiplication away; the twelve bytes begin at
/// `first` of the register.
template <char first>
MAILSEND_SSSE3 inline __m128i order() noexcept {
    const __m128i from_zero = _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    return _mm_add_epi8(from_zero, _mm_set1_epi8(first));
}

/// What has to be added to a sextet to make it a character, by class: a-z, ten digits, +, /, A-Z.
MAILSEND_SSSE3 inline __m128i offsets() noexcept {
    constexpr char digit = '0' - 52;
    return _mm_setr_epi8('a' - 26, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit,
                         '+' - 62, '/' - 63, 'A', 0, 0);
}

/// Sixteen characters for twelve bytes, which `ordering` picks out of the register. (Method: Wojciech Mula,
/// Daniel Lemire, "Faster Base64 Encoding and Decoding using AVX2 Instructions", 2018.)
MAILSEND_SSSE3 inline __m128i characters(__m128i bytes, __m128i ordering) noexcept {
    const __m128i groups = _mm_shuffle_epi8(bytes, ordering);
    const __m128i odd =
        _mm_mulhi_epu16(_mm_and_si128(groups, _mm_set1_epi32(0x0FC0FC00)), _mm_set1_epi32(0x04000040));
    const __m128i even =
        _mm_mullo_epi16(_mm_and_si128(groups, _mm_set1_epi32(0x003F03F0)), _mm_set1_epi32(0x01000010));
    const __m128i sextets = _mm_or_si128(odd, even);
    // 0-25 -> 13, 26-51 -> 0, 52-63 -> 1-12.
    const __m128i capital = _mm_and_si128(_mm_cmpgt_epi8(_mm_set1_epi8(26), sextets), _mm_set1_epi8(13));
    const __m128i kind = _mm_or_si128(_mm_subs_epu8(sextets, _mm_set1_epi8(51)), capital);
    return _mm_add_epi8(_mm_shuffle_epi8(offsets(), kind), sextets);
}

/// The same on two halves.
MAILSEND_AVX2 inline __m256i characters(__m256i bytes) noexcept {
    const __m256i groups = _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(order<0>()));
    const __m256i odd = _mm256_mulhi_epu16(_mm256_and_si256(groups, _mm256_set1_epi32(0x0FC0FC00)),
                                           _mm256_set1_epi32(0x04000040));
    const __m256i even = _mm256_mullo_epi16(_mm256_and_si256(groups, _mm256_set1_epi32(0x003F03F0)),
                                            _mm256_set1_epi32(0x01000010));
    const __m256i sextets = _mm256_or_si256(odd, even);
    const __m256i capital =
        _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), sextets), _mm256_set1_epi8(13));
    const __m256i kind = _mm256_or_si256(_mm256_subs_epu8(sextets, _mm256_set1_epi8(51)), capital);
    return _mm256_add_epi8(_mm256_shuffle_epi8(_mm256_broadcastsi128_si256(offsets()), kind), sextets);
}

/// 24 bytes, twelve in each half; four after them are read.
MAILSEND_AVX2 inline __m256i load_wide(const char* from) noexcept {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load(from)), load(from + narrow), 1);
}
MAILSEND_AVX2 inline void store_wide(char* to, __m256i characters) noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), characters);
}

MAILSEND_SSSE3 void ssse3_block(const char* bytes, std::size_t size, char* out) noexcept {
    for (; size >= 16; size -= narrow, bytes += narrow, out += 16)
        store(out, characters(load(bytes), order<0>()));
    scalar_block(bytes, size, out);
}

MAILSEND_SSSE3 void ssse3_lines(const char* bytes, std::size_t count, char* out) noexcept {
    for (; count > 0; --count) {
        const __m128i a = load(bytes);
        const __m128i b = load(bytes + narrow);
        const __m128i c = load(bytes + 2 * narrow);
        const __m128i d = load(bytes + 3 * narrow);
        const __m128i e = load(bytes + last_bytes);
        std::memcpy(out, "\r\n", line_end_size);
        out += line_end_size;
        store(out, characters(a, order<0>()));
        store(out + 16, characters(b, order<0>()));
        store(out + 32, characters(c, order<0>()));
        store(out + 48, characters(d, order<0>()));
        store(out + last_characters, characters(e, order<16 - narrow>()));
        bytes += base64_line_bytes;
        out += base64_line_size;
    }
}

MAILSEND_AVX2 void avx2_block(const char* bytes, std::size_t size, char* out) noexcept {
    for (; size >= wide + 4; size -= wide, bytes += wide, out += 32)
        store_wide(out, characters(load_wide(bytes)));
    for (; size >= 16; size -= narrow, bytes += narrow, out += 16)
        store(out, characters(load(bytes), order<0>()));
    // GCC leaves it out before a tail call; without it all SSE code that runs later is slow.
    _mm256_zeroupper();
    scalar_block(bytes, size, out);
}

MAILSEND_AVX2 void avx2_lines(const char* bytes, std::size_t count, char* out) noexcept {
    for (; count > 0; --count) {
        const __m256i a = load_wide(bytes);
        const __m256i b = load_wide(bytes + wide);
        const __m128i c = load(bytes + last_bytes);
        std::memcpy(out, "\r\n", line_end_size);
        out += line_end_size;
        store_wide(out, characters(a));
        store_wide(out + 32, characters(b));
        store(out + last_characters, characters(c, order<16 - narrow>()));
        bytes += base64_line_bytes;
        out += base64_line_size;
    }
}

constexpr Base64Loops loops[] = {{"avx2", avx2_block, avx2_lines},
                                 {"ssse3", ssse3_block, ssse3_lines},
                                 {"scalar", scalar_block, scalar_lines}};

/// Entries of `loops` that this processor cannot run.
std::size_t out_of_reach() noexcept {
    if (__builtin_cpu_supports("avx2")) return 0;
    return __builtin_cpu_supports("ssse3") ? 1 : 2;
}

#else

constexpr Base64Loops loops[] = {{"scalar", scalar_block, scalar_lines}};

std::size_t out_of_reach() noexcept {
    return 0;
}

#endif

}  // namespace

std::span<const Base64Loops> base64_loops() noexcept {
    return std::span<const Base64Loops>(loops).subspan(out_of_reach());
}

}  // namespace mailsend::crypto
