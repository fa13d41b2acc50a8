/// Facts of a failure as JSON, to be remembered beyond the process.
///
/// Guarantees: bounded, however long the facts are; a text that is none of ours gives nothing. Leaves out
/// replies and challenges of mail servers: refusals of tokens have none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "outcome/failure.hpp"

namespace mailsend::oauth {

std::string remembered(const Facts& facts);
std::optional<Facts> recalled(std::string_view json);

}  // namespace mailsend::oauth
