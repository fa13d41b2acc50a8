/// Values of the secrets that settings refer to.
///
/// Guarantees: fetched anew at each call and kept nowhere; a sentence names the secret and never its value.
#pragma once

#include <string>
#include <utility>

#include "settings/settings.hpp"
#include "wfc/host.hpp"
#include "wfc/problem.hpp"

namespace mailsend {

/// The host has no value for a secret that the settings refer to.
class MissingSecret : public wfc::Problem {
  public:
    MissingSecret(std::string pointer, const std::string& sentence)
        : wfc::Problem(WFC_INVALID_SETTINGS, std::move(pointer), sentence) {}
};

/// `pointer` is where the settings refer to it. Throws MissingSecret, or Failure(host, "host.secrets") when
/// the host's store cannot answer.
wfc::SecretString secret_value(const wfc::Secrets& secrets, const SecretRef& secret,
                               const std::string& pointer);

}  // namespace mailsend
