#include "crypto/digest.hpp"

#include <gtest/gtest.h>

namespace mailsend::crypto {
namespace {

TEST(Digest, MatchesTheVectorsOfFips180) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, HashesNulBytesToo) {
    EXPECT_NE(sha256_hex(std::string("a\0b", 3)), sha256_hex("a"));
}

TEST(Digest, GivesTheBytesThatTheHexadecimalFormShows) {
    EXPECT_EQ(sha256("abc")[0], 0xba);
    EXPECT_EQ(sha256("abc")[31], 0xad);
}

TEST(Digest, IsTheSameOfBytesThatComeInPieces) {
    Sha256 pieces;
    EXPECT_EQ(pieces.hex(), sha256_hex(""));
    pieces.update("a");
    EXPECT_EQ(pieces.hex(), sha256_hex("a")) << "looking at it ends nothing";
    pieces.update({});
    Sha256 moved = std::move(pieces);
    moved.update("bc");
    EXPECT_EQ(moved.hex(), sha256_hex("abc"));
}

}  // namespace
}  // namespace mailsend::crypto
