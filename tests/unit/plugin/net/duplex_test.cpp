#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include "peer.hpp"

namespace {

using mailsend::net::Stream;
using mailsend::net::TlsVersion;
using mailsend::net::Trust;
using test::patience;
using test::Peer;
using namespace std::chrono_literals;

constexpr std::size_t much = 50U << 20U;
constexpr std::size_t piece = 64U << 10U;

/// Byte `at` of what each side sends.
char byte_at(std::size_t at) {
    return static_cast<char>((at * 31 + at / 251) & 0xff);
}

std::string bytes_from(std::size_t at, std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = byte_at(at + i);
    return bytes;
}

bool is_from(std::string_view bytes, std::size_t at) {
    return bytes == bytes_from(at, bytes.size());
}

/// How the peer reads and writes.
struct Side {
    std::function<void(const std::string&)> write;
    std::function<std::string()> read;
};

std::size_t read_checked(const Side& side, std::size_t at, std::size_t most) {
    std::size_t count = 0;
    while (count < most) {
        const std::string bytes = side.read();
        if (bytes.empty() || !is_from(bytes, at + count)) break;
        count += bytes.size();
    }
    return count;
}

/// Writes everything before it reads anything, or a piece of each in turn.
std::size_t talk(const Side& side, bool in_turn) {
    std::size_t heard = 0;
    for (std::size_t said = 0; said < much; said += piece) {
        side.write(bytes_from(said, piece));
        if (in_turn) heard += read_checked(side, heard, said + piece - heard);
    }
    return heard + read_checked(side, heard, much - heard);
}

void expect_both_ways(Stream& stream) {
    std::size_t said = 0;
    std::thread writer([&] {
        for (; said < much; said += piece) stream.write(bytes_from(said, piece), patience(60s));
    });
    std::size_t heard = 0;
    std::string bytes(piece, '\0');
    while (heard < much) {
        EXPECT_GE(much, stream.bytes_written());
        if (heard < much / 2) {
            EXPECT_FALSE(stream.ended());
        }
        const std::size_t count = stream.read(bytes.data(), bytes.size(), patience(60s));
        if (count == 0 || !is_from({bytes.data(), count}, heard)) break;
        heard += count;
    }
    writer.join();
    EXPECT_EQ(heard, much);
    EXPECT_EQ(stream.bytes_written(), much);
}

TEST(Duplex, ReadsWhileAnotherThreadWritesInClear) {
    for (const bool in_turn : {false, true}) {
        std::size_t heard = 0;
        Peer peer([&](int connection) {
            std::string into(piece, '\0');
            heard = talk({[&](const std::string& bytes) { test::say(connection, bytes); },
                          [&] {
                              const ssize_t count = ::recv(connection, into.data(), into.size(), 0);
                              return into.substr(0, count > 0 ? static_cast<std::size_t>(count) : 0);
                          }},
                         in_turn);
        });
        const auto stream = peer.connect();
        expect_both_ways(*stream);
        peer.finish();
        EXPECT_EQ(heard, much);
    }
}

TEST(Duplex, ReadsWhileAnotherThreadWritesUnderTls) {
    const inbox::Authority authority;
    const Trust trust(authority.certificate_pem(), TlsVersion::tls1_2);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const bool in_turn : {false, true}) {
            std::size_t heard = 0;
            Peer peer([&](int connection) {
                test::TlsAccept tls(connection, authority.issue({"mail.example.test"}), version, version);
                if (!tls.accept()) return;
                heard =
                    talk({[&](const std::string& bytes) { tls.write(bytes); }, [&] { return tls.read(); }},
                         in_turn);
            });
            const auto stream = peer.connect();
            stream->start_tls(trust, "mail.example.test", patience());
            expect_both_ways(*stream);
            peer.finish();
            EXPECT_EQ(heard, much);
            EXPECT_EQ(ERR_peek_error(), 0U);
        }
    }
}

}  // namespace
