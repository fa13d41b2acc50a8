#include "operations/account.hpp"

#include "outcome/failure.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

constexpr std::size_t max_ca_file = 4u << 20;

net::TlsVersion minimum(const TlsSettings& tls) noexcept {
    return tls.minimum_1_3 ? net::TlsVersion::tls1_3 : net::TlsVersion::tls1_2;
}

[[noreturn]] void refuse_ca_file(const std::string& why) {
    throw wfc::Problem(WFC_INVALID_SETTINGS, "/tls/ca_file", "/tls/ca_file " + why);
}

std::string read_ca_file(const wfc::Files& files, const std::string& path) {
    std::string pem;
    try {
        wfc::Source source = files.open(path);
        char chunk[16 * 1024];
        while (const std::size_t count = source.read(chunk, sizeof chunk)) {
            pem.append(chunk, count);
            if (pem.size() > max_ca_file) refuse_ca_file("is larger than 4 MiB");
        }
    } catch (const wfc::ServiceFailed& failed) {
        const bool missing = failed.status() == WFC_NOT_FOUND;
        refuse_ca_file("\"" + path + "\" " +
                       (missing ? "was not found" : "may not be opened here: " + std::string(failed.what())));
    } catch (const wfc::StreamFailed& failed) {
        refuse_ca_file(std::string("cannot be read: ") + failed.what());
    }
    return pem;
}

smtp::Protection protection(const ServerSettings& server) noexcept {
    switch (server.effective_security()) {
        case Security::implicit_tls:
            return smtp::Protection::implicit_tls;
        case Security::none:
            return smtp::Protection::none;
        default:
            return smtp::Protection::starttls;
    }
}

std::uint64_t milliseconds(std::chrono::milliseconds duration) noexcept {
    return static_cast<std::uint64_t>(duration.count());
}

sasl::Credentials credentials_of(const PasswordAuth& auth, const wfc::Secrets& secrets) {
    try {
        wfc::SecretString password = secrets.get(auth.password.name);
        if (password.reveal().find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
            throw wfc::Problem(WFC_INVALID_SETTINGS, "/auth/password",
                               "the secret \"" + auth.password.name +
                                   "\" holds a line break or NUL; was it stored with one?");
        }
        return {auth.username, std::move(password)};
    } catch (const wfc::ServiceFailed& failed) {
        if (failed.status() == WFC_NOT_FOUND || failed.status() == WFC_UNSUPPORTED) {
            throw MissingSecret("/auth/password", failed.what());
        }
        throw Failure(Stage::host, "host.secrets",
                      "the host's secret store did not give \"" + auth.password.name + "\": " + failed.what())
            .with("secret", auth.password.name);
    }
}

}  // namespace

Account::Account(Settings settings, const wfc::Host& host) : settings_(std::move(settings)), host_(host) {
    if (settings_.tls.ca_file.empty()) return;
    const std::string pem = read_ca_file(host_.files(), settings_.tls.ca_file);
    try {
        trust_ = std::make_shared<net::Trust>(pem, minimum(settings_.tls));
    } catch (const Failure& failure) {
        refuse_ca_file(std::string("cannot be used: ") + failure.what());
    }
}

std::shared_ptr<const net::Trust> Account::trust() const {
    const std::lock_guard lock(trust_mutex_);
    if (!trust_) trust_ = std::make_shared<net::Trust>("", minimum(settings_.tls));
    return trust_;
}

delivery::Route Account::route() const {
    delivery::Route route;
    route.endpoint = {settings_.server.host, settings_.server.port, settings_.network.name_servers};
    route.protection = protection(settings_.server);
    if (settings_.auth) {
        route.credentials = credentials_of(*settings_.auth, host_.secrets());
        route.mechanism = settings_.auth->mechanism;
        route.allow_cleartext_auth = settings_.auth->allow_cleartext;
    }
    route.ehlo_name = settings_.network.ehlo_name;
    route.timeouts = {milliseconds(settings_.timeouts.connect), milliseconds(settings_.timeouts.greeting),
                      milliseconds(settings_.timeouts.command), milliseconds(settings_.timeouts.data)};
    route.trust = [this] { return trust(); };
    route.clock = host_.clock();
    route.egress = host_.egress();
    route.log = host_.log();
    return route;
}

}  // namespace mailsend
