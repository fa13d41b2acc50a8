#include "crypto/pem.hpp"

#include <new>
#include <openssl/pem.h>
#include <optional>
#include <stdexcept>
#include <string>

namespace mailsend::crypto {
namespace {

constexpr std::size_t largest = 1U << 20U;
constexpr std::size_t most_certificates = 16;

struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

[[noreturn]] void refuse(const char* why) {
    throw std::invalid_argument(why);
}

/// One "-----BEGIN label-----" to its end, both lines included.
struct Block {
    std::string_view label;
    std::string_view text;
};

/// Takes the next block off `rest`. OpenSSL could look for the certificates itself, but would decode the key
/// on its way past it and not wipe it.
std::optional<Block> next_block(std::string_view& rest) {
    constexpr std::string_view begin = "-----BEGIN ";
    constexpr std::string_view dashes = "-----";
    const std::size_t start = rest.find(begin);
    if (start == rest.npos) return std::nullopt;
    rest.remove_prefix(start);
    const std::size_t label_end = rest.find(dashes, begin.size());
    if (label_end == rest.npos) refuse("holds a PEM block that does not begin properly");
    const std::string_view label = rest.substr(begin.size(), label_end - begin.size());
    const std::string end = "-----END " + std::string(label) + "-----";
    const std::size_t last = rest.find(end);
    if (last == rest.npos) refuse("holds a PEM block that does not end: was it cut off?");
    const Block block{label, rest.substr(0, last + end.size())};
    rest.remove_prefix(block.text.size());
    return block;
}

/// A block that went through a form, a variable or a JSON text by hand is often one line.
void need_line_breaks(std::string_view block) {
    if (block.find("\\n") != block.npos) {
        refuse(
            "holds the two characters \"\\n\" where lines should end: store the text with real line breaks");
    }
    if (block.find('\n') == block.npos) {
        refuse("has lost its line breaks: store the text as it stands in the file, line by line");
    }
}

Bio reader(std::string_view text) {
    Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (bio == nullptr) throw std::bad_alloc();
    return bio;
}

Key read_key(const Block& block) {
    if (block.label.starts_with("ENCRYPTED ") ||
        block.text.find("Proc-Type: 4,ENCRYPTED") != block.text.npos) {
        refuse(
            "holds a key that is encrypted, which cannot be used here: decrypt it with \"openssl pkey -in "
            "key.pem -out plain.pem\" and store the plain key in its place");
    }
    Key key(PEM_read_bio_PrivateKey(reader(block.text).get(), nullptr, no_password, nullptr));
    if (key == nullptr) refuse("holds a private key that cannot be read");
    return key;
}

}  // namespace

int no_password(char* /*into*/, int /*size*/, int /*writing*/, void* /*context*/) noexcept {
    return -1;
}

PemContents read_pem(std::string_view pem) {
    if (pem.size() > largest) refuse("is larger than 1 MiB");
    PemContents contents;
    while (const auto block = next_block(pem)) {
        const bool is_key = block->label.ends_with("PRIVATE KEY");
        if (is_key || block->label == "CERTIFICATE") need_line_breaks(block->text);
        if (block->label == "CERTIFICATE") {
            if (contents.certificates.size() == most_certificates) refuse("holds more than 16 certificates");
            Certificate one(PEM_read_bio_X509(reader(block->text).get(), nullptr, no_password, nullptr));
            if (one == nullptr) refuse("holds a certificate that cannot be read");
            contents.certificates.push_back(std::move(one));
        } else if (is_key) {
            if (contents.key != nullptr) refuse("holds more than one private key");
            contents.key = read_key(*block);
        }
    }
    return contents;
}

Identity read_identity(std::string_view pem) {
    Identity identity{read_pem(pem)};
    const auto& [certificates, key] = identity.contents;
    if (certificates.empty() && key == nullptr) {
        refuse("is not PEM text: it must hold a certificate (\"-----BEGIN CERTIFICATE-----\") and its key");
    }
    if (certificates.empty()) {
        refuse("holds a private key but no certificate (\"-----BEGIN CERTIFICATE-----\")");
    }
    if (key == nullptr) {
        refuse(
            "holds no private key (\"-----BEGIN PRIVATE KEY-----\"): store certificate and key in one text");
    }
    for (const Certificate& one : certificates) {
        if (X509_check_private_key(one.get(), key.get()) != 1) continue;
        identity.own = one.get();
        return identity;
    }
    refuse("holds a private key that does not belong to its certificate");
}

}  // namespace mailsend::crypto
