#include "operations/account_trust.hpp"

#include "crypto/digest.hpp"
#include "operations/account_secret.hpp"
#include "outcome/failure.hpp"

namespace mailsend {
namespace {

constexpr std::size_t max_ca_file = 4u << 20;
constexpr const char* certificate_pointer = "/tls/client_certificate";

std::string read_ca_file(const wfc::Files& files, const std::string& path) {
    std::string pem;
    try {
        wfc::Source source = files.open(path);
        char chunk[16 * 1024];
        while (const std::size_t count = source.read(chunk, sizeof chunk)) {
            pem.append(chunk, count);
            if (pem.size() > max_ca_file) throw UnusableCaFile("is larger than 4 MiB");
        }
    } catch (const wfc::ServiceFailed& failed) {
        const bool missing = failed.status() == WFC_NOT_FOUND;
        throw UnusableCaFile(
            "\"" + path + "\" " +
            (missing ? "was not found" : "may not be opened here: " + std::string(failed.what())));
    } catch (const wfc::StreamFailed& failed) {
        throw UnusableCaFile(std::string("cannot be read: ") + failed.what());
    }
    // An empty text would mean the system's authorities.
    if (pem.empty()) throw UnusableCaFile("cannot be used: the CA file holds no certificate in PEM form");
    return pem;
}

net::TrustTerms terms_of(const TlsSettings& settings, const std::string& ca_pem) {
    return {.ca_pem = ca_pem,
            .minimum = settings.minimum_1_3 ? net::TlsVersion::tls1_3 : net::TlsVersion::tls1_2,
            .pin_sha256 = settings.pin_sha256};
}

}  // namespace

AccountTrust::AccountTrust(const TlsSettings& settings, const wfc::Host& host)
    : settings_(settings), host_(host) {
    if (settings_.ca_file.empty()) return;
    ca_pem_ = read_ca_file(host_.files(), settings_.ca_file);
    try {
        trust_ = std::make_shared<net::Trust>(terms_of(settings_, ca_pem_));
    } catch (const Failure& failure) {
        throw UnusableCaFile(std::string("cannot be used: ") + failure.what());
    }
}

/// Loading the system's authorities takes 20-40 ms on some machines, so that it happens outside the lock; two
/// first calls at once may both load them, and one result is kept.
std::shared_ptr<const net::Trust> AccountTrust::current() const {
    if (settings_.client_certificate) return with_certificate();
    {
        const std::lock_guard lock(mutex_);
        if (trust_) return trust_;
    }
    auto built = std::make_shared<const net::Trust>(terms_of(settings_, ca_pem_));
    const std::lock_guard lock(mutex_);
    if (!trust_) trust_ = std::move(built);
    return trust_;
}

std::shared_ptr<const net::Trust> AccountTrust::for_web() const {
    {
        const std::lock_guard lock(mutex_);
        if (web_trust_) return web_trust_;
    }
    net::TrustTerms terms = terms_of(settings_, ca_pem_);
    terms.pin_sha256 = {};
    terms.system_too = true;
    auto built = std::make_shared<const net::Trust>(terms);
    const std::lock_guard lock(mutex_);
    if (!web_trust_) web_trust_ = std::move(built);
    return web_trust_;
}

/// What is there already for a fetch with this result: the same certificate, or one that was fetched later.
std::shared_ptr<const net::Trust> AccountTrust::kept(std::uint64_t fetch, const std::string& hash) const {
    if (newest_ > fetch) return trust_;
    if (shown_ != hash) return nullptr;
    newest_ = fetch;
    return trust_;
}

std::shared_ptr<const net::Trust> AccountTrust::with_certificate() const {
    std::uint64_t fetch = 0;
    {
        const std::lock_guard lock(mutex_);
        fetch = ++fetches_;
    }
    const wfc::SecretString pem =
        secret_value(host_.secrets(), *settings_.client_certificate, certificate_pointer);
    const std::string hash = crypto::sha256_hex(pem.reveal());
    const auto refuse = [&](const std::string& why) {
        throw wfc::Problem(WFC_INVALID_SETTINGS, certificate_pointer,
                           std::string(certificate_pointer) + ": the secret \"" +
                               settings_.client_certificate->name + "\" " + why);
    };
    if (pem.empty()) refuse("is empty");
    {
        const std::lock_guard lock(mutex_);
        if (auto there = kept(fetch, hash)) return there;
    }
    std::shared_ptr<const net::Trust> built;
    try {
        net::TrustTerms terms = terms_of(settings_, ca_pem_);
        terms.client_pem = pem.reveal();
        built = std::make_shared<const net::Trust>(terms);
    } catch (const Failure& failure) {
        refuse(failure.what());
    }
    const std::lock_guard lock(mutex_);
    if (auto there = kept(fetch, hash)) return there;
    trust_ = std::move(built);
    shown_ = hash;
    newest_ = fetch;
    return trust_;
}

}  // namespace mailsend
