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

/// What each side sends, over and over; a prime, so that no piece begins as the one before.
constexpr std::size_t period = 65521;

std::string_view bytes_from(std::size_t at, std::size_t size) {
    static const std::string pattern = [] {
        std::string bytes(period + piece, '\0');
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] = static_cast<char>(((i % period) * 31 + (i % period) / 251) & 0xff);
        }
        return bytes;
    }();
    return std::string_view(pattern).substr(at % period, size);
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
        side.write(std::string(bytes_from(said, piece)));
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
