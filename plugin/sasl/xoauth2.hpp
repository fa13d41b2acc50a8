/// XOAUTH2, the mechanism of Google and Microsoft: user name and access token. It has no RFC.
#pragma once

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

std::unique_ptr<Mechanism> xoauth2(const Credentials& credentials);

}  // namespace mailsend::sasl
