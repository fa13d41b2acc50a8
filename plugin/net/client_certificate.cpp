#include "net/client_certificate.hpp"

#include <memory>
#include <new>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <optional>
#include <string>
#include <vector>

#include "outcome/failure.hpp"

namespace mailsend::net {
namespace {

constexpr std::size_t largest = 1U << 20U;
constexpr std::size_t most_certificates = 16;

struct FreeX509 {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using Certificate = std::unique_ptr<X509, FreeX509>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Bio = std::unique_ptr<BIO, FreeBio>;

/// OpenSSL would ask on the terminal for the password of an encrypted block.
int no_password(char* /*into*/, int /*size*/, int /*writing*/, void* /*context*/) noexcept {
    return -1;
}

[[noreturn]] void refuse(const std::string& why) {
    ERR_clear_error();
    throw Failure(Stage::settings, "tls.client_certificate", why).at("/tls/client_certificate");
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
            "key.pem -out plain.pem\" and store the certificate with the plain key");
    }
    Key key(PEM_read_bio_PrivateKey(reader(block.text).get(), nullptr, no_password, nullptr));
    if (key == nullptr) refuse("holds a private key that cannot be read");
    return key;
}

struct Contents {
    std::vector<Certificate> certificates;
    Key key;
};

Contents read(std::string_view pem) {
    Contents contents;
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
    const bool certificates = !contents.certificates.empty();
    if (!certificates && contents.key == nullptr) {
        refuse("is not PEM text: it must hold a certificate (\"-----BEGIN CERTIFICATE-----\") and its key");
    }
    if (!certificates) refuse("holds a private key but no certificate (\"-----BEGIN CERTIFICATE-----\")");
    if (contents.key == nullptr) {
        refuse(
            "holds no private key (\"-----BEGIN PRIVATE KEY-----\"): store certificate and key in one text");
    }
    return contents;
}

/// The one of `certificates` that issued `issued`; null when there is none but itself or one that issued
/// itself. Two that issued each other are no reason to go on for ever: the caller counts.
X509* issuer_of(X509* issued, const std::vector<Certificate>& certificates) {
    const auto issued_itself = [](X509* one) { return X509_self_signed(one, 0) == 1; };
    if (issued_itself(issued)) return nullptr;
    for (const Certificate& one : certificates) {
        if (!issued_itself(one.get()) && X509_check_issued(one.get(), issued) == X509_V_OK) return one.get();
    }
    return nullptr;
}

}  // namespace

void show_certificate(SSL_CTX* context, std::string_view pem) {
    ERR_clear_error();
    if (pem.size() > largest) refuse("is larger than 1 MiB");
    const Contents contents = read(pem);
    X509* own = nullptr;
    for (const Certificate& one : contents.certificates) {
        if (own == nullptr && X509_check_private_key(one.get(), contents.key.get()) == 1) own = one.get();
    }
    if (own == nullptr) refuse("holds a private key that does not belong to its certificate");
    // Refused by the system's policy, when it is: a key that is too short.
    if (SSL_CTX_use_certificate(context, own) != 1 ||
        SSL_CTX_use_PrivateKey(context, contents.key.get()) != 1) {
        refuse("holds a certificate or key that this system does not accept (too weak?)");
    }
    // Nor from the authorities that servers are checked against, which is what OpenSSL would do.
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
    X509* last = own;
    for (std::size_t i = 1; i < contents.certificates.size() && last != nullptr; ++i) {
        last = issuer_of(last, contents.certificates);
        if (last != nullptr && SSL_CTX_add1_chain_cert(context, last) != 1) {
            refuse("holds a chain that this system does not accept");
        }
    }
    ERR_clear_error();
}

}  // namespace mailsend::net
