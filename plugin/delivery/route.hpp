/// Where a message goes and on what terms: what delivery needs of an account's settings.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/connect.hpp"
#include "net/trust.hpp"
#include "outcome/address_mask.hpp"
#include "sasl/mechanism.hpp"
#include "smtp/session.hpp"
#include "wfc/host.hpp"

namespace mailsend::delivery {

/// Milliseconds each stage may take. What is said once the result stands (QUIT, RSET) never gets more than a
/// second.
struct StageTimeouts {
    std::uint64_t connect = 10'000;
    std::uint64_t greeting = 30'000;
    std::uint64_t command = 60'000;
    std::uint64_t data = 600'000;

    std::uint64_t of(Stage stage) const noexcept;
};

/// One submission server and one identity on it. Immutable while a delivery runs.
struct Route {
    net::Endpoint endpoint;
    /// An HTTP proxy that lets through to `endpoint`, whose name it then resolves.
    std::optional<net::Endpoint> proxy{};
    std::string provider{};  ///< id of the preset whose server it is; empty when unknown
    smtp::Protection protection = smtp::Protection::starttls;
    std::optional<sasl::Credentials> credentials;
    std::string mechanism;
    /// After the server refused the access token in `credentials`: others, asked for at most once a delivery.
    /// Nothing where there are none to be had. Throws Failure at Stage::token. May be empty.
    std::function<std::optional<sasl::Credentials>(const net::Patience&)> renew{};
    /// Told of every failure to sign in with an access token, to add to the facts what the token itself tells
    /// about it. May be empty.
    std::function<void(Facts&, const wfc::SecretString& token)> examine{};
    bool allow_cleartext_auth = false;
    std::string ehlo_name;  ///< empty: this machine's name, else the address literal of the connection
    StageTimeouts timeouts;
    bool pipelining = true;  ///< RFC 2920, where it is offered
    bool chunking = true;    ///< RFC 3030, where it is offered
    /// Tells the client certificates that may be shown apart; null: none is. Never followed.
    const void* certificate = nullptr;
    /// Built at the first handshake and shared afterwards.
    std::function<std::shared_ptr<const net::Trust>()> trust;
    wfc::Clock clock;
    wfc::Egress egress;
    wfc::Log log;
    /// Takes third parties' addresses out of the log; null: all are shown.
    std::shared_ptr<const AddressMask> hidden_addresses{};
    /// Told on the calling thread when a new stage begins; may be empty.
    std::function<void(Stage)> entered;
    /// Connects to the addresses of the server, or of the proxy; empty: net::connect does, as for every
    /// message. Throws as that.
    std::function<std::unique_ptr<net::Stream>(const net::Endpoint&, const std::vector<std::string>&,
                                               const net::Patience&)>
        dial{};
};

}  // namespace mailsend::delivery
