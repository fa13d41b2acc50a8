/// LOGIN (draft-murchison-sasl-login), which no RFC describes and every server speaks a little differently.
#pragma once

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

/// Answers by order, whatever the prompts say: the user name first, then the password, and nothing a third
/// time. Prompts are not trusted, because servers translate them; what counts is the final 235.
std::unique_ptr<Mechanism> login(const Credentials& credentials);

}  // namespace mailsend::sasl
