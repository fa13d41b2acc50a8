/// An application as an authorization server knows it (RFC 6749 section 2).
#pragma once

#include <optional>
#include <string>

#include "wfc/secret.hpp"

namespace mailsend::oauth {

enum class Provider { google, microsoft, custom };

/// Absolute URLs; empty where the server has none.
struct Endpoints {
    std::string authorize;
    std::string token;
    std::string device;
    std::string revoke;
    std::string issuer;  ///< what `iss` of a redirect is compared with, where the server sends one (RFC 9207)
};

/// Made for the length of one call, since it holds secrets.
struct Client {
    Provider provider = Provider::custom;
    std::string id;
    /// How it proves itself: one of the two, or neither (a public client).
    std::optional<wfc::SecretString> secret;
    std::optional<wfc::SecretString> certificate;  ///< one PEM with certificate and key
    Endpoints endpoints;
};

}  // namespace mailsend::oauth
