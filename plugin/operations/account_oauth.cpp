#include "operations/account_oauth.hpp"

#include "crypto/digest.hpp"
#include "oauth/token_doctor.hpp"
#include "oauth/token_endpoint.hpp"
#include "operations/account_secret.hpp"
#include "operations/oauth_presets.hpp"
#include "operations/way_to_token.hpp"

namespace mailsend {
namespace {

constexpr std::size_t key_digits = 32;

/// Pointers of the members whose change may end a sign-in.
constexpr const char* client_id_pointer = "/auth/client_id";
constexpr const char* client_secret_pointer = "/auth/client_secret";
constexpr const char* certificate_pointer = "/auth/certificate";
constexpr const char* refresh_token_pointer = "/auth/refresh_token";
constexpr const char* access_token_pointer = "/auth/access_token";
constexpr const char* private_key_pointer = "/auth/private_key";

/// How old the consent was when the server refused what rests on it; nobody knows it of a supplied token.
void add_consent_age(Facts& facts, const oauth::TokenRecord& record, std::int64_t now_unix_s) {
    constexpr std::int64_t day_s = 86'400;
    if (record.issued_at <= 0 || record.issued_at > now_unix_s) return;
    facts.details.emplace("consent_age_days", std::to_string((now_unix_s - record.issued_at) / day_s));
}

std::string key_of(const OAuthAuth& auth, const oauth::Endpoints& endpoints, const oauth::Scopes& scopes) {
    // Whoever shares a stored token renews it in turn, whatever else the settings say.
    std::string parts;
    if (auth.tokens) {
        parts = "tokens\n" + auth.tokens->name;
    } else if (auth.refresh_token) {
        parts = "refresh_token\n" + auth.refresh_token->name;
    } else {
        parts = auth.client_id + "\n" + endpoints.token + "\n" + auth.grant + "\n" + auth.username + "\n" +
                auth.service_client + "\n" + oauth::joined(scopes);
        for (const auto* secret : {&auth.access_token, &auth.private_key})
            parts += "\n" + (*secret ? (*secret)->name : "");
    }
    return crypto::sha256_hex(parts).substr(0, key_digits);
}

wfc::SecretString service_key_of(const wfc::SecretString& stored) try {
    return oauth::service_key(stored);
} catch (const std::invalid_argument& fault) {
    throw Failure(Stage::token, "token.client",
                  std::string("the private key of the service account ") + fault.what())
        .at(private_key_pointer);
}

}  // namespace

AccountOAuth::AccountOAuth(const Settings& settings, const wfc::Host& host, const AccountTrust& trust)
    : settings_(settings),
      auth_(*settings.oauth),
      host_(host),
      trust_(trust),
      endpoints_(oauth_endpoints(auth_)),
      scopes_(oauth_scopes(auth_)),
      key_(key_of(auth_, endpoints_, scopes_)),
      keeper_(std::make_unique<oauth::TokenKeeper>(keeper_terms(), host_)),
      last_good_send_(std::make_unique<LastGoodSend>(key_, host_)) {}

bool AccountOAuth::person_signs_in() const noexcept {
    return auth_.grant == "authorization-code" || auth_.grant == "device-code";
}

oauth::KeeperTerms AccountOAuth::keeper_terms() const {
    oauth::KeeperTerms terms;
    terms.account = key_;
    if (auth_.tokens) terms.tokens = auth_.tokens->name;
    if (auth_.refresh_token) terms.refresh_token = auth_.refresh_token->name;
    if (auth_.refresh_token || auth_.access_token) terms.supplied = [this] { return supplied(); };
    if (auth_.grant != "access-token") {
        terms.renew = [this](const oauth::TokenRecord& record, const net::Patience& patience) {
            return renew(record, patience);
        };
    }
    terms.needs_refresh_token = auth_.grant != "client-credentials" && auth_.grant != "service-account";
    if (auth_.grant == "refresh-token") terms.pointer = refresh_token_pointer;
    if (auth_.grant == "access-token") terms.pointer = access_token_pointer;
    return terms;
}

oauth::Client AccountOAuth::bare_client() const {
    oauth::Client client;
    client.provider = oauth_provider(auth_);
    client.id = auth_.client_id;
    client.endpoints = endpoints_;
    return client;
}

oauth::Client AccountOAuth::client() const {
    oauth::Client client = bare_client();
    if (auth_.client_secret)
        client.secret = secret_value(host_.secrets(), *auth_.client_secret, client_secret_pointer);
    if (auth_.certificate)
        client.certificate = secret_value(host_.secrets(), *auth_.certificate, certificate_pointer);
    return client;
}

net::HttpTerms AccountOAuth::web() const {
    const NetworkSettings& network = settings_.network;
    net::HttpTerms terms;
    terms.name_servers = network.name_servers;
    terms.source_address = network.source_address;
    if (network.proxy) {
        terms.proxy = net::Endpoint{network.proxy->host, network.proxy->port, network.name_servers,
                                    network.source_address};
    }
    terms.trust = [this] { return trust_.for_web(); };
    terms.egress = host_.egress();
    terms.connect_ms = static_cast<std::uint64_t>(settings_.timeouts.connect.count());
    return terms;
}

std::optional<oauth::SuppliedTokens> AccountOAuth::supplied() const {
    oauth::SuppliedTokens tokens;
    if (auth_.refresh_token)
        tokens.refresh_token = secret_value(host_.secrets(), *auth_.refresh_token, refresh_token_pointer);
    if (auth_.access_token)
        tokens.access_token = secret_value(host_.secrets(), *auth_.access_token, access_token_pointer);
    tokens.access_expires_at = auth_.expires_at.value_or(0);
    return tokens;
}

oauth::TokenAnswer AccountOAuth::renew(const oauth::TokenRecord& record, const net::Patience& patience) const
    try {
    const oauth::Client application = client();
    const std::int64_t now = now_unix_ms();
    oauth::Form form;
    if (auth_.grant == "client-credentials") {
        form = oauth::client_credentials_form(scopes_);
    } else if (auth_.grant == "service-account") {
        const wfc::SecretString stored =
            secret_value(host_.secrets(), *auth_.private_key, private_key_pointer);
        form = oauth::service_account_form(auth_.service_client, auth_.username, scopes_, endpoints_.token,
                                           service_key_of(stored).reveal(), now);
    } else {
        // Microsoft's refresh tokens are for every resource, and the scope says which one; elsewhere a list
        // that is longer than what was granted would be refused, and none means the same as before.
        const bool names_scopes = application.provider == oauth::Provider::microsoft;
        form = oauth::refresh_form(record.refresh_token, names_scopes ? scopes_ : oauth::Scopes{});
    }
    return oauth::ask_token(web(), application, std::move(form), now, patience);
} catch (const MissingSecret& missing) {
    // As a refusal would be: an access token that is still good is used, and what the mail server said stays.
    throw Failure(Stage::token, "token.client", missing.what())
        .at(missing.pointer())
        .with("missing", missing.pointer());
} catch (Failure& failure) {
    add_consent_age(failure.facts(), record, now_unix_ms() / 1000);
    throw;
}

sasl::Credentials AccountOAuth::with(wfc::SecretString token) const {
    return {.username = auth_.username,
            .password = std::move(token),
            .proof = sasl::Proof::access_token,
            .host = settings_.server.host,
            .port = settings_.server.port};
}

sasl::Credentials AccountOAuth::credentials(const net::Patience& patience, oauth::Asking asking) const try {
    return with(keeper_->access_token(patience, asking));
} catch (Failure& failure) {
    describe(failure.facts());
    throw;
}

std::optional<sasl::Credentials> AccountOAuth::renewed(const wfc::SecretString& refused,
                                                       const net::Patience& patience,
                                                       oauth::Asking asking) const try {
    std::optional<wfc::SecretString> token = keeper_->replaced(refused, patience, asking);
    if (!token) return std::nullopt;
    return with(std::move(*token));
} catch (Failure& failure) {
    describe(failure.facts());
    throw;
}

void AccountOAuth::describe(Facts& facts) const {
    facts = told_of_token_server(std::move(facts));
    add_details(facts);
}

void AccountOAuth::add_details(Facts& facts) const {
    // At the token endpoint it is about whoever consented; at the mail server about the mailbox.
    const bool consenting = facts.stage == Stage::token && !auth_.sign_in_as.empty();
    facts.details.emplace("user", consenting ? auth_.sign_in_as : auth_.username);
    if (!auth_.tenant.empty()) facts.details.emplace("tenant", auth_.tenant);
    if (!auth_.publishing.empty()) facts.details.emplace("publishing", auth_.publishing);
    if (!auth_.redirect_uri.empty()) facts.details.emplace("redirect_uri", auth_.redirect_uri);
    if (facts.provider.empty() && facts.stage == Stage::token)
        facts.provider = auth_.provider == "google"      ? "gmail"
                         : auth_.provider == "microsoft" ? "microsoft365"
                                                         : "";
    if (!facts.cause) return;
    Facts cause = *facts.cause;
    add_details(cause);
    facts.cause = std::make_shared<const Facts>(std::move(cause));
}

void AccountOAuth::examine(Facts& facts, const wfc::SecretString& token) const {
    const bool refused = facts.reply && !facts.reply->transient_negative();
    if (facts.stage != Stage::auth || !refused) return;
    const oauth::TokenNeeds needs{.provider = oauth_provider(auth_),
                                  .application = auth_.grant == "client-credentials",
                                  .username = auth_.username,
                                  .sign_in_as = auth_.sign_in_as,
                                  .tenant = auth_.tenant,
                                  .scopes = scopes_,
                                  .now_unix_s = now_unix_ms() / 1000};
    if (const auto finding = oauth::examine(token.reveal(), needs)) {
        facts.details.emplace("token_fault", finding->fault);
        for (const auto& [name, value] : finding->details) facts.details.emplace(name, value);
    }
}

std::map<std::string, std::string> AccountOAuth::basis() const {
    std::map<std::string, std::string> basis{{client_id_pointer, auth_.client_id},
                                             {"/auth/tenant", auth_.tenant},
                                             {"/auth/publishing", auth_.publishing},
                                             {"/auth/scopes", oauth::joined(scopes_)},
                                             {"/auth/endpoints/token", endpoints_.token}};
    const auto add_secret = [&](const std::optional<SecretRef>& secret, const char* pointer) {
        if (!secret) return;
        try {
            basis[pointer] = crypto::sha256_hex(secret_value(host_.secrets(), *secret, pointer).reveal());
        } catch (const MissingSecret&) {  // it is named where it is needed
        } catch (const Failure&) {
        }
    };
    add_secret(auth_.client_secret, client_secret_pointer);
    add_secret(auth_.certificate, certificate_pointer);
    return basis;
}

std::vector<std::string> AccountOAuth::changed_since(const oauth::TokenRecord& record) const {
    std::vector<std::string> changed;
    for (const auto& [pointer, value] : basis()) {
        const auto before = record.basis.find(pointer);
        if (before != record.basis.end() && before->second != value) changed.push_back(pointer);
    }
    return changed;
}

}  // namespace mailsend
