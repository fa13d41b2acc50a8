#include "operations/account.hpp"

#include "operations/account_identity.hpp"
#include "operations/account_limits.hpp"
#include "operations/password_shape.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

std::uint64_t milliseconds(std::chrono::milliseconds duration) noexcept {
    return static_cast<std::uint64_t>(duration.count());
}

/// Connections at once, where neither provider nor settings name a limit.
constexpr unsigned usual_connections = 4;

delivery::PoolTerms terms_of(const Settings& settings) {
    const DeliverySettings& own = settings.delivery;
    return {.connections = limits_of(settings).connections.value_or(usual_connections),
            .messages_per_connection = own.messages_per_connection,
            .idle_timeout_ms = milliseconds(own.idle_timeout),
            .in_flight = own.in_flight};
}

sasl::Credentials credentials_of(const PasswordAuth& auth, const Provider* provider,
                                 const wfc::Secrets& secrets) {
    wfc::SecretString password = secret_value(secrets, auth.password, "/auth/password");
    const auto refuse = [&](const char* why) {
        throw wfc::Problem(WFC_INVALID_SETTINGS, "/auth/password",
                           "the secret \"" + auth.password.name + "\" " + why);
    };
    switch (shape_of(password.reveal())) {
        case PasswordShape::empty:
            refuse("is empty; store the password in it");
            break;
        case PasswordShape::broken:
            refuse("holds a line break or NUL; was it stored with one?");
            break;
        case PasswordShape::app_password:
            if (provider != nullptr && provider->spaces_in_app_password)
                password = without_blanks(password.reveal());
            break;
        default:
            break;
    }
    return {.username = auth.username, .password = std::move(password)};
}

}  // namespace

smtp::Protection protection_of(const ServerSettings& server) noexcept {
    switch (server.effective_security()) {
        case Security::implicit_tls:
            return smtp::Protection::implicit_tls;
        case Security::none:
            return smtp::Protection::none;
        default:
            return smtp::Protection::starttls;
    }
}

Account::Account(Settings settings, const wfc::Host& host)
    : settings_(std::move(settings)),
      host_(host),
      trust_(settings_.tls, host_),
      governor_(
          governor::Governor::of(governor::governor_account(settings_.server.host, user_name_of(settings_)),
                                 limits_of(settings_), host_)),
      pool_(std::make_unique<delivery::Pool>(terms_of(settings_))) {
    if (settings_.privacy.hide_addresses)
        hidden_addresses_ = std::make_shared<const AddressMask>(own_addresses(settings_));
    if (settings_.oauth) oauth_ = std::make_unique<AccountOAuth>(settings_, host_, trust_);
    governor_->spares().add(pool_.get(), [this] { pool_->close(); });
}

Account::~Account() {
    governor_->spares().forget(pool_.get());
}

delivery::Route Account::way() const {
    const NetworkSettings& network = settings_.network;
    delivery::Route route;
    route.endpoint = {settings_.server.host, settings_.server.port, network.name_servers,
                      network.source_address};
    if (network.proxy) {
        route.proxy = {network.proxy->host, network.proxy->port, network.name_servers,
                       network.source_address};
    }
    const Provider* const provider = provider_of(settings_.server);
    if (provider != nullptr) route.provider = provider->id;
    route.protection = protection_of(settings_.server);
    route.ehlo_name = network.ehlo_name;
    route.pipelining = settings_.delivery.pipelining;
    route.chunking = settings_.delivery.chunking;
    route.timeouts = {milliseconds(settings_.timeouts.connect), milliseconds(settings_.timeouts.greeting),
                      milliseconds(settings_.timeouts.command), milliseconds(settings_.timeouts.data)};
    if (settings_.tls.client_certificate && route.protection != smtp::Protection::none) {
        // Now, so that a certificate at fault is refused before anything is connected to.
        route.trust = [trust = trust_.current()] { return trust; };
        route.certificate = route.trust().get();
    } else {
        route.trust = [this] { return trust_.current(); };
    }
    route.clock = host_.clock();
    route.egress = host_.egress();
    route.log = host_.log();
    route.hidden_addresses = hidden_addresses_;
    return route;
}

delivery::Route Account::route(const net::Patience& patience, oauth::Asking asking) const {
    delivery::Route route = way();
    if (settings_.auth) {
        route.credentials = credentials_of(*settings_.auth, provider_of(settings_.server), host_.secrets());
        route.mechanism = settings_.auth->mechanism;
        route.allow_cleartext_auth = settings_.auth->allow_cleartext;
    }
    if (oauth_) {
        route.credentials = oauth_->credentials(patience, asking);
        // Borrowed from a route that is not moved while it delivers would be fragile: the refused token is
        // kept.
        route.renew = [this, asking,
                       refused = std::make_shared<wfc::SecretString>(route.credentials->password.copy())](
                          const net::Patience& left) { return oauth_->renewed(*refused, left, asking); };
        route.examine = [this](Facts& facts, const wfc::SecretString& token) {
            oauth_->examine(facts, token);
        };
        route.allow_cleartext_auth = settings_.oauth->allow_cleartext;
    }
    return route;
}

void Account::check_client_certificate() const {
    if (settings_.tls.client_certificate) trust_.current();
}

}  // namespace mailsend
