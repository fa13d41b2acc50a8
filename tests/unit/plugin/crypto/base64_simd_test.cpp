#include "crypto/base64_simd.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <string>

#include "crypto/base64.hpp"

namespace mailsend::crypto {
namespace {

constexpr char guard = '\x7E';

std::string random_bytes(std::size_t size, std::mt19937& random) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    return bytes;
}

/// Bit by bit, in the words of RFC 4648 section 4: shares nothing with what it checks.
std::string by_the_letter(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned sextet = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        for (unsigned bit = 8; bit-- > 0;) {
            sextet = sextet << 1 | (static_cast<unsigned char>(c) >> bit & 1U);
            if (++bits == 6) {
                out += alphabet[sextet];
                sextet = bits = 0;
            }
        }
    }
    if (bits > 0) out += alphabet[sextet << (6 - bits)];
    while (out.size() % 4 != 0) out += '=';
    return out;
}

/// `bytes` where a read before or behind them is one outside of the allocation, `shift` behind its start.
class Exact {
  public:
    Exact(std::string_view bytes, std::size_t shift)
        : memory_(new char[bytes.size() + shift]), shift_(shift) {
        bytes.copy(memory_.get() + shift_, bytes.size());
    }
    const char* data() const { return memory_.get() + shift_; }

  private:
    std::unique_ptr<char[]> memory_;
    std::size_t shift_;
};

/// What `write` puts at an odd address, nothing before or behind it.
template <class Write>
std::string written(std::size_t size, std::size_t shift, const Write& write) {
    std::string memory(shift + size + 40, guard);
    write(memory.data() + shift);
    EXPECT_EQ(memory.substr(0, shift), std::string(shift, guard)) << "wrote before the beginning";
    EXPECT_EQ(memory.substr(shift + size), std::string(40, guard)) << "wrote behind the end";
    return memory.substr(shift, size);
}

TEST(Base64Loops, EndWithTheScalarOneWhateverTheProcessor) {
    ASSERT_FALSE(base64_loops().empty());
    EXPECT_STREQ(base64_loops().back().name, "scalar");
}

TEST(Base64Loops, WriteTheSameCharactersForEveryLengthAndAlignment) {
    std::mt19937 random(8);
    const std::string bytes = random_bytes(4096, random);
    const std::string expected = by_the_letter(bytes);
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const std::size_t whole = size / 3 * 3;
        for (const Base64Loops& loops : base64_loops()) {
            const Exact from(std::string_view(bytes).substr(0, whole), random() % 64);
            const std::string out =
                written(whole / 3 * 4, random() % 64, [&](char* to) { loops.block(from.data(), whole, to); });
            ASSERT_EQ(out, expected.substr(0, whole / 3 * 4)) << loops.name << ' ' << size;
        }
    }
}

TEST(Base64Loops, WrapTheSameLinesForEveryCountAndAlignment) {
    std::mt19937 random(9);
    const std::string bytes = random_bytes(73 * base64_line_bytes, random);
    std::string expected;
    for (std::size_t count = 0; count <= 72; ++count) {
        for (const Base64Loops& loops : base64_loops()) {
            for (int round = 0; round < 4; ++round) {
                const Exact from(std::string_view(bytes).substr(0, count * base64_line_bytes), random() % 64);
                const std::string out = written(count * (base64_line_size + 2), random() % 64,
                                                [&](char* to) { loops.lines(from.data(), count, to); });
                ASSERT_EQ(out, expected) << loops.name << ' ' << count;
            }
        }
        expected += "\r\n" + by_the_letter(bytes.substr(count * base64_line_bytes, base64_line_bytes));
    }
}

TEST(Base64Loops, KnowEverySextetInEveryPlace) {
    for (unsigned sextet = 0; sextet < 64; ++sextet) {
        const unsigned group = sextet << 18 | sextet << 12 | sextet << 6 | sextet;
        std::string bytes;
        for (int i = 0; i < 64; ++i) {
            for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>(group >> shift & 255U);
        }
        for (const Base64Loops& loops : base64_loops()) {
            std::string out(256, guard);
            loops.block(bytes.data(), bytes.size(), out.data());
            EXPECT_EQ(out, std::string(256, by_the_letter(bytes).front())) << loops.name << ' ' << sextet;
        }
    }
}

TEST(Base64Loops, WrapInPlaceWhenBothEndTogether) {
    std::mt19937 random(10);
    for (std::size_t count = 1; count < 40; ++count) {
        const std::string bytes = random_bytes(count * base64_line_bytes, random);
        for (const Base64Loops& loops : base64_loops()) {
            std::string apart(count * (base64_line_size + 2), '\0');
            loops.lines(bytes.data(), count, apart.data());
            std::string memory(apart.size(), '\0');
            char* const tail = memory.data() + memory.size() - bytes.size();
            bytes.copy(tail, bytes.size());
            loops.lines(tail, count, memory.data());
            ASSERT_EQ(memory, apart) << loops.name << ' ' << count;
        }
    }
}

TEST(Base64, IsWhatTheLetterOfTheRfcSaysForEveryLength) {
    std::mt19937 random(11);
    const std::string bytes = random_bytes(700, random);
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const std::string_view part = std::string_view(bytes).substr(0, size);
        const std::string expected = by_the_letter(part);
        EXPECT_EQ(base64_encode(part), expected);
        const std::string out = written(
            expected.size(), 3, [&](char* to) { EXPECT_EQ(base64_encode_to(part, to), expected.size()); });
        EXPECT_EQ(out, expected);
    }
}

}  // namespace
}  // namespace mailsend::crypto
